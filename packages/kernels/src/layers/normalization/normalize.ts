import { createMessage, type FillerParameter, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { check, layerKernel } from '../layer.ts';

export interface NormalizeSettings {
  /** Whether a norm is that of all of an image, not of each pixel. */
  readonly acrossSpatial: boolean;
  /** One scale for all channels. */
  readonly shared: boolean;
  /** Added to the square of the norm. */
  readonly eps: number;
  readonly filler: FillerParameter;
}

/**
 * Normalize: y = scale * x / n with n = sqrt(eps + sum of x^2), the sum over [C, H, W] of an image (`across_spatial`) or
 * over the channels of each pixel. One learned scale per channel, or one for all (`channel_shared`), starting at 1.
 *
 * The gradient is the fork's: dx = scale (dy - x sum(x dy) / n^2) / n. With a scale per channel it is not the derivative,
 * which would have the scale inside the sum; nets were trained with it. Source: SSD's `normalize_layer.cpp`.
 */
export const normalize = layerKernel({
  type: 'Normalize',
  notFiniteHint: 'an input of zeros has no norm to divide by: set eps in norm_param',
  bottoms: 1,
  tops: 1,
  fields: { norm_param: { ...read('across_spatial', 'channel_shared', 'eps'), scale_filler: FILLER } },
  settings: ({ norm_param: param }): NormalizeSettings => ({
    acrossSpatial: param?.across_spatial ?? true,
    shared: param?.channel_shared ?? true,
    eps: param?.eps ?? 1e-10,
    filler: param?.scale_filler ?? createMessage('FillerParameter', { type: 'constant', value: 1 }),
  }),
  params({ shared, filler }, [x]) {
    check(x!.length >= 2, () => `expected a bottom [N, C, ..], got [${x!.join(', ')}]`);
    return [{ shape: shared ? [] : [x![1]!], filler }];
  },
  lower({ g, settings, bottoms, params }) {
    const [x] = bottoms as [Value];
    const [scales] = params as [Value];
    const { acrossSpatial, shared, eps } = settings;
    const scale = shared ? scales : ops.reshape(g, scales, [scales.shape[0]!, ...x.shape.slice(2).map(() => 1)]);
    const axes = acrossSpatial ? ops.allAxes(x).slice(1) : [1];
    const squared = ops.add(g, ops.reduceSumSquare(g, x, axes, true), g.scalar(eps));
    const norm = ops.sqrt(g, squared);
    const unit = ops.div(g, x, norm);
    return {
      tops: [ops.mul(g, unit, scale)],
      backward([dy], needs) {
        const dx = () => {
          const along = ops.div(g, ops.reduceSum(g, ops.mul(g, x, dy!), axes, true), squared);
          const straight = ops.sub(g, dy!, ops.mul(g, x, along));
          return ops.mul(g, ops.div(g, straight, norm), scale);
        };
        const summed = ops.allAxes(x).filter((axis) => shared || axis !== 1);
        return {
          bottoms: [needs.bottoms[0] ? dx() : undefined],
          params: [needs.params[0] ? ops.reduceSum(g, ops.mul(g, dy!, unit), summed) : undefined],
        };
      },
    };
  },
});
