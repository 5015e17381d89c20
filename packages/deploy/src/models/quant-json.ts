import { canonicalJson } from '@caffe-quant/resolver';
import type { InsertedNames } from './insert-layers.ts';
import type { QuantizedLayer } from '../quantized/quantized-layer.ts';

/**
 * `<prefix>_quant.json`: what export made of each quantized layer, for tools that compare models layer by layer. AMCT writes
 * a file of this name too; its form for retrained models is not published, and this is not it.
 */
export function quantJson(net: string, layers: readonly QuantizedLayer[], inserted: InsertedNames): string {
  return canonicalJson({
    version: 1,
    net,
    layers: layers.map(({ name, type, data, weights, bias, folded }) => ({
      name,
      type,
      data: {
        blob: data.blob,
        quantizer: data.quantizer,
        shared_with: data.layers.filter((other) => other !== name),
        clip_max: data.clip.max,
        clip_min: data.clip.min,
        fixed_min: data.fixedMin,
        scale_d: data.grid.scale,
        offset_d: data.grid.zeroPoint,
        input_shape: data.shape.slice(1),
      },
      ...(weights && {
        weights: {
          channel_wise: weights.channelWise,
          shape: weights.shape,
          scale_w: [...weights.scales],
          ...(weights.deadChannels && { dead_channels: weights.deadChannels }),
          ...(weights.coarseChannels && { coarse_channels: weights.coarseChannels }),
        },
      }),
      ...(bias && { bias: { channels: bias.quantized.length } }),
      ...(folded && {
        folded: {
          layers: folded.layers,
          factors: [...folded.factors].map(Math.fround),
          zero_channels: folded.zeroChannels,
          ...(folded.roundedChannels > 0 && { rounded_channels: folded.roundedChannels }),
          clamped_weights: folded.clampedWeights,
        },
      }),
      inserted: inserted.get(name),
    })),
  });
}
