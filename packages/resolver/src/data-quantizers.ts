/**
 * The data quantizers of a net: consumers of one blob that have equal settings share one quantizer, and so one learned
 * clip range; consumers with other settings get their own.
 */
import type { DataQuantizerPlan, LayerPlan } from './plan.ts';

/** Weight-decay multiplier of clip ranges: they are never decayed towards 0. */
const DECAY_MULT = 0;

/** Groups the quantized layers, in net order, and writes the quantizer's name into each layer's data half. */
export function shareDataQuantizers(layers: readonly LayerPlan[]): DataQuantizerPlan[] {
  const quantizers = new Map<string, DataQuantizerPlan>();
  for (const { name, data } of layers) {
    if (!data) continue;
    const key = JSON.stringify([data.blob, data.clip?.max ?? null, data.clip?.min ?? null, data.fixedMin]);
    let quantizer = quantizers.get(key);
    if (!quantizer) {
      const { blob, clip, fixedMin } = data;
      quantizer = { name, blob, layers: [], ...(clip && { clip }), fixedMin, decayMult: DECAY_MULT };
      quantizers.set(key, quantizer);
    }
    quantizer.layers.push(name);
    data.quantizer = quantizer.name;
  }
  return [...quantizers.values()];
}
