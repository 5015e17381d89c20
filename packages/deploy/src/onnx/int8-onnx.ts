import { type NetGraph, outputsOf } from '@caffe-quant/caffe-io';
import {
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
 * outputs named as the net's outputs (what DetectionOutput reads, in its place: ONNX has no such layer); the batch size is free. It runs in any onnxruntime. On x86 processors without VNNI
 * the integer kernels that onnxruntime may choose saturate pairs of products: the session option
 * `session.x64quantprecision` = `1` avoids that.
 * @throws DiagnosticsError where a layer has no form that leaves the batch size free, or draws random numbers.
 */
export function int8Onnx(input: OnnxInput): Uint8Array {
  const { graph, layers } = input;
  // Two sizes, neither of them one: what differs between the graphs depends on the batch.
  const [two, three] = [lowerFor(input, 2), lowerFor(input, 3)];
  const differing = differingLayer(two, three);
  if (differing !== undefined) throw builtInBatch(graph, differing);
  const metadata = {
    'caffe_quant.net': graph.name,
    'caffe_quant.inputs': JSON.stringify(input.preprocessing),
    'caffe_quant.quantizers': JSON.stringify(layers.map(describe)),
  };
  return encodeModel(two, {
    name: graph.name || 'net',
    docString: input.preprocessing.map(({ text }) => text).join('\n'),
    metadata,
    batchDimension: 'batch',
  });
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

function builtInBatch({ file, layers }: NetGraph, name: string): DiagnosticsError {
  const layer = layers.find((each) => each.name === name);
  return new DiagnosticsError([
    {
      code: 'onnx-batch',
      severity: 'error',
      message: 'the layer has the batch size built in, so the net cannot be written as ONNX with a free one',
      file,
      ...(layer?.line !== undefined && { line: layer.line }),
      ...(name !== '' && { layer: name }),
      hint: 'keep the first axis as it is, e.g. with `dim: 0` in a Reshape',
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
