import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount } from '../../graph/graph-builder.ts';
import { canonicalAxis, check, layerKernel } from '../layer.ts';

/** Flatten: the axes `axis` (default 1) to `end_axis` (default the last) as one. Source: Caffe's `flatten_layer.cpp`. */
export const flatten = layerKernel({
  type: 'Flatten',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: 1,
  notInPlace: true,
  fields: { flatten_param: { ...read('axis', 'end_axis') } },
  settings: ({ flatten_param: param }): FlattenSettings => ({
    firstAxis: param?.axis ?? 1,
    lastAxis: param?.end_axis ?? -1,
  }),
  lower({ g, settings, bottoms }) {
    const x = bottoms[0]!;
    const first = canonicalAxis(settings.firstAxis, x.shape.length);
    const last = canonicalAxis(settings.lastAxis, x.shape.length);
    // One less inserts an axis of length 1.
    check(first <= last + 1, () => `axis ${first} comes after end_axis ${last}`);
    const joined = elementCount(x.shape.slice(first, last + 1));
    const y =
      first === 1 && last === x.shape.length - 1
        ? ops.flatten(g, x, 1)
        : ops.reshape(g, x, [...x.shape.slice(0, first), joined, ...x.shape.slice(last + 1)]);
    return { tops: [y], backward: ([dy]) => ({ bottoms: [ops.reshape(g, dy!, x.shape)] }) };
  },
});

/** What a `flatten_param` says: the axes that become one; negative: from the end. */
export interface FlattenSettings {
  readonly firstAxis: number;
  readonly lastAxis: number;
}
