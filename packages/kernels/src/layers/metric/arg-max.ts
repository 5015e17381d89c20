import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { canonicalAxis, check, type LayerKernel } from '../layer.ts';

/**
 * ArgMax: the indices, as floats, of the `top_k` largest elements, along `axis` or over all but the first; of equal ones
 * the larger index first. Without `axis` the top is [N, 1, top_k] and with `out_max_val` [N, 2, top_k], indices and
 * values; with `axis` and `out_max_val` it holds the values alone. No gradient. Source: Caffe's `argmax_layer.cpp`.
 */
export const argMax: LayerKernel = {
  type: 'ArgMax',
  keepsFinite: true,
  bottoms: 1,
  tops: 1,
  fields: { argmax_param: { ...read('axis', 'top_k', 'out_max_val') } },
  lower({ g, layer, bottoms }) {
    const [x] = bottoms as [Value];
    const { axis, top_k = 1, out_max_val = false } = layer.argmax_param ?? {};
    const [batch, ...rest] = x.shape as [number, ...number[]];
    const grouped = axis === undefined ? ops.reshape(g, x, [batch, elementCount(rest)]) : x;
    const along = axis === undefined ? 1 : canonicalAxis(axis, x.shape.length);
    const length = grouped.shape[along]!;
    check(top_k >= 1 && top_k <= length, () => `top_k ${top_k} is not in [1, ${length}]`);
    // TopK takes the smaller index first where elements are equal, so that it gets them in reverse.
    const reversed = ops.slice(g, grouped, [{ axis: along, start: length - 1, length, step: -1 }]);
    const shape = grouped.shape.map((dim, i) => (i === along ? top_k : dim));
    const [values, places] = g.multi('TopK', [reversed, g.ints([top_k])], { axis: along, largest: 1, sorted: 1 }, [
      { shape, type: 'float' },
      { shape, type: 'int64' },
    ]) as [Value, Value];
    const indices = ops.sub(g, g.scalar(length - 1), ops.cast(g, places, 'float'));
    if (axis !== undefined) return { tops: [out_max_val ? values : indices] };
    const ones = x.shape.slice(3).map(() => 1);
    const asTop = (value: Value) => ops.reshape(g, value, [batch, 1, top_k, ...ones]);
    return { tops: [out_max_val ? ops.concat(g, [asTop(indices), asTop(values)], 1) : asTop(indices)] };
  },
};
