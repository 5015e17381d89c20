import { HOST_KERNELS } from '../layers/registry.ts';
import { createMessage, type BlobVersion, type GraphLayer, type NetGraph } from '@caffe-quant/caffe-io';

/** The part of a TEST net that measures: everything that depends on labels. */
export interface LabelHead {
  /** The measuring layers, and those that are computed behind the graph, behind one layer that stands for all they read: the model's blobs and the labels. */
  graph: NetGraph;
  /** The model's blobs that it reads: outputs of the model without its head. */
  scores: readonly BlobVersion[];
}

/**
 * Cuts the layers that depend on labels (losses, accuracies), or that are computed behind the graph, off a TEST net, so that another model of the same net,
 * which has no labels, can be measured by them.
 *
 * @param modelInputs names of the data blobs that the model itself reads; all other data are labels.
 */
export function labelHead(graph: NetGraph, modelInputs: ReadonlySet<string>): LabelHead {
  const fromLabels = new Set<BlobVersion>();
  const head: GraphLayer[] = [];
  for (const layer of graph.layers) {
    if (layer.bottoms.length === 0) {
      for (const top of layer.tops) if (!modelInputs.has(top.name)) fromLabels.add(top);
    } else if (HOST_KERNELS.has(layer.type) || layer.bottoms.some((bottom) => fromLabels.has(bottom))) {
      head.push(layer);
      for (const top of layer.tops) fromLabels.add(top);
    }
  }
  const made = new Set(head.flatMap((layer) => layer.tops));
  const read = [...new Set(head.flatMap((layer) => layer.bottoms))].filter((blob) => !made.has(blob));
  const source: GraphLayer = {
    index: 0,
    name: 'inputs of the head',
    type: 'Input',
    param: createMessage('LayerParameter'),
    bottoms: [],
    tops: read,
  };
  return {
    graph: { ...graph, layers: [source, ...head.map((layer, i) => ({ ...layer, index: i + 1 }))] },
    scores: read.filter((blob) => !fromLabels.has(blob)),
  };
}
