import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementwiseKernel } from './elementwise.ts';

export interface EluSettings {
  /** -alpha is what y tends to for small x. */
  readonly alpha: number;
}

/**
 * ELU: y = x where x > 0, else `alpha` (exp(x) - 1), whose derivative is y + alpha. Source: Caffe's `elu_layer.cpp`.
 */
export const elu = elementwiseKernel({
  type: 'ELU',
  fields: { elu_param: read('alpha') },
  settings: ({ elu_param: { alpha = 1 } = {} }): EluSettings => ({ alpha }),
  f(g, x, settings) {
    const alpha = g.scalar(settings.alpha);
    const zero = g.scalar(0);
    const below = ops.mul(g, ops.sub(g, ops.exp(g, ops.min(g, x, zero)), g.scalar(1)), alpha);
    const y = ops.add(g, ops.relu(g, x), below);
    return {
      y,
      gradient: (dy) => ops.mul(g, dy, ops.where(g, ops.greater(g, x, zero), g.scalar(1), ops.add(g, y, alpha))),
    };
  },
});
