import { atLeast, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { ENGINE } from '../common-fields.ts';
import { canonicalAxis, check, type LayerKernel } from '../layer.ts';

/** Concat: the bottoms side by side along `axis` (default 1, or the older `concat_dim`). Source: Caffe's `concat_layer.cpp`. */
export const concat: LayerKernel = {
  type: 'Concat',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: atLeast(1),
  tops: 1,
  fields: { concat_param: { ...read('axis', 'concat_dim'), engine: ENGINE } },
  lower({ g, layer, bottoms }) {
    const param = layer.concat_param;
    check(
      param?.axis === undefined || param.concat_dim === undefined,
      () => 'give either axis or the older concat_dim, not both',
    );
    const first = bottoms[0]!.shape;
    const axis = canonicalAxis(param?.axis ?? param?.concat_dim ?? 1, first.length);
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
};
