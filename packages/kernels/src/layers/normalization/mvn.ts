import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';

export interface MvnSettings {
  /** Whether it divides by the deviation. */
  readonly normalizesVariance: boolean;
  /** Whether mean and deviation are those of all of an image, not of each plane. */
  readonly acrossChannels: boolean;
  /** Added to the deviation. */
  readonly eps: number;
}

/**
 * MVN (mean-variance normalization): y = (x - mean) / (sqrt(var) + eps) over each plane, or over all of an image with
 * `across_channels`; without `normalize_variance` only the mean is taken off. Source: Caffe's `mvn_layer.cpp`.
 */
export const mvn = layerKernel({
  type: 'MVN',
  bottoms: 1,
  tops: 1,
  fields: { mvn_param: read('normalize_variance', 'across_channels', 'eps') },
  settings: ({ mvn_param: { normalize_variance = true, across_channels = false, eps = 1e-9 } = {} }): MvnSettings => ({
    normalizesVariance: normalize_variance,
    acrossChannels: across_channels,
    eps,
  }),
  lower({ g, settings, bottoms }) {
    const [x] = bottoms as [Value];
    check(x.shape.length >= 2, () => `expected a bottom [N, C, ..], got [${x.shape.join(', ')}]`);
    const axes = ops.allAxes(x).slice(settings.acrossChannels ? 1 : 2);
    const center = (value: Value) => ops.sub(g, value, ops.reduceMean(g, value, axes, true));
    const centered = center(x);
    if (!settings.normalizesVariance) {
      return { tops: [centered], backward: ([dy]) => ({ bottoms: [center(dy!)] }) };
    }
    const variance = ops.reduceMean(g, ops.mul(g, centered, centered), axes, true);
    const deviation = ops.add(g, ops.sqrt(g, variance), g.scalar(settings.eps));
    const y = ops.div(g, centered, deviation);
    return {
      tops: [y],
      backward([dy]) {
        const along = ops.mul(g, y, ops.reduceMean(g, ops.mul(g, dy!, y), axes, true));
        return { bottoms: [ops.div(g, ops.sub(g, center(dy!), along), deviation)] };
      },
    };
  },
});
