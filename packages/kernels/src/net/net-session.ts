import type { GraphLayer, NetGraph } from '@caffe-quant/caffe-io';
import { type Diagnostic, DiagnosticsError, internalError } from 'caffe-prototxt-parser';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Device } from '../graph/device.ts';
import { firstNodes, nodeNames } from '../graph/read-model.ts';
import { openSession, type SessionOptions } from '../graph/session.ts';
import { expectSumsShowNaN } from '../graph/sums-show-nan.ts';
import { runInto } from '../graph/uncopied-run.ts';
import { placeOf } from './layer-problem.ts';

type Feeds = Record<string, Tensor>;

/**
 * The session of a graph that was lowered of a net. What the engine refuses, or cannot compute, ends in a diagnostic of the
 * layer, never in the engine's words.
 */
export class NetSession {
  readonly #session: InferenceSession;
  readonly #net: NetGraph;
  readonly #device: Device;

  private constructor(session: InferenceSession, net: NetGraph, device: Device) {
    this.#session = session;
    this.#net = net;
    this.#device = device;
  }

  /** @throws DiagnosticsError where the engine or the device refuses the model. */
  static async open(model: Uint8Array, net: NetGraph, options: SessionOptions = {}): Promise<NetSession> {
    const { device = 'cpu' } = options;
    try {
      if (device !== 'cpu') await expectSumsShowNaN(device);
      return new NetSession(await openSession(model, options), net, device);
    } catch (error) {
      if (error instanceof DiagnosticsError) throw error;
      const node = await firstRefused(model);
      throw problemOf(error, net, node, 'the engine has no way to compute this layer with these settings');
    }
  }

  /**
   * All outputs, in memory of their own.
   * @throws DiagnosticsError where a layer cannot be computed with these values
   */
  run(feeds: Feeds): Promise<InferenceSession.ReturnType> {
    return this.#computed(() => this.#session.run(feeds));
  }

  /**
   * Computes into `fetches`, by the names of outputs.
   * @throws DiagnosticsError where a layer cannot be computed with these values
   */
  runInto(feeds: Feeds, fetches: Feeds): Promise<void> {
    return this.#computed(() => runInto(this.#session, feeds, fetches));
  }

  async #computed<T>(compute: () => Promise<T>): Promise<T> {
    try {
      return await compute();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const node = /Name:'([^']*)'/.exec(text)?.[1];
      const outside = outsideOf(text);
      if (outside !== undefined) throw problemOf(error, this.#net, node, outside, 'layer-input');
      const lack = lackOfMemory(text);
      if (lack !== undefined) throw problemOf(error, this.#net, node, lack, 'memory');
      if (this.#device !== 'cpu') throw deviceFailed(error, this.#net, node, this.#device);
      throw problemOf(error, this.#net, node, 'the engine failed in this layer');
    }
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/**
 * Of a Gather over `limit` rows whose index is none of theirs. `forGather` gives it indices below 0 less `limit`, so that
 * none counts from the end.
 */
function outsideOf(text: string): string | undefined {
  const [, index, least] = /idx=(-?\d+) must be within the inclusive range \[(-\d+),-?\d+\]/.exec(text) ?? [];
  if (index === undefined || least === undefined) return undefined;
  const limit = -Number(least);
  const value = Number(index) < 0 ? Number(index) + limit : Number(index);
  return `a label or index is ${value}, which is outside [0, ${limit - 1}]`;
}

/** Of an allocation that the system refused. */
function lackOfMemory(text: string): string | undefined {
  const bytes = /Failed to allocate memory for requested buffer of size (\d+)/.exec(text)?.[1];
  if (bytes !== undefined) return `there is not enough memory: it asked for ${(Number(bytes) / 1e9).toFixed(1)} GB`;
  return /bad.?alloc/i.test(text) ? 'there is not enough memory' : undefined;
}

/** What a device has taken over and cannot do. */
function deviceFailed(error: unknown, net: NetGraph, node: string | undefined, device: Device): DiagnosticsError {
  const layer = node === undefined ? undefined : layerOf(net, node);
  const problem: Diagnostic = {
    ...{ code: 'device', severity: 'error', ...(layer ? placeOf(net, layer) : { file: net.file }) },
    message: `${layer ? `${layer.type}: ` : ''}the device '${device}' failed in a run`,
    hint: 'take device: cpu, or another driver of this device',
  };
  return new DiagnosticsError([problem], undefined, { cause: error });
}

function problemOf(error: unknown, net: NetGraph, node: string | undefined, what: string, code?: string) {
  const layer = node === undefined ? undefined : layerOf(net, node);
  const message = layer ? `${layer.type}: ${what}` : `${what}, of the net ${net.name || 'in this file'}`;
  const where = layer ? placeOf(net, layer) : { file: net.file };
  const problem: Diagnostic = code
    ? { code, severity: 'error', message, ...where }
    : internalError(message, { code: 'engine', ...where });
  return new DiagnosticsError([problem], undefined, { cause: error });
}

/** Nodes are named `<layer>/...`; of layers whose names begin alike the longest name is meant. */
function layerOf(net: NetGraph, node: string): GraphLayer | undefined {
  return net.layers
    .filter(({ name }) => node.startsWith(`${name}/`))
    .reduce<GraphLayer | undefined>(
      (best, layer) => (best && best.name.length >= layer.name.length ? best : layer),
      undefined,
    );
}

/** The name of the first node with which the engine refuses a model, by halving; undefined if none alone is at fault. */
async function firstRefused(model: Uint8Array): Promise<string | undefined> {
  const names = nodeNames(model);
  const opens = async (count: number): Promise<boolean> => {
    try {
      await (await openSession(firstNodes(model, count), { threads: 1 })).release();
      return true;
    } catch {
      return false;
    }
  };
  let [good, bad] = [0, names.length];
  if (bad === 0 || (await opens(bad))) return undefined;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (await opens(middle)) good = middle;
    else bad = middle;
  }
  return names[bad - 1];
}
