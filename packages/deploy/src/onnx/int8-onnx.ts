import { type NetGraph, outputsOf } from '@caffe-quant/caffe-io';
import {
  elementCount,
  encodeModel,
  type GraphBuilder as Graph,
  GraphBuilder,
  graphOutputs,
  lowerNet,
  type Shape,
} from '@caffe-quant/kernels';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { inputShapesOf, type WeightTable } from '../net/measured-net.ts';
import type { QuantizedLayer } from '../quantized/quantized-layer.ts';
import type { Preprocessing } from './preprocessing.ts';
import { pruneGraph } from './prune-graph.ts';
import { QdqLayers } from './qdq-layers.ts';

export interface OnnxInput {
  /** The inference net in its TEST phase. */
  graph: NetGraph;
  layers: readonly QuantizedLayer[];
  inputShapes: ReadonlyMap<string, Shape>;
  weights: WeightTable;
  /** How images become the net's inputs, by input; stands in the metadata. */
  preprocessing: readonly Preprocessing[];
}

/**
 * The int8 model as ONNX (QDQ form, opset 18): inputs named as the Caffe net's data blobs, float32 after preprocessing;
 * outputs named as the net's outputs (what DetectionOutput reads, in its place: ONNX has no such layer). The batch size is
 * free, but where a layer has it built in, as a Reshape to `dim: 1 dim: -1` has: then it is one. It runs in any
 * onnxruntime. On x86 processors without VNNI the integer kernels that onnxruntime may choose saturate pairs of products:
 * the session option `session.x64quantprecision` = `1` avoids that.
 *
 * @returns the model, and a warning where the batch size is fixed
 * @throws DiagnosticsError where a layer draws random numbers, or its weights depend on the batch size
 */
export function int8Onnx(input: OnnxInput): { model: Uint8Array; warnings: Diagnostic[] } {
  const { graph, layers } = input;
  const free = freeBatch(input);
  const metadata = {
    'caffe_quant.net': graph.name,
    'caffe_quant.inputs': JSON.stringify(input.preprocessing),
    'caffe_quant.quantizers': JSON.stringify(layers.map(describe)),
  };
  const model = encodeModel(free.graph ?? lowerFor(input, 1), {
    name: graph.name || 'net',
    docString: input.preprocessing.map(({ text }) => text).join('\n'),
    metadata,
    ...(free.graph && { batchDimension: { name: 'batch', size: FREE_SIZE } }),
  });
  return { model, warnings: free.graph ? [] : [builtInBatch(graph, free.layer)] };
}

/** The size that a graph with a free batch is lowered for; another one gives the same graph. */
const FREE_SIZE = 2;

/** A graph that is the same for every batch size, or the first layer by which it is not. */
function freeBatch(input: OnnxInput): { graph: Graph; layer?: never } | { graph?: undefined; layer: string } {
  try {
    // Neither of the sizes is one: what differs between the graphs depends on the batch.
    const [graph, other] = [lowerFor(input, FREE_SIZE), lowerFor(input, FREE_SIZE + 1)];
    const layer = differingLayer(graph, other);
    return layer === undefined ? { graph } : { layer };
  } catch (error) {
    // A layer that takes one image alone; what else is wrong shows when it is lowered for that.
    if (!(error instanceof DiagnosticsError)) throw error;
    return { layer: error.diagnostics[0]?.layer ?? '' };
  }
}

