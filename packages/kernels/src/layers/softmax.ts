import * as ops from '../graph/ops.ts';
import type { Value } from '../graph/graph-builder.ts';
import { canonicalAxis, type LayerKernel } from './layer.ts';

/** Softmax along `axis` (default 1). Source: Caffe's `softmax_layer.cpp`. */
export const softmax: LayerKernel = {
  type: 'Softmax',
  lower({ g, layer, bottoms }) {
    const [x] = bottoms as [Value];
    const axis = canonicalAxis(layer.softmax_param?.axis ?? 1, x.shape.length);
    const y = ops.softmax(g, x, axis);
    return {
      tops: [y],
      backward([dy]) {
        const projected = ops.reduceSum(g, ops.mul(g, dy!, y), [axis], true);
        return { bottoms: [ops.mul(g, ops.sub(g, dy!, projected), y)] };
      },
    };
  },
};
