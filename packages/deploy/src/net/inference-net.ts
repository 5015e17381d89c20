import {
  createMessage,
  type BlobVersion,
  type GraphLayer,
  type LayerParameter,
  type NetGraph,
  outputsOf,
  settingsOf,
} from '@caffe-quant/caffe-io';
import { isDataLayer, type Shape } from '@caffe-quant/kernels';
import { isMeasure, layerTypeOf, softmaxWithLoss } from '@caffe-quant/kernels/layer-types';
import { DiagnosticsError, fieldsOf, removeField } from 'caffe-prototxt-parser';
import { EditableNet, type EditableLayer, type NetSource } from './editable-net.ts';

/**
 * The net as it is deployed, from a net for training and testing: its TEST phase, data layers replaced by Input layers
 * with a batch of one, losses and accuracies removed, and Softmax (top `prob`) in the place of SoftmaxWithLoss, as the
 * deploy.prototxt of Caffe's own examples have it. A net that is in that form already stays as it is, byte for byte.
 *
 * @param inputShapes shapes of the data layers' tops, by name; an Input layer's own shape needs none.
 * @throws DiagnosticsError for a net with errors, or one that has no layers left.
 */
export function inferenceNet(source: NetSource, inputShapes: ReadonlyMap<string, Shape>): NetSource {
  const net = EditableNet.open(source);
  const test = net.graph('TEST');
  const scoreLayers = scoreLayersOf(net, test);
  const kept = ancestorsOf(test, wantedBlobs(test));
  if (kept.size === 0) throw nothingLeft(net.file);
  const testLayers = new Map(test.layers.map((layer) => [layer.param, layer]));
  for (const layer of net.layers) {
    const scores = scoreLayers.get(layer.param);
    const inTest = testLayers.get(layer.param);
    if (scores) net.replace(layer, scores);
    else if (!inTest || !kept.has(inTest)) net.remove(layer);
    else if (isDataLayer(inTest)) keepInputs(net, layer, inTest, test, kept, inputShapes);
    else removeRules(layer);
  }
  return { text: net.text(), file: source.file };
}

/** The inference net as a graph whose layers have the lines of the prototxt that it was made of, for messages. */
export function inferenceGraph(inference: NetSource, source: NetSource): NetGraph {
  const written = EditableNet.open(source).graph('TEST');
  return withLinesOf(written, EditableNet.openOwn(inference, 'the inference net').graph('TEST'));
}

/** A graph whose layers have the lines of the layers of the same names in the prototxt of the user. */
export function withLinesOf(written: NetGraph, graph: NetGraph): NetGraph {
  const lines = new Map(written.layers.map(({ name, line }) => [name, line]));
  const layers = graph.layers.map(({ line: _, ...layer }): GraphLayer => {
    const line = lines.get(layer.name);
    return { ...layer, ...(line === undefined ? {} : { line }) };
  });
  return { ...graph, layers };
}

/**
 * The blobs that a deployed net is to give: what the measures read first, of a ContrastiveLoss both features that it
 * compares, and what nothing reads.
 */
function wantedBlobs(graph: NetGraph): BlobVersion[] {
  const measured = graph.layers.flatMap((layer) =>
    isMeasure(layer) && layer.tops.length > 0 ? layer.bottoms.slice(0, layerTypeOf(layer.type)?.modelBottoms ?? 1) : [],
  );
  const unread = outputsOf(graph).filter(({ producer }) => {
    const layer = graph.layers[producer ?? -1];
    return layer && !isDataLayer(layer) && !isMeasure(layer);
  });
  return [...measured, ...unread];
}

function ancestorsOf(graph: NetGraph, blobs: readonly BlobVersion[]): Set<GraphLayer> {
  const found = new Set<GraphLayer>();
  const visit = ({ producer }: BlobVersion): void => {
    const layer = graph.layers[producer ?? -1];
    if (!layer || found.has(layer)) return;
    found.add(layer);
    layer.bottoms.forEach(visit);
  };
  blobs.forEach(visit);
  return found;
}

