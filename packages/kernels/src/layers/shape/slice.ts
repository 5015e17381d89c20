import { atLeast, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { canonicalAxis, check, layerKernel } from '../layer.ts';

/**
 * Slice: the bottom cut along `axis` (default 1, or the older `slice_dim`), at `slice_point`s or into equal tops.
 * Source: Caffe's `slice_layer.cpp`.
 */
export const slice = layerKernel({
  type: 'Slice',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: atLeast(1),
  fields: { slice_param: { ...read('axis', 'slice_dim', 'slice_point') } },
  settings({ slice_param: param, top = [] }): SliceSettings {
    check(
      param?.axis === undefined || param.slice_dim === undefined,
      () => 'give either axis or the older slice_dim, not both',
    );
    const [points, count] = [param?.slice_point ?? [], top.length];
    check(
      points.length === 0 || points.length === count - 1,
      () => `${count} tops need ${count - 1} slice points, got ${points.length}`,
    );
    return { axis: param?.axis ?? param?.slice_dim ?? 1, points };
  },
  lower({ g, settings, bottoms, topCount: count }) {
    const x = bottoms[0]!;
    const { points } = settings;
    const axis = canonicalAxis(settings.axis, x.shape.length);
    const length = x.shape[axis]!;
    if (points.length === 0) {
      check(length % count === 0, () => `axis ${axis} of length ${length} does not divide into ${count} equal tops`);
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
});

/** What a `slice_param` says. */
export interface SliceSettings {
  /** Along which the bottom is cut; negative: from the end. */
  readonly axis: number;
  /** Where each top but the first begins; none: the tops are equally long. */
  readonly points: readonly number[];
}
