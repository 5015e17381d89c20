import { settingsOf } from '@caffe-quant/caffe-io';
import {
  batchNorm as batchNormType,
  type BatchNormFold,
  layersOfFold,
  scale as scaleType,
} from '@caffe-quant/kernels/layer-types';
import { dequantizeWeights, elementCount, roundHalfAway } from '@caffe-quant/kernels';
import type { WeightTable } from '../net/infer-shapes.ts';
import { FLT_EPSILON, isUsableScale } from '../record/record-rules.ts';
import type { FoldedLayers, QuantizedWeights } from './quantized-layer.ts';
import { Unexportable } from './unexportable.ts';

const { abs, fround, max, sign, sqrt } = Math;

/** What a fold makes of a layer's numbers. */
export interface FoldResult {
  weights: QuantizedWeights;
  /** Float biases, one per channel. */
  bias: Float32Array;
  folded: Omit<FoldedLayers, 'trained'>;
}

/**
 * Folds BatchNorm, and Scale and Bias behind it, into quantized weights. Training normalizes what the fake-quantized
 * weights give, so that the trained integers stay and their scales change. Per output channel, with f = 1 / blob2 (0 for
 * a blob2 of 0), mean = f * blob0, var = f * blob1:
 *
 *   a = gamma / sqrt(var + eps);   scale_w' = scale_w * |a|;   q' = q * sign(a);   bias' = a * (bias - mean) + beta
 *
 * -(-128) is clamped to 127. Weights whose scale_w' is too small for a scale are rounded anew to the smallest one; where
 * that leaves none of them, a = 0 above all, and where training had none, scale_w stays as it was. Computed in float64,
 * rounded once to float32.
 * Source: Caffe's `batch_norm_layer.cpp` and `scale_layer.cpp`; `retrain_quant.py` of AMCT (hicann/amct) for the scales.
 *
 * @param bias the layer's own float biases.
 * @throws Unexportable where a is not finite or too large for a scale.
 */
export function foldBatchNorm(
  weights: QuantizedWeights,
  bias: Float32Array | undefined,
  fold: BatchNormFold,
  table: WeightTable,
): FoldResult {
  const { shape, axis } = weights;
  const channels = shape[axis]!;
  const { factors, offsets } = affineOf(fold, table, channels);
  const inner = elementCount(shape.slice(axis + 1));
  const channelOf = (i: number): number => Math.floor(i / inner) % channels;
  const largest = new Uint8Array(channels); // |q|
  weights.quantized.forEach((q, i) => (largest[channelOf(i)] = max(largest[channelOf(i)]!, abs(q))));
  const scales = new Float32Array(channels);
  const multipliers = new Float64Array(channels);
  const foldedBias = new Float32Array(channels);
  let zeroChannels = 0;
  let roundedChannels = 0;
  for (let c = 0; c < channels; c++) {
    const own = weights.scales[weights.scales.length === 1 ? 0 : c]!;
    const a = factors[c]!;
    const scale = fround(own * abs(a));
    foldedBias[c] = a * (bias?.[c] ?? 0) + offsets[c]!;
    const tooLarge = largest[c]! > 0 && scale > 1 && !isUsableScale(scale);
    if (!Number.isFinite(a) || !Number.isFinite(foldedBias[c]) || tooLarge) throw illegalFactor(fold, c, a);
    scales[c] = own;
    if (largest[c] === 0) continue;
    multipliers[c] = isUsableScale(scale) ? sign(a) : (own * a) / FLT_EPSILON;
    if (roundHalfAway(abs(multipliers[c]! * largest[c]!)) === 0) zeroChannels++;
    else scales[c] = max(scale, FLT_EPSILON);
    if (scales[c]! > scale && scales[c] === FLT_EPSILON) roundedChannels++;
  }
  let clampedWeights = 0;
  const quantized = weights.quantized.map((q, i) => {
    const folded = roundHalfAway(q * multipliers[channelOf(i)]!);
    if (folded <= 127) return folded;
    clampedWeights++;
    return 127;
  });
  const fake = dequantizeWeights({ scales, quantized }, shape, axis);
  const names = layersOfFold(fold).map(({ name }) => name);
  const folded = { layers: names, factors, zeroChannels, roundedChannels, clampedWeights };
  return { weights: { ...weights, scales, quantized, fake }, bias: foldedBias, folded };
}

/** Per channel y = factor * x + offset: what BatchNorm, Scale and Bias do to x. */
function affineOf(
  { batchNorm, scale, bias }: BatchNormFold,
  table: WeightTable,
  channels: number,
): { factors: Float64Array; offsets: Float64Array } {
  const blob = (layer: string, index: number, length = channels): Float32Array => {
    const found = table.blob(layer, index);
    if (found?.length !== length) throw new Error(`blob ${index} of layer '${layer}' is not [${length}]`);
    return found;
  };
  const means = blob(batchNorm.name, 0);
  const variances = blob(batchNorm.name, 1);
  const [total] = blob(batchNorm.name, 2, 1) as unknown as [number];
  const f = total === 0 ? 0 : 1 / total;
  const { eps } = settingsOf(batchNormType, batchNorm.param);
  const gamma = scale && blob(scale.name, 0);
  const beta = scale && settingsOf(scaleType, scale.param).bias ? blob(scale.name, 1) : undefined;
  const added = bias && blob(bias.name, 0);
  const factors = Float64Array.from(variances, (variance, c) => (gamma?.[c] ?? 1) / sqrt(variance * f + eps));
  const offsets = factors.map((a, c) => (beta?.[c] ?? 0) + (added?.[c] ?? 0) - a * means[c]! * f);
  return { factors, offsets };
}

function illegalFactor({ batchNorm }: BatchNormFold, channel: number, factor: number): Unexportable {
  return new Unexportable(
    'batch-norm',
    `cannot take up BatchNorm "${batchNorm.name}": it has the factor ${factor} in channel ${channel}, from which no scale follows`,
    'check the statistics of the BatchNorm, or skip the layer in quant.cfg',
  );
}
