import { type GraphLayer, type NetGraph, outputsOf } from '@caffe-quant/caffe-io';
import {
  elementCount,
  encodeModel,
  type GraphBuilder as Graph,
  GraphBuilder,
  graphOutputs,
  lowerNet,
  type Shape,
  type Value,
} from '@caffe-quant/kernels';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { inputShapesOf, type WeightTable } from '../net/infer-shapes.ts';
import type { QuantizedLayer } from '../quantized/quantized-layer.ts';
import { freeBatch, type GraphOfBatch } from './free-batch.ts';
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

/** Metadata: which tensor holds a blob of the net, by the blob's name, as its last layer leaves it; and of outputs the blob. */
export const BLOBS_KEY = 'caffe_quant.blobs';
export const OUTPUTS_KEY = 'caffe_quant.outputs';

/**
 * The int8 model as ONNX (QDQ form, in the lowest opset that holds it): inputs named as the Caffe net's data blobs, float32
 * after preprocessing; outputs named as the net's outputs (what DetectionOutput reads, in its place: ONNX has no such layer;
 * with `_out` behind it where an input has the name). The batch size is free, but where a layer has it built in, as a Reshape
 * to `dim: 1 dim: -1` has: then it is one. It runs in any onnxruntime. On x86 processors without VNNI the integer kernels
 * that onnxruntime may choose saturate pairs of products: the session option `session.x64quantprecision` = `1` avoids that.
 *
 * @returns the model, and warnings where the batch size is fixed, and of layers whose state nobody hands on
 * @throws DiagnosticsError where a layer draws random numbers, or its weights depend on the batch size
 */
export function int8Onnx(input: OnnxInput): { model: Uint8Array; warnings: Diagnostic[] } {
  const { graph, layers } = input;
  const carrying = new Set<GraphLayer>();
  const lower = (batch: number) => lowerFor(input, batch, carrying);
  const free = freeBatch(graph, lower);
  const isFree = 'graph' in free;
  const { graph: g, blobs, outputs } = isFree ? free : lower(1);
  pruneGraph(g);
  const metadata = {
    'caffe_quant.net': graph.name,
    'caffe_quant.inputs': JSON.stringify(input.preprocessing),
    'caffe_quant.quantizers': JSON.stringify(layers.map(describe)),
    [BLOBS_KEY]: JSON.stringify(tensorsOf(graph, g, blobs)),
    [OUTPUTS_KEY]: JSON.stringify(outputs),
  };
  const model = encodeModel(g, {
    name: graph.name || 'net',
    docString: input.preprocessing.map(({ text }) => text).join('\n'),
    metadata,
    lowestOpset: true,
    ...(isFree && { shapes: free.shapes }),
  });
  const warnings = [...carrying].map((layer) => beginsAnew(graph, layer));
  return { model, warnings: isFree ? warnings : [...warnings, builtInBatch(graph, free.layer)] };
}

/** By the names of the net's blobs, the tensors that hold them: those of the last layer that writes them. */
function tensorsOf(net: NetGraph, g: Graph, blobs: ReadonlyMap<string, Value>): Record<string, string> {
  const made = new Set(g.nodes.flatMap(({ outputs }) => outputs));
  const tops = net.layers.flatMap(({ tops }) => tops);
  return Object.fromEntries(
    tops.flatMap(({ id, name }) => {
      const tensor = blobs.get(id)?.name;
      return tensor !== undefined && made.has(tensor) ? [[name, tensor] as const] : [];
    }),
  );
}

/** @param carrying gets the layers that Caffe carries a state over for, from one pass to the next */
function lowerFor(
  { graph, layers, inputShapes, weights }: OnnxInput,
  batch: number,
  carrying: Set<GraphLayer>,
): GraphOfBatch {
  const reserved = new Set(graph.layers.flatMap(({ tops }) => tops.map(({ name }) => name)));
  const g = new GraphBuilder({ plain: true, reserved });
  const quantized = new Set(layers.map(({ name }) => name));
  const { override } = new QdqLayers(layers);
  const net = lowerNet(g, graph, {
    inputShapes: inputShapesOf(graph, inputShapes, batch),
    override,
    stateless: true,
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
  for (const { layer, lowered } of net.layers) if (lowered.nextState) carrying.add(layer);
  const blobs = new Map(graph.layers.flatMap(({ tops }) => tops.map((top) => [top.id, top.name])));
  const outputs = new Map<string, string>();
  const wanted = outputsOf(graph).map(({ id }) => id);
  for (const id of graphOutputs(wanted, net.fallbacks)) {
    const blob = blobs.get(id)!;
    const name = outputName(g, blob, reserved);
    g.output(name, net.blobs.get(id)!);
    outputs.set(name, blob);
  }
  return { graph: g, blobs: net.blobs, outputs: Object.fromEntries(outputs) };
}

/**
 * A blob's own name; another where the graph has a tensor of that name, as an input has that a layer rewrites in place, and where
 * onnxruntime for JavaScript could not hand the output out.
 */
function outputName(g: Graph, blob: string, blobs: ReadonlySet<string>): string {
  if (!g.valueOf(blob) && blob !== '__proto__') return blob;
  let name = `${blob}_out`;
  while (g.valueOf(name) || blobs.has(name)) name += '_out';
  return name;
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

function beginsAnew({ file }: NetGraph, { name, type, line }: GraphLayer): Diagnostic {
  return {
    code: 'onnx-state',
    severity: 'warning',
    message: `${type} goes on where Caffe's pass before ended, wherever \`cont\` is 1 at the first step; the deployed models begin each run with a state of zeros`,
    file,
    ...(line !== undefined && { line }),
    layer: name,
    hint: 'give them whole sequences, with `cont` 0 at the first step; or hand the state on yourself, by expose_hidden: true',
  };
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
    hint:
      BATCH_HINTS[layer?.type ?? ''] ??
      'for batches of any size each image must keep a place of its own on the first axis',
  };
}

/** How a layer is written that does not have the batch size built in, by its type. */
const BATCH_HINTS: Readonly<Record<string, string>> = {
  Reshape: 'for batches of any size keep the first axis as it is, in a Reshape by `dim: 0`',
  Reduction: 'for batches of any size keep the first axis, in a Reduction by `axis: 1`',
  Flatten: 'for batches of any size keep the first axis, in a Flatten by `axis: 1`',
  RNN: 'its first axis is time, one node a step: put the images of a batch on the second axis',
  LSTM: 'its first axis is time, one node a step: put the images of a batch on the second axis',
};

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
