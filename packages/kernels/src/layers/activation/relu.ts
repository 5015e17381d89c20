import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { ENGINE } from '../common-fields.ts';
import { layerKernel } from '../layer.ts';

export interface ReluSettings {
  /** Of what is below 0. */
  readonly negativeSlope: number;
}

/**
 * ReLU: y = max(x, 0) + negative_slope * min(x, 0); the gradient at 0 is the slope. Source: Caffe's `relu_layer.cpp`.
 */
export const relu = layerKernel({
  type: 'ReLU',
  bottoms: 1,
  tops: 1,
  fields: { relu_param: { ...read('negative_slope'), engine: ENGINE } },
  settings: ({ relu_param: { negative_slope: negativeSlope = 0 } = {} }): ReluSettings => ({ negativeSlope }),
  keepsFinite: ({ negativeSlope }) => Math.abs(negativeSlope) <= 1,
  nonNegative: ({ negativeSlope }) => negativeSlope === 0 && 'always',
  lower({ g, settings, bottoms }) {
    const [x] = bottoms as [Value];
    const slope = Math.fround(settings.negativeSlope);
    const zero = g.scalar(0);
    const y =
      slope === 0 ? ops.relu(g, x) : ops.add(g, ops.max(g, x, zero), ops.mul(g, ops.min(g, x, zero), g.scalar(slope)));
    return {
      tops: [y],
      backward([dy]) {
        const positive = ops.greater(g, x, zero);
        const dx =
          slope === 0 ? ops.masked(g, dy!, positive) : ops.where(g, positive, dy!, ops.mul(g, dy!, g.scalar(slope)));
        return { bottoms: [dx] };
      },
    };
  },
});
