import type { NetGraph } from '@caffe-quant/caffe-io';
import type { ClipRange } from '../quantizers/canonical-plan.ts';
import { DiagnosticsError, type Diagnostic } from 'caffe-prototxt-parser';
import type { Tensor } from 'onnxruntime-node';
import { channelBlock } from '../graph/channel-block.ts';
import { encodeModel } from '../graph/encode-model.ts';
import { elementCount, GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import { floatTensor, tensor } from '../graph/session.ts';
import { CPU_FALLBACKS } from '../layers/registry.ts';
import { ulqFeeds, ulqGrid } from '../quantizers/ulq.ts';
import { CONTINUOUS, expectSame, expectSamePass, STEPPED } from './device-check.ts';
import { finiteness, layersBehind } from './finiteness.ts';
import { checkKey, CHECKS_OF_PROCESS, type DeviceUse } from './kept-checks.ts';
import { lowerNet, switchName, type LoweredNet, type NetLoweringOptions } from './lower-net.ts';
import { blobOf, type NetWeights } from './net-params.ts';
import { NetSession } from './net-session.ts';
import { notFiniteLayer } from './not-finite-layer.ts';
import { randomNumbers } from './random-inputs.ts';
import { blobsBehind, graphOutputs } from './run-cpu-fallbacks.ts';
import { steppedLayers } from './stepped-layers.ts';
import { blobOfOutput, blobOutput, isBlobOutput } from './tensor-names.ts';

export interface NetRunnerOptions extends Omit<NetLoweringOptions, 'param' | 'quantizers' | 'switches'>, DeviceUse {
  graph: NetGraph;
  weights: NetWeights;
  /** Ranges of the plan's quantizers; a quantizer without one is left out, and its layers stay float. */
  clips?: ReadonlyMap<string, ClipRange>;
  /** Blob versions to give back, by their ids. */
  outputs: readonly string[];
  /** Of Dropout's masks where the net is a TRAIN net. Default 0. */
  seed?: number;
  /** Whether BatchNorm's statistics go on from run to run; `statistics` has them. Default: they stay as they are. */
  updatesStatistics?: boolean;
  /** The run that the masks begin with. Default 0. */
  firstRun?: number;
  /** What recurrent layers begin with, by the names of the graph's inputs. Default: zeros. */
  carried?: ReadonlyMap<string, Float32Array>;
  /** The layers that are quantized in the runs to come, of a graph that can be told others. Absent: all, for good. */
  quantized?: ReadonlySet<string>;
  /** Whether a run fails where a blob is not finite. Default true. */
  checksFinite?: boolean;
  /** Whether the first run on another device than `cpu` is held against the processor's. Default true. */
  checksDevice?: boolean;
}

/** Where arrays of so many elements come from. */
export type ArraySource = (length: number) => Float32Array;

export interface RunOutput {
  shape: Shape;
  data: Float32Array;
}

/**
 * The forward pass of a net, float or fake-quantized, for batches of one size. Dropout of a TRAIN net drops as in
 * training, since its quantizers see what training will show them: run `i` has the mask of seed and `i`.
 */
export class NetRunner {
  readonly net: LoweredNet;
  private readonly session: NetSession;
  private readonly feeds: Record<string, Tensor>;
  /** Of the graph's outputs, by name. */
  private readonly shapes: ReadonlyMap<string, Shape>;
  private readonly options: NetRunnerOptions;
  /** Tells its graph from others that a device may have been checked with; undefined on the processor. */
  readonly checkKey: string | undefined;
  private clips: ReadonlyMap<string, ClipRange> | undefined;
  private quantized: ReadonlySet<string> | undefined;
  private runs: number;

  private constructor(
    net: LoweredNet,
    session: NetSession,
    feeds: Record<string, Tensor>,
    shapes: ReadonlyMap<string, Shape>,
    options: NetRunnerOptions,
    key: string | undefined,
  ) {
    this.checkKey = key;
    this.clips = options.clips;
    this.runs = options.firstRun ?? 0;
    this.net = net;
    this.session = session;
    this.feeds = feeds;
    this.shapes = shapes;
    this.options = options;
  }

  /** @throws DiagnosticsError for layers that are not supported. */
  static async create(options: NetRunnerOptions): Promise<NetRunner> {
    const { graph, weights, clips, outputs, carried, checksFinite = true } = options;
    const g = new GraphBuilder({ channelBlock: await channelBlock(options.device) });
    const switches = options.quantized !== undefined;
    const net = lowerNet(g, graph, { ...options, switches, quantizers: new Set(clips?.keys()) });
    const given = graphOutputs(outputs, net.fallbacks);
    for (const id of given) {
      const value = net.blobs.get(id);
      if (!value) throw new Error(`no blob '${id}'`);
      g.output(blobOutput(id), value);
    }
    const probe = checksFinite ? finiteness(g, net, given, options.device) : undefined;
    if (probe) g.output(FINITE, probe);
    for (const { name, next } of net.carried) g.output(nextName(name), next);
    if (!options.updatesStatistics) net.updatedParams.clear();
    for (const [key, next] of net.updatedParams) g.output(nextName(paramName(key)), next);
    const graphInputs = new Set(g.inputs.map(({ name }) => name));
    net.params = net.params.filter(({ key }) => graphInputs.has(paramName(key)));
    const { device = 'cpu' } = options;
    const isOnProcessor = device === 'cpu';
    const model = encodeModel(g, { name: graph.name || 'net', uncopied: isOnProcessor });
    const session = await NetSession.open(model, graph, { device });
    const key = isOnProcessor ? undefined : checkKey('forward', [model], device);
    const shapes = new Map(g.outputs.map(({ name, value }) => [name, value.shape]));
    const feeds: Record<string, Tensor> = {};
    for (const { name, shape } of net.carried) {
      feeds[name] = floatTensor(carried?.get(name) ?? new Float32Array(elementCount(shape)), shape);
    }
    const runner = new NetRunner(net, session, feeds, shapes, options, key);
    runner.load(weights, clips);
    runner.quantizeOnly(options.quantized ?? new Set());
    return runner;
  }

  /** Goes on with these layers quantized and all others float, where the runner was made with a choice of them. */
  quantizeOnly(layers: ReadonlySet<string>): void {
    if (this.options.quantized) this.quantized = layers;
    for (const name of this.net.switched) {
      this.feeds[switchName(name)] = floatTensor(Float32Array.of(layers.has(name) ? 1 : 0), []);
    }
  }

  /** Goes on with other weights, and other ranges of the same quantizers. */
  load(weights: NetWeights, clips: ReadonlyMap<string, ClipRange> = new Map()): void {
    this.clips = clips;
    for (const param of this.net.params) {
      this.feeds[paramName(param.key)] = floatTensor(blobOf(weights, param), param.shape);
    }
    for (const { name } of this.net.quantizers) {
      for (const [input, data] of Object.entries(ulqFeeds(name, ulqGrid(clips.get(name)!)))) {
        this.feeds[input] = tensor(data instanceof Int8Array ? 'int8' : 'float', data, []);
      }
    }
  }

  /**
   * Runs one batch: an array per data input, by name. The outputs come by blob id.
   *
   * @param arrayOf gives an array of so many elements that a blob may be computed into. Default: a new one
   * @throws DiagnosticsError where a blob that the outputs depend on is not finite, with the layer where that arises, and
   *   where the device computes something else than the processor
   */
  async run(
    batch: ReadonlyMap<string, Float32Array>,
    arrayOf: ArraySource = (length) => new Float32Array(length),
  ): Promise<Map<string, RunOutput>> {
    const feeds = { ...this.feeds };
    for (const { name, input, shape } of this.net.inputs) feeds[input] = floatTensor(batch.get(name)!, shape);
    const run = this.runs++;
    const random = randomNumbers(this.net.randoms, this.options.seed ?? 0, run);
    for (const { name, shape } of this.net.randoms) feeds[name] = floatTensor(random.get(name)!, shape);
    const results = await this.compute(feeds, arrayOf);
    const { graph, outputs, checksDevice = true } = this.options;
    // Before a NaN is looked for: a device's own would be blamed on the data.
    if (this.checkKey !== undefined && checksDevice) await this.checkDevice(this.checkKey, batch, run, results);
    const probe = results[FINITE]?.data as Float32Array | undefined;
    if (probe && !Number.isFinite(probe[0])) await this.failWhereNotFinite(batch, run);
    for (const { name } of this.net.carried) this.feeds[name] = results[nextName(name)]!;
    for (const key of this.net.updatedParams.keys()) this.feeds[paramName(key)] = results[nextName(paramName(key))]!;
    return blobsBehind(outputs, this.net.fallbacks, blobsOf(results), graph);
  }

  private async compute(feeds: Record<string, Tensor>, arrayOf: ArraySource): Promise<Results> {
    // A device has the results in memory of its own, so that they are copied in any case.
    if (this.checkKey !== undefined) return this.session.run(feeds);
    const results: Record<string, Tensor> = {};
    for (const [name, shape] of this.shapes) {
      const length = elementCount(shape);
      results[name] = floatTensor(isBlobOutput(name) ? arrayOf(length) : new Float32Array(length), shape);
    }
    await this.session.runInto(feeds, results);
    return results;
  }

  /** Holds all blobs of a graph like this one, and what this one gave, against the processor's. */
  private async checkDevice(key: string, batch: Batch, run: number, results: Results): Promise<void> {
    const { graph, device = 'cpu', checks = CHECKS_OF_PROCESS } = this.options;
    await checks.once(key, async () => {
      const state = this.stateBefore(run);
      const options = { ...this.options, ...state };
      const { net, blobs: processor } = await runOnce({ ...options, device: 'cpu' }, batch);
      await checkForward(options, batch);
      // With the graph as it is run, which the engine may optimize otherwise than one that gives all blobs.
      const isStepped = steppedLayers(net);
      expectSamePass(device, graph, { layers: graph.layers, processor, device: blobsOf(results), isStepped });
    });
  }

  /** Returns where the sum of finite elements was beyond float32. */
  private async failWhereNotFinite(batch: ReadonlyMap<string, Float32Array>, run: number): Promise<void> {
    const outputs = graphOutputs(this.options.outputs, this.net.fallbacks);
    const problem = await findNotFiniteLayer({ ...this.options, ...this.stateBefore(run), outputs }, batch);
    if (problem) throw new DiagnosticsError([problem]);
  }

  /** What a run started from, before what it made is taken over. */
  private stateBefore(run: number) {
    const dataOf = (input: string) => this.feeds[input]!.data as Float32Array;
    const weights = new Map<string, Float32Array[]>();
    for (const { key, layer, index } of this.net.params) {
      const blobs = weights.get(layer) ?? [];
      blobs[index] = dataOf(paramName(key));
      weights.set(layer, blobs);
    }
    return {
      ...{ weights, firstRun: run },
      ...(this.clips && { clips: this.clips }),
      ...(this.quantized && { quantized: this.quantized }),
      carried: new Map(this.net.carried.map(({ name }) => [name, dataOf(name)])),
    };
  }

  /** The blobs of BatchNorm after the runs so far, by parameter key; none without `updatesStatistics`. */
  statistics(): Map<string, Float32Array> {
    const keys = [...this.net.updatedParams.keys()];
    return new Map(keys.map((key) => [key, this.feeds[paramName(key)]!.data as Float32Array]));
  }

  /** What the next run begins with of what the runs so far made: statistics, and the state of recurrent layers. */
  state(): Map<string, RunOutput> {
    const names = [...this.net.carried.map(({ name }) => name), ...[...this.net.updatedParams.keys()].map(paramName)];
    return new Map(
      names.map((name) => [name, { shape: this.feeds[name]!.dims, data: this.feeds[name]!.data as Float32Array }]),
    );
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

/**
 * Runs a batch once more, with all blobs as outputs, and names the layer where a NaN or an infinity arises; undefined
 * where all that the outputs of `options` are computed by is finite. What a device shows no blob of, since it makes a
 * number of the NaN within the layer, the processor shows.
 */
export async function findNotFiniteLayer(options: NetRunnerOptions, batch: Batch): Promise<Diagnostic | undefined> {
  const found = await notFiniteOn(options, batch);
  if (found || (options.device ?? 'cpu') === 'cpu') return found;
  return notFiniteOn({ ...options, device: 'cpu' }, batch);
}

async function notFiniteOn(options: NetRunnerOptions, batch: Batch): Promise<Diagnostic | undefined> {
  const { graph, outputs, weights, known } = options;
  const layers = layersBehind(graph, outputs).filter(
    ({ type, index }) => !CPU_FALLBACKS.has(type) && index >= (known?.layers ?? 0),
  );
  const ids = layers.flatMap(({ tops }) => tops.map(({ id }) => id));
  const { net, blobs } = await runOnce({ ...options, outputs: ids, checksFinite: false }, batch);
  for (const [id, shape] of known?.blobs ?? []) blobs.set(id, { shape, data: batch.get(id)! });
  const paramsOf = new Map(net.layers.map(({ layer, params }) => [layer.name, params]));
  return notFiniteLayer(graph, layers, blobs, (layer) =>
    (paramsOf.get(layer) ?? []).map((param) => ({ ...param, data: blobOf(weights, param) })),
  );
}

/**
 * Holds every blob of a net, as far as `until`, against the processor's: the first layer in net order that differs is the one
 * that the device has wrong. A quantized net is checked as a float one first, where every element can be; that is the same for
 * whatever is quantized of it, and done once.
 *
 * @throws DiagnosticsError where a layer differs
 */
export async function checkForward(options: NetRunnerOptions, batch: Batch): Promise<void> {
  const { plan, checks = CHECKS_OF_PROCESS } = options;
  if (plan) await checkForward(withoutPlan(options), batch);
  const everything = { ...options, outputs: producedBlobs(options), checksFinite: false, checksDevice: false };
  const runner = await NetRunner.create(everything);
  try {
    await checks.once(runner.checkKey!, async () => {
      // First the processor: what it refuses is a mistake of the user.
      const processor = await runOnce({ ...everything, device: 'cpu' }, batch);
      comparePasses(options, processor, { net: runner.net, blobs: await runner.run(batch), state: runner.state() });
    });
  } finally {
    await runner.close();
  }
}

function comparePasses({ graph, plan, device = 'cpu' }: NetRunnerOptions, processor: Pass, own: Pass): void {
  const isStepped = steppedLayers(processor.net);
  expectSamePass(device, graph, { layers: graph.layers, processor: processor.blobs, device: own.blobs, isStepped });
  for (const [name, { shape, data }] of processor.state) {
    const owner = processor.net.params.find(({ key }) => paramName(key) === name)?.layer;
    const layer = graph.layers.find((each) => each.name === owner || name.startsWith(`state/${each.name}/`));
    const compared = {
      what: `what it hands on, '${name}',`,
      shape,
      processor: data,
      device: own.state.get(name)!.data,
    };
    expectSame(device, graph, layer, compared, plan ? STEPPED : CONTINUOUS);
  }
}

/** A forward pass over one batch. */
interface Pass {
  net: LoweredNet;
  blobs: Map<string, RunOutput>;
  /** What it hands on, by the names of the graph's inputs. */
  state: Map<string, RunOutput>;
}

async function runOnce(options: NetRunnerOptions, batch: Batch): Promise<Pass> {
  const runner = await NetRunner.create({ ...options, checksDevice: false });
  try {
    return { net: runner.net, blobs: await runner.run(batch), state: runner.state() };
  } finally {
    await runner.close();
  }
}

/** Ids of all blobs that the graph of these options makes. */
function producedBlobs({ graph, until, known }: NetRunnerOptions): string[] {
  const last = graph.layers.findIndex(({ tops }) => tops.some(({ id }) => id === until));
  return graph.layers
    .slice(known?.layers ?? 0, last < 0 ? undefined : last + 1)
    .filter(({ type }) => !CPU_FALLBACKS.has(type))
    .flatMap(({ tops }) => tops.map(({ id }) => id));
}

function withoutPlan({
  plan: _plan,
  clips: _clips,
  quantized: _quantized,
  ...options
}: NetRunnerOptions): NetRunnerOptions {
  return options;
}

const blobsOf = (results: Results): Map<string, RunOutput> =>
  new Map(
    Object.entries(results)
      .filter(([name]) => isBlobOutput(name))
      .map(([name, result]) => [blobOfOutput(name), { shape: result.dims, data: result.data as Float32Array }]),
  );

type Batch = ReadonlyMap<string, Float32Array>;
type Results = Awaited<ReturnType<NetSession['run']>>;

/** Name of the output that says whether all blobs were finite. */
const FINITE = 'finite';

const paramName = (key: string): string => `param/${key}`;
const nextName = (state: string): string => `next/${state}`;
