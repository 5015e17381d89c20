import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { canonicalAxis, check, layerKernel } from '../layer.ts';

/**
 * ArgMax: the indices, as floats, of the `top_k` largest elements, along `axis` or over all but the first; of equal ones
 * the larger index first. Without `axis` the top is [N, 1, top_k] and with `out_max_val` [N, 2, top_k], indices and
 * values; with `axis` and `out_max_val` it holds the values alone. No gradient. Source: Caffe's `argmax_layer.cpp`.
 */
export const argMax = layerKernel({
  type: 'ArgMax',
  keepsFinite: true,
  bottoms: 1,
  tops: 1,
  fields: { argmax_param: { ...read('axis', 'top_k', 'out_max_val') } },
  settings({ argmax_param: param }): ArgMaxSettings {
    return { axis: param?.axis, topK: param?.top_k ?? 1, hasValues: param?.out_max_val ?? false };
  },
  lower({ g, settings, bottoms }) {
    const [x] = bottoms as [Value];
    const { axis, topK, hasValues } = settings;
    const [batch, ...rest] = x.shape as [number, ...number[]];
    const grouped = axis === undefined ? ops.reshape(g, x, [batch, elementCount(rest)]) : x;
    const along = axis === undefined ? 1 : canonicalAxis(axis, x.shape.length);
    const length = grouped.shape[along]!;
    check(topK >= 1 && topK <= length, () => `top_k ${topK} is not in [1, ${length}]`);
    // TopK takes the smaller index first where elements are equal, so that it gets them in reverse.
    const reversed = ops.slice(g, grouped, [{ axis: along, start: length - 1, length, step: -1 }]);
    const shape = grouped.shape.map((dim, i) => (i === along ? topK : dim));
    const [values, places] = g.multi('TopK', [reversed, g.ints([topK])], { axis: along, largest: 1, sorted: 1 }, [
      { shape, type: 'float' },
      { shape, type: 'int64' },
    ]) as [Value, Value];
    const indices = ops.sub(g, g.scalar(length - 1), ops.cast(g, places, 'float'));
    if (axis !== undefined) return { tops: [hasValues ? values : indices] };
    const ones = x.shape.slice(3).map(() => 1);
    const asTop = (value: Value) => ops.reshape(g, value, [batch, 1, topK, ...ones]);
    return { tops: [hasValues ? ops.concat(g, [asTop(indices), asTop(values)], 1) : asTop(indices)] };
  },
});

/** What an `argmax_param` says. */
export interface ArgMaxSettings {
  /** Along which the largest are looked for; may be counted from the end. Absent: over all axes but the first. */
  readonly axis: number | undefined;
  /** How many of the largest. */
  readonly topK: number;
  /** The top has their values: beside the indices, or with `axis` in place of them. */
  readonly hasValues: boolean;
}
