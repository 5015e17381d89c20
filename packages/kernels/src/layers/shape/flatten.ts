import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount } from '../../graph/graph-builder.ts';
import { canonicalAxis, check, type LayerKernel } from '../layer.ts';

/** Flatten: the axes `axis` (default 1) to `end_axis` (default the last) as one. Source: Caffe's `flatten_layer.cpp`. */
export const flatten: LayerKernel = {
  type: 'Flatten',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: 1,
  notInPlace: true,
  fields: { flatten_param: { ...read('axis', 'end_axis') } },
  lower({ g, layer, bottoms }) {
    const x = bottoms[0]!;
    const first = canonicalAxis(layer.flatten_param?.axis ?? 1, x.shape.length);
    const last = canonicalAxis(layer.flatten_param?.end_axis ?? -1, x.shape.length);
    // One less inserts an axis of length 1.
    check(first <= last + 1, () => `axis ${first} comes after end_axis ${last}`);
    const joined = elementCount(x.shape.slice(first, last + 1));
    const y =
      first === 1 && last === x.shape.length - 1
        ? ops.flatten(g, x, 1)
        : ops.reshape(g, x, [...x.shape.slice(0, first), joined, ...x.shape.slice(last + 1)]);
    return { tops: [y], backward: ([dy]) => ({ bottoms: [ops.reshape(g, dy!, x.shape)] }) };
  },
};
