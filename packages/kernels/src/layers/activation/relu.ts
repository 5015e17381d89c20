import { read } from '@caffe-quant/caffe-io';
import { unitStep } from '../../graph/channel-affine.ts';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { ENGINE } from '../common-fields.ts';
import { layerKernel } from '../layer.ts';

export interface ReluSettings {
  /** Of what is below 0. */
  readonly negativeSlope: number;
}

/** What a `relu_param` says. */
interface ReluLayerSettings extends ReluSettings {
  /** Nothing above 6 comes out. */
  readonly endsAtSix: boolean;
}

/**
 * ReLU: y = max(x, 0) + negative_slope * min(x, 0); the gradient at 0 is the slope. With `relu6` y is at most 6, and the
 * gradient is 0 from x = 6 on. Source: Caffe's `relu_layer.cpp`, for `relu6` that of Synopsys' fork.
 */
export const relu = layerKernel({
  type: 'ReLU',
  bottoms: 1,
  tops: 1,
  fields: { relu_param: { ...read('negative_slope', 'relu6'), engine: ENGINE } },
  settings({ relu_param: { negative_slope: negativeSlope = 0, relu6: endsAtSix = false } = {} }): ReluLayerSettings {
    return { negativeSlope, endsAtSix };
  },
  keepsFinite: ({ negativeSlope }) => Math.abs(negativeSlope) <= 1,
  nonNegative: ({ negativeSlope }) => negativeSlope === 0 && 'always',
  lower({ g, settings, bottoms }) {
    const [x] = bottoms as [Value];
    const slope = Math.fround(settings.negativeSlope);
    const zero = g.scalar(0);
    const six = settings.endsAtSix ? g.scalar(6) : undefined;
    const rising =
      slope === 0 ? ops.relu(g, x) : ops.add(g, ops.max(g, x, zero), ops.mul(g, ops.min(g, x, zero), g.scalar(slope)));
    return {
      tops: [six ? ops.min(g, rising, six) : rising],
      backward([dy]) {
        // y is above 0 where x is: what is before the activation need not be kept, or be there at all.
        const dx =
          slope === 0
            ? ops.mul(g, dy!, unitStep(g, rising))
            : ops.where(g, ops.greater(g, x, zero), dy!, ops.mul(g, dy!, g.scalar(slope)));
        return { bottoms: [six ? ops.masked(g, dx, ops.less(g, x, six)) : dx] };
      },
    };
  },
});
