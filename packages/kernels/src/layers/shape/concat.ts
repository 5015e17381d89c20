import { atLeast, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { ENGINE } from '../common-fields.ts';
import { canonicalAxis, check, layerKernel } from '../layer.ts';

/** Concat: the bottoms side by side along `axis` (default 1, or the older `concat_dim`). Source: Caffe's `concat_layer.cpp`. */
export const concat = layerKernel({
  type: 'Concat',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: atLeast(1),
  tops: 1,
  fields: { concat_param: { ...read('axis', 'concat_dim'), engine: ENGINE } },
  settings({ concat_param: param }): ConcatSettings {
    check(
      param?.axis === undefined || param.concat_dim === undefined,
      () => 'give either axis or the older concat_dim, not both',
    );
    return { axis: param?.axis ?? param?.concat_dim ?? 1 };
  },
  lower({ g, settings, bottoms }) {
    const first = bottoms[0]!.shape;
    const axis = canonicalAxis(settings.axis, first.length);
    for (const { shape } of bottoms) {
      check(
        shape.length === first.length && shape.every((dim, i) => i === axis || dim === first[i]),
        () => `bottoms [${first.join(', ')}] and [${shape.join(', ')}] differ in more than axis ${axis}`,
      );
    }
    return {
      tops: [ops.concat(g, bottoms, axis)],
      backward([dy], needs) {
        let start = 0;
        const parts = bottoms.map(({ shape }, i) => {
          const length = shape[axis]!;
          const part = needs.bottoms[i] ? ops.slice(g, dy!, [{ axis, start, length }]) : undefined;
          start += length;
          return part;
        });
        return { bottoms: parts };
      },
    };
  },
});

/** What a `concat_param` says. */
export interface ConcatSettings {
  /** Along which the bottoms lie side by side; negative: from the end. */
  readonly axis: number;
}
