import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementwiseKernel } from './elementwise.ts';

export interface SwishSettings {
  readonly beta: number;
}

/** Swish: y = x s with s = sigmoid(`beta` x); dy/dx = beta y + s (1 - beta y). Source: Caffe's `swish_layer.cpp`. */
export const swish = elementwiseKernel({
  type: 'Swish',
  fields: { swish_param: read('beta') },
  settings: ({ swish_param: { beta = 1 } = {} }): SwishSettings => ({ beta }),
  f(g, x, { beta }) {
    const scaled = (value: typeof x) => (beta === 1 ? value : ops.mul(g, value, g.scalar(beta)));
    const s = ops.sigmoid(g, scaled(x));
    const y = ops.mul(g, x, s);
    return {
      y,
      gradient(dy) {
        const betaY = scaled(y);
        return ops.mul(g, dy, ops.add(g, betaY, ops.mul(g, s, ops.sub(g, g.scalar(1), betaY))));
      },
    };
  },
});
