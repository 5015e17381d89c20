import * as ops from '../../graph/ops.ts';
import { elementwiseKernel } from './elementwise.ts';

/**
 * BNLL (binomial normal log likelihood): y = log(1 + exp(x)), computed as max(x, 0) + log(1 + exp(-|x|)) so that it never
 * overflows; dy/dx = sigmoid(x). Source: Caffe's `bnll_layer.cpp`.
 */
export const bnll = elementwiseKernel({
  type: 'BNLL',
  fields: {},
  f(g, x) {
    const tail = ops.log(g, ops.add(g, ops.exp(g, ops.neg(g, ops.abs(g, x))), g.scalar(1)));
    return { y: ops.add(g, ops.relu(g, x), tail), gradient: (dy) => ops.mul(g, dy, ops.sigmoid(g, x)) };
  },
});
