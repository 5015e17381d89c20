import * as ops from '../../graph/ops.ts';
import { ENGINE } from '../common-fields.ts';
import { elementwiseKernel } from './elementwise.ts';

/** TanH: y = tanh(x); dy/dx = 1 - y^2. Source: Caffe's `tanh_layer.cpp`. */
export const tanh = elementwiseKernel({
  type: 'TanH',
  keepsFinite: true,
  fields: { tanh_param: { engine: ENGINE } },
  f(g, x) {
    const y = ops.tanh(g, x);
    return { y, gradient: (dy) => ops.mul(g, dy, ops.sub(g, g.scalar(1), ops.mul(g, y, y))) };
  },
});
