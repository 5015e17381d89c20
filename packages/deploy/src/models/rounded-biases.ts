import { type GraphLayer, settingsOf } from '@caffe-quant/caffe-io';
import { type BatchNormFold, scale as scaleType } from '@caffe-quant/kernels/layer-types';
import type { WeightTable } from '../net/infer-shapes.ts';
import type { QuantizedLayer } from '../quantized/quantized-layer.ts';

const { fround } = Math;

/** A blob of a layer of the fake-quant model in the place of the trained one. */
export interface ChangedBlob {
  index: number;
  data: Float32Array;
}

/**
 * The blobs in which the fake-quant model has what the int32 biases stand for. Of a layer without a fold that is its own bias. With
 * a fold it is what rounding adds to the folded bias, in the last number that is added to the channel: of the Bias, else of the
 * Scale, else of BatchNorm, whose mean is subtracted before the factor.
 *
 * @returns by layer
 */
export function roundedBiases(
  layers: readonly QuantizedLayer[],
  folds: ReadonlyMap<string, BatchNormFold>,
  table: WeightTable,
): Map<string, ChangedBlob> {
  const changed = new Map<string, ChangedBlob>();
  for (const { name, bias, deqscale, folded } of layers) {
    if (!bias) continue;
    const kept = bias.master.map((_, c) => fround(bias.quantized[c]! * deqscale[deqscale.length === 1 ? 0 : c]!));
    const fold = folds.get(name);
    if (!fold || !folded) changed.set(name, { index: 1, data: kept });
    else {
      const errors = Float64Array.from(kept, (value, c) => value - bias.master[c]!);
      const [last, blob] = withErrors(fold, errors, folded.factors, table);
      changed.set(last.name, blob);
    }
  }
  return changed;
}

function withErrors(
  { batchNorm, scale, bias }: BatchNormFold,
  errors: Float64Array,
  factors: Float64Array,
  table: WeightTable,
): [GraphLayer, ChangedBlob] {
  const blob = (layer: GraphLayer, index: number): Float32Array => table.blob(layer.name, index)!;
  const added = (layer: GraphLayer, index: number): [GraphLayer, ChangedBlob] => [
    layer,
    { index, data: blob(layer, index).map((value, c) => value + errors[c]!) },
  ];
  if (bias) return added(bias, 0);
  if (scale && settingsOf(scaleType, scale.param).bias) return added(scale, 1);
  const total = blob(batchNorm, 2)[0]!;
  const means = blob(batchNorm, 0).map((mean, c) => {
    const shift = (errors[c]! * total) / factors[c]!;
    return Number.isFinite(shift) ? mean - shift : mean;
  });
  return [batchNorm, { index: 0, data: means }];
}
