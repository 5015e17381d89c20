import { convolution } from './convolution.ts';
import type { LayerKernel } from './layer.ts';

/**
 * DepthwiseConvolution: a Convolution whose `group` is the number of channels, as MobileNets of several forks name it.
 * Source: `depthwise_conv_layer.cpp` of MobileNet-YOLO (eric612).
 */
export const depthwiseConvolution: LayerKernel = { ...convolution, type: 'DepthwiseConvolution' };
