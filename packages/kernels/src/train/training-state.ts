import type { Tensor } from 'onnxruntime-node';
import type { Shape } from '../graph/graph-builder.ts';
import type { NetSession } from '../net/net-session.ts';
import type { Crossing } from './crossing.ts';
import type { TrainGraph } from './train-graph.ts';

/** A training graph, ready to run. */
export interface TrainSession {
  graph: TrainGraph;
  session: NetSession;
}

/** Scalars that a run gave, by the names of the graph's outputs. */
export type Scalars = ReadonlyMap<string, number>;

/**
 * What training carries from run to run, by the names of the training graph: weights, histories, clip ranges, sums of gradients.
 * A run reads what is current and writes what is next; that becomes current when it has been found sound.
 */
export interface TrainingState {
  /** A new tensor, `start` or zeros. */
  add(name: string, shape: Shape, start?: Float32Array): void;
  has(name: string): boolean;
  /** What a run is fed with. */
  currentTensor(name: string): Tensor;
  /** Counts what crosses anew. */
  beginIteration(): void;
  /** What has crossed since then; undefined on the processor. */
  readonly crossing: Crossing | undefined;
  /** Runs a graph on `feeds`. */
  run(train: TrainSession, feeds: Record<string, Tensor>, scalars: readonly string[]): Promise<Scalars>;
  /** Makes current what the last run wrote of these. */
  swap(names: readonly string[]): void;
  /** Makes zeros current. */
  clear(names: readonly string[]): Promise<void>;
  /** The current value of a clip range's end, which is read at every step. */
  scalar(name: string): number;
  setScalar(name: string, value: number): void;
  /** A copy of what is current. */
  read(name: string): Promise<Float32Array>;
  /** A copy of what the last run wrote, until it is made current. */
  readNext(name: string): Promise<Float32Array>;
  /** Copies of all that is current. */
  all(): Promise<Map<string, Float32Array>>;
  /** @throws Error where `tensors` are others than these */
  restore(tensors: ReadonlyMap<string, Float32Array>): void;
  /** Gives the memory back. */
  release(): Promise<void>;
}

/** @throws Error where `tensors` are others than those of a state */
export function expectTensors(tensors: ReadonlyMap<string, Float32Array>, lengths: ReadonlyMap<string, number>): void {
  for (const [name, length] of lengths) {
    if (tensors.get(name)?.length !== length) throw new Error(`the snapshot has no ${name} of ${length} elements`);
  }
}
