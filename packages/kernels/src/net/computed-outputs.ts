import { outputsOf, type BlobVersion, type GraphLayer, type NetGraph } from '@caffe-quant/caffe-io';
import { CPU_FALLBACKS, isDataLayer, layerTypeOf } from '../layers/registry.ts';

/**
 * The outputs of a net as far as the graph computes them: of layers behind it, such as DetectionOutput, what they read.
 * Data and priors that are handed through are none.
 */
export function computedOutputs(graph: NetGraph): BlobVersion[] {
  const found = new Set<BlobVersion>();
  const visit = (blob: BlobVersion): void => {
    const producer = producerOf(graph, blob);
    if (!producer || isDataLayer(producer) || layerTypeOf(producer.type)?.sameForAllImages) return;
    if (CPU_FALLBACKS.has(producer.type)) producer.bottoms.forEach(visit);
    else found.add(blob);
  };
  outputsOf(graph).forEach(visit);
  return [...found];
}

/** The layer that makes a blob. */
export const producerOf = (graph: NetGraph, { producer }: BlobVersion): GraphLayer | undefined =>
  graph.layers[producer ?? -1];
