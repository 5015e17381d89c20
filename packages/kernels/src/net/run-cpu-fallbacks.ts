import { type GraphLayer, type NetGraph, settingsOf } from '@caffe-quant/caffe-io';
import type { BlobData } from '../layers/layer.ts';
import { forLayer } from './layer-problem.ts';
import { CPU_FALLBACKS } from '../layers/registry.ts';

/**
 * Of some blobs of a net those that its graph has to give: they themselves, or what the layers behind the graph read that
 * make them.
 *
 * @param ids of the blobs
 * @param fallbacks all layers of the net that are computed behind the graph
 */
export function graphOutputs(ids: readonly string[], fallbacks: readonly GraphLayer[]): string[] {
  const made = topsOf(fallbacks);
  const read = ids.some((id) => made.has(id)) ? fallbacks.flatMap(({ bottoms }) => bottoms.map(({ id }) => id)) : [];
  return [...new Set([...ids, ...read])].filter((id) => !made.has(id));
}

/**
 * The blobs themselves: as the graph gave them, or computed of those behind it, layer after layer.
 *
 * @param given by the graph, by the ids of `graphOutputs`; the tops of the layers behind it are added
 * @throws DiagnosticsError for a layer that makes no sense for its bottoms
 */
export function blobsBehind(
  ids: readonly string[],
  fallbacks: readonly GraphLayer[],
  given: Map<string, BlobData>,
  net: Pick<NetGraph, 'file'>,
): Map<string, BlobData> {
  const made = topsOf(fallbacks);
  for (const layer of ids.some((id) => made.has(id)) ? fallbacks : []) {
    const bottoms = layer.bottoms.map(({ id }) => given.get(id)!);
    const tops = forLayer(net, layer, () => {
      const kernel = CPU_FALLBACKS.get(layer.type)!;
      return kernel.compute(settingsOf(kernel, layer.param), bottoms);
    });
    layer.tops.forEach(({ id }, i) => given.set(id, tops[i]!));
  }
  return new Map(ids.map((id) => [id, given.get(id)!]));
}

const topsOf = (fallbacks: readonly GraphLayer[]): Set<string> =>
  new Set(fallbacks.flatMap(({ tops }) => tops.map(({ id }) => id)));
