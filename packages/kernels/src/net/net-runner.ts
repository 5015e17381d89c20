import type { NetGraph } from '@caffe-quant/caffe-io';
import type { ClipRange } from '@caffe-quant/resolver';
import type { Tensor } from 'onnxruntime-node';
import { channelBlock } from '../graph/channel-block.ts';
import { encodeModel } from '../graph/encode-model.ts';
import { elementCount, GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import type { Device } from '../graph/device.ts';
import { floatTensor, tensor } from '../graph/session.ts';
import { ulqFeeds, ulqGrid } from '../quantizers/ulq.ts';
import { lowerNet, type LoweredNet, type NetLoweringOptions } from './lower-net.ts';
import { blobOf, type NetWeights } from './net-params.ts';
import { NetSession } from './net-session.ts';
import { randomNumbers } from './random-inputs.ts';
import { blobsBehind, graphOutputs } from './run-hosted.ts';

export interface NetRunnerOptions extends Omit<NetLoweringOptions, 'param' | 'quantizers'> {
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
  /** Default: `cpu`. */
  device?: Device | undefined;
}

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
  private readonly options: NetRunnerOptions;
  private runs = 0;

  private constructor(net: LoweredNet, session: NetSession, feeds: Record<string, Tensor>, options: NetRunnerOptions) {
    this.net = net;
    this.session = session;
    this.feeds = feeds;
    this.options = options;
  }

  /** @throws DiagnosticsError for layers that are not supported. */
  static async create(options: NetRunnerOptions): Promise<NetRunner> {
    const { graph, weights, clips, outputs } = options;
    const g = new GraphBuilder({ channelBlock: await channelBlock(options.device) });
    const net = lowerNet(g, graph, { ...options, quantizers: new Set(clips?.keys()) });
    for (const id of graphOutputs(outputs, net.hosted)) {
      const value = net.blobs.get(id);
      if (!value) throw new Error(`no blob '${id}'`);
      g.output(outputName(id), value);
    }
    for (const { name, next } of net.carried) g.output(nextName(name), next);
    if (!options.updatesStatistics) net.updatedParams.clear();
    for (const [key, next] of net.updatedParams) g.output(nextName(paramName(key)), next);
    const feeds: Record<string, Tensor> = {};
    for (const { name, shape } of net.carried) feeds[name] = floatTensor(new Float32Array(elementCount(shape)), shape);
    const graphInputs = new Set(g.inputs.map(({ name }) => name));
    net.params = net.params.filter(({ key }) => graphInputs.has(paramName(key)));
    const model = encodeModel(g, { name: graph.name || 'net' });
    const session = await NetSession.open(model, graph, { device: options.device });
    const runner = new NetRunner(net, session, feeds, options);
    runner.load(weights, clips);
    return runner;
  }

  /** Goes on with other weights, and other ranges of the same quantizers. */
  load(weights: NetWeights, clips: ReadonlyMap<string, ClipRange> = new Map()): void {
    for (const param of this.net.params) {
      this.feeds[paramName(param.key)] = floatTensor(blobOf(weights, param), param.shape);
    }
    for (const { name } of this.net.quantizers) {
      for (const [input, data] of Object.entries(ulqFeeds(name, ulqGrid(clips.get(name)!)))) {
        this.feeds[input] = tensor(data instanceof Int8Array ? 'int8' : 'float', data, []);
      }
    }
  }

  /** Runs one batch: an array per data input, by name. The outputs come by blob id. */
  async run(batch: ReadonlyMap<string, Float32Array>): Promise<Map<string, RunOutput>> {
    const feeds = { ...this.feeds };
    for (const { name, shape } of this.net.inputs) feeds[name] = floatTensor(batch.get(name)!, shape);
    const random = randomNumbers(this.net.randoms, this.options.seed ?? 0, this.runs++);
    for (const { name, shape } of this.net.randoms) feeds[name] = floatTensor(random.get(name)!, shape);
    const results = await this.session.run(feeds);
    for (const { name } of this.net.carried) this.feeds[name] = results[nextName(name)]!;
    for (const key of this.net.updatedParams.keys()) this.feeds[paramName(key)] = results[nextName(paramName(key))]!;
    const blobs = new Map<string, RunOutput>(
      Object.entries(results)
        .filter(([name]) => name.startsWith(OUTPUT_PREFIX))
        .map(([name, result]) => [blobId(name), { shape: result.dims, data: result.data as Float32Array }]),
    );
    return blobsBehind(this.options.outputs, this.net.hosted, blobs, this.options.graph);
  }

  /** The blobs of BatchNorm after the runs so far, by parameter key; none without `updatesStatistics`. */
  statistics(): Map<string, Float32Array> {
    const keys = [...this.net.updatedParams.keys()];
    return new Map(keys.map((key) => [key, this.feeds[paramName(key)]!.data as Float32Array]));
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

/** Outputs have names of their own: a blob may be a graph input as well. */
const OUTPUT_PREFIX = 'out/';
const paramName = (key: string): string => `param/${key}`;
const nextName = (state: string): string => `next/${state}`;
const outputName = (id: string): string => OUTPUT_PREFIX + id;
const blobId = (name: string): string => name.slice(OUTPUT_PREFIX.length);
