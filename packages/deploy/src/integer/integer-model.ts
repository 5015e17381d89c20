import {
  type CaffemodelLayer,
  outputsOf,
  readCaffemodel,
  settingsOf,
  type Blob,
  type GraphLayer,
  type NetGraph,
} from '@caffe-quant/caffe-io';
import {
  blobInput,
  blobOfOutput,
  blobOutput,
  blobsBehind,
  encodeModel,
  finiteness,
  floatTensor,
  GraphBuilder,
  graphOutputs,
  isDataLayer,
  layersBehind,
  lowerNet,
  NetSession,
  notFiniteLayer,
  quant as quantType,
  type RunOutput,
  type Shape,
} from '@caffe-quant/kernels';
import { type Diagnostic, DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';
import { unpackDeqscale } from '../models/deqscale.ts';
import { EditableNet, type NetSource } from '../net/editable-net.ts';
import { inputShapesOf } from '../net/infer-shapes.ts';
import { readRecord } from '../record/scale-offset-record.ts';
import { IntegerLayers, type IntegerParameters, type IntegerWeights } from './integer-layers.ts';

/** The files of a deploy model: all that the integer model reads. */
export interface DeployFiles {
  prototxt: NetSource;
  caffemodel: { bytes: Uint8Array; file: string };
  record: NetSource;
}

export interface IntegerModelOptions {
  files: DeployFiles;
  /** Images in a run. */
  batchSize: number;
  /** Blob versions to give back, by their ids; default: the net's outputs. */
  outputs?: readonly string[];
  /** Threads; the results are the same bytes for any number. */
  threads?: number;
  /** Whether a run fails where a blob is not finite. Default true. */
  checksFinite?: boolean;
}

/**
 * A deploy model in integer arithmetic: int8 activations and weights, exact integer sums, int32 biases, float32 between
 * the quantized layers. This is what AMCT's deploy model is meant to compute, to the last bit.
 */
export class IntegerModel {
  readonly graph: NetGraph;
  /** Shapes of the inputs, by name. */
  readonly inputShapes: ReadonlyMap<string, Shape>;
  readonly #session: NetSession;
  readonly #fallbacks: readonly GraphLayer[];
  readonly #outputs: readonly string[];
  readonly #options: IntegerModelOptions;

  private constructor(
    { graph, inputShapes }: Pick<IntegerModel, 'graph' | 'inputShapes'>,
    session: NetSession,
    fallbacks: readonly GraphLayer[],
    options: IntegerModelOptions & { outputs: readonly string[] },
  ) {
    this.graph = graph;
    this.inputShapes = inputShapes;
    this.#session = session;
    this.#fallbacks = fallbacks;
    this.#options = options;
    this.#outputs = options.outputs;
  }

  /** @throws DiagnosticsError where the files do not fit together, with all problems. */
  static async create(options: IntegerModelOptions): Promise<IntegerModel> {
    const { files, batchSize, outputs, threads, checksFinite = true } = options;
    const graph = EditableNet.open(files.prototxt).graph('TEST');
    const blobs = blobsOf(files.caffemodel);
    const parameters = parametersOf(files, graph, blobs);
    const inputShapes = inputShapesOf(graph, new Map(), batchSize);
    const integers = new Set([...parameters.weights.keys(), ...parameters.deqscales.keys()]);
    const g = new GraphBuilder();
    const net = lowerNet(g, graph, {
      inputShapes,
      stateless: true,
      override: new IntegerLayers(parameters).override,
      param: (_, { layer, index, shape }) => {
        if (integers.has(layer)) return { name: '', shape, type: 'float' };
        const blob = blobs.get(layer)?.blobs[index];
        if (!blob || blob.data.length !== shape.reduce((product, dim) => product * dim, 1)) {
          throw missing(files, layer, `blob ${index} of layer "${layer}" is not [${shape.join(', ')}]`);
        }
        return g.constant('float', shape, blob.data);
      },
    });
    const wanted = outputs ?? outputsOf(graph).map((blob) => blob.id);
    const given = graphOutputs(wanted, net.fallbacks);
    for (const id of given) {
      const value = net.blobs.get(id);
      if (!value) throw new Error(`the deploy model has no blob '${id}'`);
      g.output(blobOutput(id), value);
    }
    const probe = checksFinite ? finiteness(g, net, given) : undefined;
    if (probe) g.output(FINITE, probe);
    const model = encodeModel(g, { name: graph.name || 'net' });
    const session = await NetSession.open(model, graph, { threads });
    return new IntegerModel({ graph, inputShapes }, session, net.fallbacks, { ...options, outputs: wanted });
  }

  /**
   * Runs one batch: an array per input, by name. The outputs come by blob id.
   * @throws DiagnosticsError where a float blob that they depend on is not finite, with the layer where that arises
   */
  async run(batch: ReadonlyMap<string, Float32Array>): Promise<Map<string, RunOutput>> {
    const feeds = Object.fromEntries(
      [...this.inputShapes].map(([name, shape]) => [blobInput(name), floatTensor(batch.get(name)!, shape)]),
    );
    const { [FINITE]: probe, ...results } = await this.#session.run(feeds);
    if (probe && !Number.isFinite((probe.data as Float32Array)[0])) await this.#failWhereNotFinite(batch);
    const blobs = new Map<string, RunOutput>(
      Object.entries(results).map(([name, result]) => [
        blobOfOutput(name),
        { shape: result.dims, data: floats(result.data) },
      ]),
    );
    return blobsBehind(this.#outputs, this.#fallbacks, blobs, this.graph);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  /** Runs the batch once more, with all blobs as outputs. Returns where only the sum of finite numbers was too large. */
  async #failWhereNotFinite(batch: ReadonlyMap<string, Float32Array>): Promise<void> {
    const fallbacks = new Set(this.#fallbacks);
    const layers = layersBehind(this.graph, graphOutputs(this.#outputs, this.#fallbacks)).filter(
      (layer) => !fallbacks.has(layer),
    );
    const outputs = layers.flatMap(({ tops }) => tops.map(({ id }) => id));
    const model = await IntegerModel.create({ ...this.#options, outputs, checksFinite: false });
    try {
      const problem = notFiniteLayer(this.graph, layers, await model.run(batch), () => []);
      if (problem) throw new DiagnosticsError([problem]);
    } finally {
      await model.close();
    }
  }
}

/** Name of the output that says whether all blobs were finite. */
const FINITE = 'finite';

/** An accumulator that is asked for comes as int32. */
const floats = (data: unknown): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data as Int32Array);

type LayerBlobs = ReadonlyMap<string, CaffemodelLayer>;

function blobsOf({ bytes, file }: DeployFiles['caffemodel']): LayerBlobs {
  return new Map(readCaffemodel(bytes, file).layers.map((layer) => [layer.name, layer]));
}

function parametersOf(files: DeployFiles, graph: NetGraph, blobs: LayerBlobs): IntegerParameters {
  const problems: Diagnostic[] = [];
  const layers = graph.layers.filter((layer) => !isDataLayer(layer));
  const types = new Map(layers.map(({ name, type }) => [name, type]));
  const record = readRecord(files.record.text, files.record.file, types);
  if (hasErrors(record.diagnostics)) throw new DiagnosticsError(record.diagnostics);
  const report = (layer: string, message: string): void => {
    problems.push(...missing(files, layer, message).diagnostics);
  };
  const weights = new Map<string, IntegerWeights>();
  const deqscales = new Map<string, Float32Array>();
  const scales = new Map<string, number>();
  for (const layer of layers) {
    const found = blobs.get(layer.name)?.blobs ?? [];
    if (layer.type === 'DeQuant') {
      const deqscale = deqscaleOf(found, (message) => report(layer.name, `DeQuant "${layer.name}" ${message}`));
      if (deqscale) deqscales.set(layer.name, deqscale);
    } else if (layer.type === 'Quant') {
      const scale = scaleOf(layer, graph, record.layers, (message) =>
        report(layer.name, `Quant "${layer.name}" ${message}`),
      );
      if (scale !== undefined) scales.set(layer.name, scale);
    } else if (found[0]?.int8) {
      weights.set(layer.name, { shape: found[0].shape, weights: found[0].int8, bias: found[1]?.int32 });
      if (found[1] && !found[1].int32) report(layer.name, `layer "${layer.name}" has int8 weights and no int32 bias`);
    } else if (record.layers.has(layer.name) && layer.type !== 'Pooling') {
      report(layer.name, `layer "${layer.name}" stands in the record, but has no int8 weights`);
    }
  }
  if (problems.length > 0) throw new DiagnosticsError(problems);
  return { weights, deqscales, scales };
}

function deqscaleOf(blobs: readonly Blob[], report: (message: string) => void): Float32Array | undefined {
  const [packed, shift] = blobs;
  if (!packed?.uint64) {
    report('has no packed factors (uint64_data)');
    return undefined;
  }
  const { deqscale, offsets } = unpackDeqscale(packed.uint64);
  if (offsets.some((offset) => offset !== 0)) report('has an offset of weights, which AMCT does not support either');
  if (shift?.data.some((bits) => bits !== 0)) report('shifts its accumulator, which the integer model does not do');
  return deqscale;
}

/**
 * scale_d of the layers behind a Quant layer, from the record: the prototxt has only its reciprocal, which does not always
 * lead back to the same float32.
 */
function scaleOf(
  quant: GraphLayer,
  graph: NetGraph,
  records: ReadonlyMap<string, { scale_d?: number | undefined; offset_d?: number | undefined }>,
  report: (message: string) => void,
): number | undefined {
  const settings = settingsOf(quantType, quant.param);
  const served = graph.layers.filter(({ bottoms }) => bottoms.includes(quant.tops[0]!));
  const found = served.map(({ name }) => records.get(name));
  if (served.length === 0 || found.some((each) => each === undefined)) {
    report('serves a layer that the record does not have');
    return undefined;
  }
  const { scale_d: scale = 0, offset_d: offset = 0 } = found[0]!;
  const agrees = found.every((each) => each!.scale_d === scale && each!.offset_d === offset);
  if (!agrees || offset !== settings.offset || Math.abs(scale / settings.scale - 1) > 1e-6) {
    report(`has scale ${settings.scale} and offset ${settings.offset}, the record ${scale} and ${offset}`);
  }
  return scale;
}

function missing(files: DeployFiles, layer: string, message: string): DiagnosticsError {
  return new DiagnosticsError([
    { code: 'deploy-model', severity: 'error', message, file: files.caffemodel.file, layer },
  ]);
}
