import { type NetGraph, sharedParametersOf } from '@caffe-quant/caffe-io';
import type { LayerResult } from '@caffe-quant/report';
import type { FloatCandidate } from './attempt-result.ts';

/** Where nothing is said, at most one quantized layer in so many is left float. */
const LAYERS_PER_FLOAT = 4;

/**
 * The quantized layers of an evaluation in the order in which they should be left float: the more a layer's quantization
 * changes the outputs, the earlier. Layers that share their weights come together, as the most sensitive of them does.
 */
export function floatCandidates(graph: NetGraph, layers: readonly LayerResult[]): FloatCandidate[] {
  const quantized = layers.filter((layer) => layer.quantized);
  const groupOf = new Map(quantized.map(({ name }) => [name, new Set([name])]));
  for (const { uses } of sharedParametersOf(graph)) {
    const groups = uses.flatMap(({ layer, index }) => (index === 0 ? (groupOf.get(layer.name) ?? []) : []));
    const merged = new Set(groups.flatMap((group) => [...group]));
    for (const name of merged) groupOf.set(name, merged);
  }
  const candidates = [...new Set(groupOf.values())].map((group): FloatCandidate => {
    const ratios = quantized.flatMap(({ name, sensitivity }) => (group.has(name) ? (sensitivity ?? []) : []));
    return { layers: [...group], ...(ratios.length > 0 && { sensitivity: Math.min(...ratios) }) };
  });
  return candidates.sort((a, b) => (a.sensitivity ?? Infinity) - (b.sensitivity ?? Infinity) || 0);
}

/**
 * The candidates to leave float where at most so many layers may be.
 *
 * @returns names, the most sensitive first; less than `count` where the next candidate has more layers than are left
 */
export function mostSensitive(candidates: readonly FloatCandidate[], count: number): string[] {
  const chosen: string[] = [];
  for (const { layers } of candidates) {
    if (chosen.length + layers.length > count) break;
    chosen.push(...layers);
  }
  return chosen;
}

/** How many layers may be left float: what thresholds.json says, else a quarter of those quantized; never all. */
export function mostFloatLayers(candidates: readonly FloatCandidate[], asked: number | undefined): number {
  const quantized = candidates.reduce((sum, { layers }) => sum + layers.length, 0);
  return Math.min(asked ?? Math.max(1, Math.floor(quantized / LAYERS_PER_FLOAT)), quantized - 1);
}
