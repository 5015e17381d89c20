import type { GraphLayer } from '@caffe-quant/caffe-io';
import type { BlobData } from '../layers/layer.ts';
import { HOST_KERNELS } from '../layers/registry.ts';

/** Ids of the blobs that the graph has to give for layers behind it. */
export function bottomsOfHosted(layers: readonly GraphLayer[]): string[] {
  const made = new Set(layers.flatMap(({ tops }) => tops.map(({ id }) => id)));
  return layers.flatMap(({ bottoms }) => bottoms.map(({ id }) => id)).filter((id) => !made.has(id));
}

/** Computes the layers behind the graph one after the other, adding their tops to `blobs`. */
export function runHosted(layers: readonly GraphLayer[], blobs: Map<string, BlobData>): void {
  for (const layer of layers) {
    const bottoms = layer.bottoms.map(({ id }) => blobs.get(id)!);
    const tops = HOST_KERNELS.get(layer.type)!.compute(layer.param, bottoms);
    layer.tops.forEach(({ id }, i) => blobs.set(id, tops[i]!));
  }
}
