import type { Tensor } from 'onnxruntime-node';
import { isOnDevice } from '../graph/device-tensor.ts';
import { nextName, paramName, type TrainGraph } from './train-graph.ts';

/** What is copied between the processor's memory and a device's, in words. */
export const CROSSING_KINDS = {
  data: 'data and labels',
  random: 'random numbers',
  ranges: 'grids of the clip ranges',
  rates: 'rates of the update',
  carried: 'weights, histories and clip ranges',
  scalars: 'loss, ranges and their gradients',
} as const;
export type CrossingKind = keyof typeof CROSSING_KINDS;

/** Bytes of one iteration, counted from the tensors that its runs were given and gave; kinds without any are left out. */
export interface Crossing {
  toDevice: Partial<Record<CrossingKind, number>>;
  fromDevice: Partial<Record<CrossingKind, number>>;
  /** Bytes of weights, histories and clip ranges that are in the device's memory after it. */
  kept: number;
}

type Tensors = Readonly<Record<string, Tensor>>;

/** Counts what crosses in the runs of an iteration. Of what the device leaves to the processor within a run nothing is known. */
export class CrossingCount {
  #toDevice: Crossing['toDevice'] = {};
  #fromDevice: Crossing['fromDevice'] = {};

  /** Forgets the iteration before. */
  begin(): void {
    this.#toDevice = {};
    this.#fromDevice = {};
  }

  add(graph: TrainGraph, feeds: Tensors, results: Tensors): void {
    const data = new Set(graph.inputs.map(({ input }) => input));
    const random = new Set(graph.randoms.map(({ name }) => name));
    const state = [...graph.state, ...graph.sums].map(({ name }) => name);
    const carried = new Set([...state, ...graph.params.map(({ key }) => paramName(key))]);
    const kindOf = (name: string): CrossingKind => {
      if (data.has(name)) return 'data';
      if (random.has(name)) return 'random';
      if (carried.has(name)) return 'carried';
      return name.startsWith('ulq/') ? 'ranges' : 'rates';
    };
    for (const [name, tensor] of Object.entries(feeds)) addBytes(this.#toDevice, kindOf(name), tensor);
    const written = new Set(state.map(nextName));
    for (const [name, tensor] of Object.entries(results)) {
      addBytes(this.#fromDevice, written.has(name) ? 'carried' : 'scalars', tensor);
    }
  }

  /** A tensor that was taken to the device by itself. */
  addCarried(tensor: Tensor): void {
    addBytes(this.#toDevice, 'carried', tensor);
  }

  /** @param kept see `Crossing` */
  counted(kept: number): Crossing {
    return { toDevice: { ...this.#toDevice }, fromDevice: { ...this.#fromDevice }, kept };
  }
}

function addBytes(to: Crossing['toDevice'], kind: CrossingKind, tensor: Tensor): void {
  if (isOnDevice(tensor)) return;
  to[kind] = (to[kind] ?? 0) + (tensor.data as Float32Array).byteLength;
}
