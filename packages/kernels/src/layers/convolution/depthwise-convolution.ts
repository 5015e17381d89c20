import { DEPTHWISE_TYPES } from '@caffe-quant/caffe-io';
import { convolution } from './convolution.ts';
import type { LayerKernel } from '../layer.ts';

/** The types under which forks have a Convolution whose `group` is the number of channels. */
export const depthwiseConvolutions: readonly LayerKernel[] = DEPTHWISE_TYPES.map((type) => ({ ...convolution, type }));
