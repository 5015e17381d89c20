import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { forGather } from '../../graph/in-range.ts';
import { check, layerKernel } from '../layer.ts';
import { oneHotRows } from '../../graph/one-hot.ts';
import { product } from '../inner-product/product.ts';

/**
 * BatchReindex: the images of the first bottom that the second one [M] names by their indices, in its order, with
 * repetitions; gradients of an image taken more than once add up. Source: Caffe's `batch_reindex_layer.cpp`.
 */
export const batchReindex = layerKernel({
  type: 'BatchReindex',
  bottoms: 2,
  tops: 1,
  fields: {},
  lower({ g, bottoms }) {
    const [x, order] = bottoms as [Value, Value];
    check(order.shape.length === 1, () => `expected indices [M], got [${order.shape.join(', ')}]`);
    const [batch, ...rest] = x.shape as [number, ...number[]];
    const images = forGather(g, ops.cast(g, order, 'int64'), batch);
    const shape = [order.shape[0]!, ...rest];
    return {
      tops: [g.op('Gather', [x, images], { axis: 0 }, shape)],
      backward([dy]) {
        const rows = ops.reshape(g, dy!, [shape[0]!, elementCount(rest)]);
        const summed = product(g, oneHotRows(g, order, batch), rows, { transposeA: true });
        return { bottoms: [ops.reshape(g, summed, x.shape), undefined] };
      },
    };
  },
});
