import * as ops from '../../graph/ops.ts';
import { ENGINE } from '../common-fields.ts';
import { elementwiseKernel } from './elementwise.ts';

/** Sigmoid: y = 1 / (1 + exp(-x)); dy/dx = y (1 - y). Source: Caffe's `sigmoid_layer.cpp`. */
export const sigmoid = elementwiseKernel({
  type: 'Sigmoid',
  keepsFinite: true,
  fields: { sigmoid_param: { engine: ENGINE } },
  f(g, x) {
    const y = ops.sigmoid(g, x);
    return { y, gradient: (dy) => ops.mul(g, dy, ops.mul(g, y, ops.sub(g, g.scalar(1), y))) };
  },
});
