import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { ENGINE } from '../common-fields.ts';
import { canonicalAxis, layerKernel } from '../layer.ts';

export interface SoftmaxSettings {
  /** Negative: from the end. */
  readonly axis: number;
}

/** Softmax along `axis` (default 1). Source: Caffe's `softmax_layer.cpp`. */
export const softmax = layerKernel({
  type: 'Softmax',
  keepsFinite: true,
  bottoms: 1,
  tops: 1,
  fields: { softmax_param: { ...read('axis'), engine: ENGINE } },
  settings: ({ softmax_param: { axis = 1 } = {} }): SoftmaxSettings => ({ axis }),
  lower({ g, settings, bottoms }) {
    const [x] = bottoms as [Value];
    const axis = canonicalAxis(settings.axis, x.shape.length);
    const y = ops.softmax(g, x, axis);
    return {
      tops: [y],
      backward([dy]) {
        const projected = ops.reduceSum(g, ops.mul(g, dy!, y), [axis], true);
        return { bottoms: [ops.mul(g, ops.sub(g, dy!, projected), y)] };
      },
    };
  },
});
