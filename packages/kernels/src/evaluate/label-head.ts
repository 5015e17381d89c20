import { createMessage, isLossLayer, type BlobVersion, type GraphLayer, type NetGraph } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { CPU_FALLBACKS, LAYER_KERNELS } from '../layers/registry.ts';

/** The part of a TEST net that measures: losses, and everything that depends on labels. */
export interface LabelHead {
  /**
   * The measuring layers, those that are computed behind the graph, and what else they need, behind one layer that stands
   * for all they read: the model's blobs and the labels.
   */
  graph: NetGraph;
  /** The model's blobs that it reads: outputs of the model without its head. */
  scores: readonly BlobVersion[];
}

/**
 * Cuts the layers that measure (losses, accuracies), or that are computed behind the graph, off a TEST net, so that
 * another model of the same net, which has no labels, can be measured by them. What they compare with and the model does
 * not have, such as the flattened input of an autoencoder, is computed with them.
 *
 * @param model its inputs, and all its blobs with them, by name; data that are not inputs of it are labels.
 * @throws DiagnosticsError where they need a layer with weights that the model does not have.
 */
export function labelHead(
  graph: NetGraph,
  model: { inputs: ReadonlySet<string>; blobs: ReadonlySet<string> },
): LabelHead {
  const fromLabels = new Set<BlobVersion>();
  const head = new Set<GraphLayer>();
  for (const layer of graph.layers) {
    if (layer.bottoms.length === 0) {
      for (const top of layer.tops) if (!model.inputs.has(top.name)) fromLabels.add(top);
    } else if (isMeasure(layer) || layer.bottoms.some((bottom) => fromLabels.has(bottom))) {
      if (hasWeights(layer)) throw weightsOnLabels(graph, layer);
      head.add(layer);
      for (const top of layer.tops) fromLabels.add(top);
    }
  }
  const addMissing = (layer: GraphLayer): void => {
    for (const { producer, name } of layer.bottoms) {
      const maker = graph.layers[producer ?? -1];
      if (!maker || head.has(maker) || model.blobs.has(name) || maker.bottoms.length === 0) continue;
      if (hasWeights(maker)) throw notInModel(graph, maker, layer);
      head.add(maker);
      addMissing(maker);
    }
  };
  for (const layer of [...head]) addMissing(layer);
  const measuring = graph.layers.filter((layer) => head.has(layer));
  const made = new Set(measuring.flatMap((layer) => layer.tops));
  const read = [...new Set(measuring.flatMap((layer) => layer.bottoms))].filter((blob) => !made.has(blob));
  const source: GraphLayer = {
    index: 0,
    name: 'inputs of the head',
    type: 'Input',
    param: createMessage('LayerParameter'),
    bottoms: [],
    tops: read,
  };
  return {
    graph: { ...graph, layers: [source, ...measuring.map((layer, i) => ({ ...layer, index: i + 1 }))] },
    scores: read.filter((blob) => !fromLabels.has(blob)),
  };
}

const hasWeights = ({ type }: GraphLayer): boolean => LAYER_KERNELS.get(type)?.params !== undefined;

const isMeasure = ({ type }: GraphLayer): boolean => isLossLayer(type) || CPU_FALLBACKS.has(type);

function weightsOnLabels({ file }: NetGraph, { name, type, line, bottoms }: GraphLayer): DiagnosticsError {
  const read = bottoms.map((blob) => `'${blob.name}'`).join(', ');
  const message = `${type} "${name}" works on ${read}, which is not an input of the deployed net, so a measure of it cannot be computed`;
  const hint = `a deployed net has what a loss reads first; leave the losses that read "${name}" out of TEST, or make it a way to another output`;
  const place = { file, ...(line !== undefined && { line }), layer: name };
  return new DiagnosticsError([{ code: 'not-deployed', severity: 'error', message, hint, ...place }]);
}

function notInModel({ file }: NetGraph, maker: GraphLayer, reader: GraphLayer): DiagnosticsError {
  const message = `layer "${reader.name}" compares with what layer "${maker.name}" computes, which is not part of the deployed net`;
  const hint = `a deployed net has what a loss reads first; leave "${reader.name}" out of TEST, or make "${maker.name}" a way to another output`;
  const place = { file, ...(maker.line !== undefined && { line: maker.line }), layer: maker.name };
  return new DiagnosticsError([{ code: 'not-deployed', severity: 'error', message, hint, ...place }]);
}
