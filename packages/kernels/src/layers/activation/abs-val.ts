import * as ops from '../../graph/ops.ts';
import { elementwiseKernel } from './elementwise.ts';

/** AbsVal: y = |x|; the gradient at 0 is 0. Source: Caffe's `absval_layer.cpp`. */
export const absVal = elementwiseKernel({
  type: 'AbsVal',
  showsNotFinite: true,
  keepsFinite: true,
  notInPlace: true,
  fields: {},
  f: (g, x) => ({ y: ops.abs(g, x), gradient: (dy) => ops.mul(g, dy, ops.sign(g, x)) }),
});
