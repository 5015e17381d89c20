import { atLeast, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { canonicalAxis, check, type LayerKernel } from '../layer.ts';

/**
 * Slice: the bottom cut along `axis` (default 1, or the older `slice_dim`), at `slice_point`s or into equal tops.
 * Source: Caffe's `slice_layer.cpp`.
 */
export const slice: LayerKernel = {
  type: 'Slice',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: atLeast(1),
  fields: { slice_param: { ...read('axis', 'slice_dim', 'slice_point') } },
  lower({ g, layer, bottoms }) {
    const x = bottoms[0]!;
    const param = layer.slice_param;
    check(
      param?.axis === undefined || param.slice_dim === undefined,
      () => 'give either axis or the older slice_dim, not both',
    );
    const axis = canonicalAxis(param?.axis ?? param?.slice_dim ?? 1, x.shape.length);
    const length = x.shape[axis]!;
    const count = layer.top.length;
    const points = param?.slice_point ?? [];
    if (points.length === 0) {
      check(length % count === 0, () => `axis ${axis} of length ${length} does not divide into ${count} equal tops`);
    } else {
      check(points.length === count - 1, () => `${count} tops need ${count - 1} slice points, got ${points.length}`);
    }
    const starts = Array.from({ length: count }, (_, i) =>
      i === 0 ? 0 : points.length === 0 ? (i * length) / count : points[i - 1]!,
    );
    const lengths = starts.map((start, i) => (starts[i + 1] ?? length) - start);
    check(
      lengths.every((part) => part > 0),
      () => `slice points ${points.join(', ')} do not ascend within axis ${axis} of length ${length}`,
    );
    const tops = starts.map((start, i) => ops.slice(g, x, [{ axis, start, length: lengths[i]! }]));
    return {
      tops,
      backward: (dys) => {
        const parts = dys.map((dy, i) => dy ?? ops.zeros(g, tops[i]!.shape));
        return { bottoms: [ops.concat(g, parts, axis)] };
      },
    };
  },
};
