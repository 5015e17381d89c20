/**
 * The part of a plan that training depends on. Lines, sources, reasons and layers that stay float are left out, so that
 * a comment in quant.cfg, a shifted line, or another way to say the same leaves every byte as it is.
 */
import type { CanonicalPlan } from '@caffe-quant/kernels/layer-types';
import type { QuantPlan } from './plan.ts';

export function canonicalPlan(plan: QuantPlan): CanonicalPlan {
  return {
    batchNum: plan.batchNum,
    int32Biases: true,
    layers: plan.layers.flatMap(({ name, type, data, weight }) =>
      data ? [{ name, type, quantizer: data.quantizer, ...(weight && { channelWise: weight.channelWise }) }] : [],
    ),
    quantizers: plan.quantizers.map(({ name, blob, layers, clip, fixedMin, lrMult, decayMult }) => ({
      name,
      blob,
      layers: [...layers],
      ...(clip && { clip: { max: clip.max, min: clip.min } }),
      fixedMin,
      ...(lrMult !== undefined && { lrMult }),
      decayMult,
    })),
  };
}

/**
 * JSON with sorted keys, 2-space indentation and a newline at the end: equal values give equal bytes.
 * @throws RangeError for a number that JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, sortKeys, 2) + '\n';
}

function sortKeys(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new RangeError(`${key} is ${value}, which JSON cannot hold`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries);
}
