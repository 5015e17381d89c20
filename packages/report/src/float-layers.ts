/** The layers that stay float, those with the same reason together. */
import type { LayerPlan, QuantPlan } from '@caffe-quant/resolver';
import type { LayerResult } from './report-input.ts';

export interface FloatGroup {
  names: string[];
  /** Why, in words. */
  reason: string;
  /** `quant.cfg:4`; absent where no config decided it. */
  source?: string;
  /** false: whatever the config says, these cannot be quantized. */
  quantizable: boolean;
}

/** Groups in net order of their first layers: those that could be quantized first, the others after them. */
export function floatLayers(layers: readonly LayerResult[], plan?: QuantPlan): FloatGroup[] {
  const plans = new Map<string, LayerPlan>(plan?.layers.map((layer) => [layer.name, layer]));
  const groups = new Map<string, FloatGroup>();
  for (const { name, reason, quantized } of layers) {
    if (quantized) continue;
    const planned = plans.get(name);
    const source = planned?.source && sourcePlace(planned.source);
    const quantizable = planned?.quantizable ?? false;
    const key = JSON.stringify([reason, source, quantizable]);
    const group = groups.get(key);
    if (group) group.names.push(name);
    else groups.set(key, { names: [name], reason, quantizable, ...(source !== undefined && { source }) });
  }
  return [...groups.values()].sort((a, b) => Number(b.quantizable) - Number(a.quantizable));
}

/** `quant.cfg:4`; undefined where no file says it. */
export function sourcePlace({ file, line }: { file?: string; line?: number }): string | undefined {
  if (file === undefined) return undefined;
  return line === undefined ? file : `${file}:${line}`;
}
