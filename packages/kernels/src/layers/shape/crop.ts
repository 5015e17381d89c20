import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { canonicalAxis, check, layerKernel } from '../layer.ts';

/**
 * Crop: the part of x that has the second bottom's size in the axes from `axis` (default 2) on, beginning at `offset`:
 * none, one for all, or one each. Source: Caffe's `crop_layer.cpp`.
 */
export const crop = layerKernel({
  type: 'Crop',
  keepsFinite: true,
  nonNegative: 'as its first bottom',
  bottoms: 2,
  tops: 1,
  fields: { crop_param: { ...read('axis', 'offset') } },
  settings: ({ crop_param: param }): CropSettings => ({ axis: param?.axis ?? 2, offsets: param?.offset ?? [] }),
  lower({ g, settings, bottoms }) {
    const [x, size] = bottoms as [Value, Value];
    const { offsets } = settings;
    const first = canonicalAxis(settings.axis, x.shape.length);
    check(
      size.shape.length >= x.shape.length,
      () => `the second bottom [${size.shape.join(', ')}] has no axis ${x.shape.length - 1}`,
    );
    const count = x.shape.length - first;
    check(
      offsets.length <= 1 || offsets.length === count,
      () => `expected no offset, one, or ${count}, got ${offsets.length}`,
    );
    const ranges = Array.from({ length: count }, (_, i) => {
      const start = offsets[i] ?? offsets[0] ?? 0;
      return { axis: first + i, start, length: size.shape[first + i]! };
    });
    for (const { axis, start, length } of ranges) {
      check(
        start + length <= x.shape[axis]!,
        () => `[${start}, ${start + length}) is outside axis ${axis} of the bottom, of length ${x.shape[axis]!}`,
      );
    }
    return {
      tops: [ops.slice(g, x, ranges)],
      backward([dy]) {
        const pads = x.shape.map((dim, axis): [number, number] => {
          const range = ranges.find((candidate) => candidate.axis === axis);
          return range ? [range.start, dim - range.start - range.length] : [0, 0];
        });
        return { bottoms: [ops.pad(g, dy!, pads), undefined] };
      },
    };
  },
});

/** What a `crop_param` says. */
export interface CropSettings {
  /** The first axis that is cropped, as are those behind it; negative: from the end. */
  readonly axis: number;
  /** Where the part begins: none (0), one for all axes, or one each. */
  readonly offsets: readonly number[];
}
