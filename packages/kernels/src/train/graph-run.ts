import type { Tensor } from 'onnxruntime-node';
import { floatTensor, tensor } from '../graph/session.ts';
import { randomNumbers } from '../net/random-inputs.ts';
import { ulqFeeds } from '../quantizers/ulq.ts';
import type { CheckedClip } from './clip-ranges.ts';
import { paramName, type TrainGraph } from './train-graph.ts';
import type { TrainingState } from './training-state.ts';

/** An array per data input, by name. */
export type InputBatch = ReadonlyMap<string, Float32Array>;

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

/** What one run of a training graph is fed with: its input, and what is current in `state`. */
export function feedsOf(graph: TrainGraph, state: TrainingState, input: RunInput): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(input.scalars)) feeds[name] = floatTensor(Float32Array.of(value), []);
  for (const { name, shape } of graph.inputs) feeds[name] = floatTensor(input.batch.get(name)!, shape);
  const random = randomNumbers(graph.randoms, input.seed, input.pass);
  for (const { name, shape } of graph.randoms) feeds[name] = floatTensor(random.get(name)!, shape);
  for (const [name, { grid }] of input.clips) {
    for (const [range, data] of Object.entries(ulqFeeds(name, grid))) {
      feeds[range] = tensor(data instanceof Int8Array ? 'int8' : 'float', data, []);
    }
  }
  const params = graph.params.map(({ key }) => paramName(key));
  const carried = [...graph.state, ...graph.sums].map(({ name }) => name);
  for (const name of [...params, ...carried]) feeds[name] = state.currentTensor(name);
  return feeds;
}
