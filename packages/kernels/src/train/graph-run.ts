import type { Tensor } from 'onnxruntime-node';
import { floatTensor, tensor } from '../graph/session.ts';
import type { NetSession } from '../net/net-session.ts';
import { randomNumbers } from '../net/random-inputs.ts';
import { ulqFeeds } from '../quantizers/ulq.ts';
import type { CheckedClip } from './clip-ranges.ts';
import type { StateBuffers } from './state-buffers.ts';
import { nextName, paramName, type TrainGraph } from './train-graph.ts';

/** An array per data input, by name. */
export type InputBatch = ReadonlyMap<string, Float32Array>;

/** A training graph, ready to run. */
export interface TrainSession {
  graph: TrainGraph;
  session: NetSession;
}

/** What one run of a training graph takes besides its state. */
export interface RunInput {
  batch: InputBatch;
  clips: ReadonlyMap<string, CheckedClip>;
  /** Of everything that is random. */
  seed: number;
  /** Runs before this one, of either graph. */
  pass: number;
  /** Scalar inputs of the update, by name. */
  scalars: Readonly<Record<string, number>>;
}

/** Scalar outputs, by name, each in a buffer of its own that runs write. */
export class ScalarOutputs {
  private readonly scalars = new Map<string, { data: Float32Array; tensor: Tensor }>();

  /** What was written last; undefined for an output that no run has had. */
  read(name: string): number | undefined {
    return this.scalars.get(name)?.data[0];
  }

  tensor(name: string): Tensor {
    const known = this.scalars.get(name);
    if (known) return known.tensor;
    const data = new Float32Array(1);
    const made = { data, tensor: floatTensor(data, []) };
    this.scalars.set(name, made);
    return made.tensor;
  }
}

/** Runs a graph once: it reads what is current in `buffers`, and writes what is next there and the scalars `outputs`. */
export async function runTrainGraph(
  { graph, session }: TrainSession,
  buffers: StateBuffers,
  scalars: ScalarOutputs,
  input: RunInput,
  outputs: readonly string[],
): Promise<void> {
  const fetches: Record<string, Tensor> = {};
  for (const { name } of graph.state) fetches[nextName(name)] = buffers.nextTensor(name);
  for (const output of outputs) fetches[output] = scalars.tensor(output);
  await session.runInto(feedsOf(graph, buffers, input), fetches);
}

function feedsOf(graph: TrainGraph, buffers: StateBuffers, input: RunInput): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(input.scalars)) feeds[name] = floatTensor(Float32Array.of(value), []);
  for (const { name, input: tensorName, shape } of graph.inputs)
    feeds[tensorName] = floatTensor(input.batch.get(name)!, shape);
  const random = randomNumbers(graph.randoms, input.seed, input.pass);
  for (const { name, shape } of graph.randoms) feeds[name] = floatTensor(random.get(name)!, shape);
  for (const [name, { grid }] of input.clips) {
    for (const [range, data] of Object.entries(ulqFeeds(name, grid))) {
      feeds[range] = tensor(data instanceof Int8Array ? 'int8' : 'float', data, []);
    }
  }
  const params = graph.params.map(({ key }) => paramName(key));
  const carried = [...graph.state, ...graph.sums].map(({ name }) => name);
  for (const name of [...params, ...carried]) feeds[name] = buffers.currentTensor(name);
  return feeds;
}