function lowerFor({ graph, layers, inputShapes, weights }: OnnxInput, batch: number): Graph {
  const g = new GraphBuilder();
  const quantized = new Set(layers.map(({ name }) => name));
  const { override } = new QdqLayers(layers);
  const net = lowerNet(g, graph, {
    inputShapes: inputShapesOf(graph, inputShapes, batch),
    override,
    param: (_, { layer, index, shape }) => {
      // Their own lowering makes the quantized layers' weights.
      if (quantized.has(layer)) return { name: '', shape, type: 'float' };
      const data = weights.blob(layer, index);
      if (!data) throw new Error(`no weights for blob ${index} of layer '${layer}'`);
      if (data.length !== elementCount(shape)) throw weightsByBatch(graph, layer, index, shape, batch);
      return g.constant('float', shape, data, `${layer}/${index}`);
    },
  });
  refuseRandomNumbers(graph, net.randoms);
  const blobs = new Map(graph.layers.flatMap(({ tops }) => tops.map((top) => [top.id, top.name])));
  const outputs = outputsOf(graph).map(({ id }) => id);
  for (const id of graphOutputs(outputs, net.hosted)) g.output(blobs.get(id)!, net.blobs.get(id)!);
  pruneGraph(g);
  return g;
}

/** A DummyData that is filled anew at each pass stands for data: nobody would fill it in a deployed net. */
function refuseRandomNumbers(graph: NetGraph, randoms: readonly { layer: string }[]): void {
  const drawing = new Set(randoms.map(({ layer }) => layer));
  const problems = graph.layers
    .filter(({ name }) => drawing.has(name))
    .map(({ name, type, line }): Diagnostic => {
      const message = `${type} "${name}" draws random numbers in TEST, which a deployed net cannot`;
      const hint = 'put an Input layer in its place';
      const at = line === undefined ? {} : { line };
      return { code: 'random-layer', severity: 'error', message, file: graph.file, ...at, layer: name, hint };
    });
  if (problems.length > 0) throw new DiagnosticsError(problems);
}

/** Name of the first layer whose nodes, or their constants, are not the same in both graphs. */
function differingLayer(a: Graph, b: Graph): string | undefined {
  const [ofA, ofB] = [a, b].map(nodeContents);
  const index = ofA!.findIndex((content, i) => content !== ofB![i]);
  if (index < 0 && ofA!.length === ofB!.length) return undefined;
  return a.nodes[index]?.name.replace(/\/[^/]*$/, '') ?? '';
}

function nodeContents({ nodes, constants }: Graph): string[] {
  const known = new Map(constants.map(({ value, bytes }) => [value.name, bytes]));
  const contentOf = (name: string) => {
    const bytes = known.get(name);
    return bytes === undefined || bytes.length > 256 ? `${name} ${bytes?.length}` : [...bytes];
  };
  return nodes.map(({ inputs, attributes, ...node }) =>
    JSON.stringify({ ...node, attributes: [...attributes], inputs: inputs.map(contentOf) }),
  );
}

function builtInBatch({ file, layers }: NetGraph, name: string): Diagnostic {
  const layer = layers.find((each) => each.name === name);
  return {
    code: 'onnx-batch',
    severity: 'warning',
    message: 'the layer has the batch size built in: the ONNX model takes one image at a time',
    file,
    ...(layer?.line !== undefined && { line: layer.line }),
    ...(name !== '' && { layer: name }),
    hint: 'for batches of any size keep the first axis as it is, in a Reshape by `dim: 0`',
  };
}

/** An axis 0 of a convolution or an InnerProduct makes weights of what an exported model has for its batch. */
function weightsByBatch({ file, layers }: NetGraph, name: string, index: number, shape: Shape, batch: number) {
  const line = layers.find((each) => each.name === name)?.line;
  return new DiagnosticsError([
    {
      code: 'onnx-batch',
      severity: 'error',
      message: `blob ${index} of layer "${name}" would be [${shape.join(', ')}] for a batch of ${batch}: its size depends on the first axis of the data`,
      file,
      ...(line !== undefined && { line }),
      layer: name,
      hint: 'the first axis of the data counts images in exported models: put one of length 1 before the others, and count `axis` from there',
    },
  ]);
}

const describe = ({ name, data, weights }: QuantizedLayer) => ({
  layer: name,
  quantizer: data.quantizer,
  clip_max: data.clip.max,
  clip_min: data.clip.min,
  scale_d: data.grid.scale,
  offset_d: data.grid.zeroPoint,
  channel_wise: weights?.channelWise ?? false,
});