/**
 * The layers that take the losses' places. A loss of the TRAIN phase counts where TEST has the scores that it reads but
 * no loss for them.
 */
function scoreLayersOf(net: EditableNet, test: NetGraph): Map<LayerParameter, LayerParameter> {
  const replaced = new Map<LayerParameter, LayerParameter>();
  const blobs = new Set(test.layers.flatMap((layer) => layer.tops.map(({ id }) => id)));
  const losses = [...test.layers, ...net.tryGraph('TRAIN').layers].filter((layer) => scoreLayer(layer) !== undefined);
  const done = new Set<string>();
  for (const loss of losses) {
    const scores = loss.bottoms[0];
    const type = scoreLayer(loss)!;
    if (!scores || !blobs.has(scores.id) || done.has(scores.id)) continue;
    done.add(scores.id);
    if (test.layers.some((layer) => layer.type === type && layer.bottoms[0]?.id === scores.id)) continue;
    const axis = loss.type === softmaxWithLoss.type ? settingsOf(softmaxWithLoss, loss.param).axis : 1;
    replaced.set(
      loss.param,
      createMessage('LayerParameter', {
        name: net.freeName('layer', 'prob'),
        type,
        bottom: [scores.name],
        top: [loss.param.top[1] ?? net.freeName('blob', 'prob')],
        ...(axis === 1 ? {} : { softmax_param: createMessage('SoftmaxParameter', { axis }) }),
      }),
    );
  }
  return replaced;
}

/** Replaces a data layer by an Input layer with those of its tops that are still read. */
function keepInputs(
  net: EditableNet,
  layer: EditableLayer,
  { type, tops, param }: GraphLayer,
  graph: NetGraph,
  kept: ReadonlySet<GraphLayer>,
  inputShapes: ReadonlyMap<string, Shape>,
): void {
  const read = tops.filter((top) => [...kept].some(({ bottoms }) => bottoms.includes(top)));
  if (type === 'Input' && read.length === tops.length) {
    removeRules(layer);
    return;
  }
  const shape = read.map((top) => {
    const given = inputShapes.get(top.name) ?? inputShape(param, tops.indexOf(top));
    if (!given) throw missingShape(graph, layer.param, top.name);
    return createMessage('BlobShape', { dim: [1, ...given.slice(1)] });
  });
  const top = read.map(({ name }) => name);
  const name = top.length === 1 && top[0] !== param.name ? net.freeName('layer', top[0]!) : (param.name ?? top[0]!);
  const input = { name, type: 'Input', top, input_param: createMessage('InputParameter', { shape }) };
  net.replace(layer, createMessage('LayerParameter', input));
}

/** Shape of top `index` of an Input layer; one shape may stand for all tops. */
export function inputShape({ type, input_param }: LayerParameter, index: number): Shape | undefined {
  if (type !== 'Input') return undefined;
  const shapes = input_param?.shape ?? [];
  return (shapes.length === 1 ? shapes[0] : shapes[index])?.dim.map(Number);
}

/** The rules by which a layer belongs to a phase: the inference net has only one. */
function removeRules({ node }: EditableLayer): void {
  for (const field of [...fieldsOf(node, 'include'), ...fieldsOf(node, 'exclude')]) removeField(field);
}

function nothingLeft(file: string): DiagnosticsError {
  const message =
    'no layer is left for the deployed net: its TEST phase computes nothing that a loss or an output reads';
  return new DiagnosticsError([{ code: 'empty-net', severity: 'error', message, file }]);
}

function missingShape({ file }: NetGraph, layer: LayerParameter, top: string): DiagnosticsError {
  const message = `the shape of the data '${top}' is not known`;
  return new DiagnosticsError([{ code: 'input-shape', severity: 'error', message, file, layer: layer.name ?? '' }]);
}

/** What a loss makes of the scores before it compares them with the labels. */
const scoreLayer = ({ type }: GraphLayer) => layerTypeOf(type)?.scoreLayer;
