import { read } from '@caffe-quant/caffe-io';
import { appliedAffine, channelAffine, channelDot, channelSum } from '../../graph/channel-affine.ts';
import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Value } from '../../graph/graph-builder.ts';
import { ENGINE } from '../common-fields.ts';
import { check, layerKernel, type Phase } from '../layer.ts';

export interface BatchNormSettings {
  /** Whether mean and variance are those that the layer's blobs hold; absent: in TEST alone. */
  readonly usesGlobalStatistics: boolean | undefined;
  /** What is left of the sums so far at each forward pass. */
  readonly movingAverageFraction: number;
  /** Added to the variance; not negative. */
  readonly eps: number;
}

/**
 * BatchNorm: y = (x - mean) / sqrt(var + eps) per channel (axis 1), without learned scale.
 *
 * With batch statistics (TRAIN, unless `use_global_stats`) mean and var are those of the batch, gradients flow through
 * them, and every forward pass updates the blobs [C], [C], [1]:
 *
 *   mean' = mean + f * mean_blob;   var' = m / (m - 1) * var + f * var_blob;   factor' = 1 + f * factor_blob
 *
 * with f = `moving_average_fraction` and m values a channel. With global statistics (TEST) mean and var are the first two
 * blobs divided by the third (a third blob of 0 gives 0). Source: Caffe's `batch_norm_layer.cpp`.
 */
export const batchNorm = layerKernel({
  type: 'BatchNorm',
  showsNotFinite: true,
  notFiniteHint: 'a variance of 0 with eps 0, or a negative one, cannot be divided by: see the statistics of the layer',
  bottoms: 1,
  tops: 1,
  fields: { batch_norm_param: { ...read('use_global_stats', 'moving_average_fraction', 'eps'), engine: ENGINE } },
  settings({ param, batch_norm_param: fields = {} }): BatchNormSettings {
    // Three of them, as old nets have, are all set to 0 by Caffe's upgrade.
    check(
      param.length >= 3 || param.every(({ lr_mult }) => lr_mult === 0),
      () => 'its blobs are statistics and not learned: each param needs lr_mult: 0',
    );
    const { use_global_stats, moving_average_fraction = 0.999, eps = 1e-5 } = fields;
    check(eps >= 0, () => `eps ${eps} is negative`);
    return { usesGlobalStatistics: use_global_stats, movingAverageFraction: moving_average_fraction, eps };
  },
  params(_, [x]) {
    const channels = x!.length === 1 ? 1 : x![1]!;
    const state = (shape: number[]) => ({ shape, filler: undefined, learns: false });
    return [state([channels]), state([channels]), state([1])];
  },
  lower({ g, settings, phase, bottoms, params }) {
    const [bottom] = bottoms as [Value];
    // A blob of one axis is one channel.
    const x = bottom.shape.length === 1 ? ops.reshape(g, bottom, [bottom.shape[0]!, 1]) : bottom;
    const asBottom = (value: Value) => ops.reshape(g, value, bottom.shape);
    const ofRows = (dy: Value) => ops.reshape(g, dy, x.shape);
    const [meanBlob, varianceBlob, factorBlob] = params as [Value, Value, Value];

    if (onGlobalStatistics(settings, phase)) {
      const { scale, shift } = globalAffine(g, settings, params);
      // Not one map of x: where the variance is near 0 and x near its mean, a large product would be subtracted from another.
      const centered = appliedAffine(g, { x, shift });
      return {
        tops: [asBottom(channelAffine(g, centered, scale))],
        backward: ([dy]) => ({ bottoms: [asBottom(channelAffine(g, ofRows(dy!), scale))] }),
      };
    }

    const count = elementCount(x.shape) / x.shape[1]!;
    const overCount = g.scalar(1 / count);
    const mean = ops.mul(g, channelSum(g, x), overCount);
    const centered = appliedAffine(g, { x, shift: ops.neg(g, mean) });
    const variance = ops.mul(g, channelDot(g, centered, centered), overCount);
    const scale = inverseDeviation(g, settings, variance);
    const fraction = g.scalar(settings.movingAverageFraction);
    const average = (blob: Value, value: Value) => ops.add(g, ops.mul(g, blob, fraction), value);
    const unbiased = count > 1 ? ops.mul(g, variance, g.scalar(count / (count - 1))) : variance;
    return {
      tops: [asBottom(channelAffine(g, centered, scale))],
      updatedParams: [
        average(meanBlob, mean),
        average(varianceBlob, unbiased),
        average(factorBlob, g.constant('float', [1], [1])),
      ],
      // dx = scale * (dy - mean(dy) - y * mean(dy * y)) with y = centered * scale
      backward([top]) {
        const dy = ofRows(top!);
        const perElement = ops.neg(g, ops.mul(g, scale, overCount));
        const ofVariance = ops.mul(g, channelDot(g, dy, centered), ops.mul(g, scale, scale));
        const towardsMean = ops.mul(g, perElement, channelSum(g, dy));
        const straight = channelAffine(g, dy, scale);
        const dx = ops.add(g, straight, channelAffine(g, centered, ops.mul(g, perElement, ofVariance), towardsMean));
        return { bottoms: [asBottom(dx)] };
      },
    };
  },
});

/** 1 / sqrt(var + eps). */
const inverseDeviation = (g: GraphBuilder, { eps }: BatchNormSettings, variance: Value): Value =>
  ops.div(g, g.scalar(1), ops.sqrt(g, ops.add(g, variance, g.scalar(eps))));

/** What a layer on global statistics does: y = (x + shift) * scale, [C] each, of its three blobs. */
export function globalAffine(
  g: GraphBuilder,
  settings: BatchNormSettings,
  params: readonly Value[],
): { shift: Value; scale: Value } {
  const [mean, variance, total] = params as [Value, Value, Value];
  const zero = g.scalar(0);
  const factor = ops.where(g, ops.equal(g, total, zero), zero, ops.div(g, g.scalar(1), total));
  const scale = inverseDeviation(g, settings, ops.mul(g, variance, factor));
  return { shift: ops.neg(g, ops.mul(g, mean, factor)), scale };
}

/** Whether a layer divides by the root of the variance that its blobs hold, not by that of the batch. */
export const onGlobalStatistics = ({ usesGlobalStatistics }: BatchNormSettings, phase: Phase): boolean =>
  usesGlobalStatistics ?? phase === 'TEST';
