import { accuracy } from './accuracy.ts';
import { convolution } from './convolution.ts';
import { dequant } from './dequant.ts';
import { innerProduct } from './inner-product.ts';
import type { LayerKernel } from './layer.ts';
import { pooling } from './pooling.ts';
import { quant } from './quant.ts';
import { relu } from './relu.ts';
import { softmaxWithLoss } from './softmax-with-loss.ts';
import { softmax } from './softmax.ts';

/** Every layer type that can be computed, by Caffe's name. */
export const LAYER_KERNELS: ReadonlyMap<string, LayerKernel> = new Map(
  [accuracy, convolution, dequant, innerProduct, pooling, quant, relu, softmax, softmaxWithLoss].map((kernel) => [
    kernel.type,
    kernel,
  ]),
);
