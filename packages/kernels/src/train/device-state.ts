import type { Tensor } from 'onnxruntime-node';
import type { Device } from '../graph/device.ts';
import { DeviceMemory } from '../graph/device-memory.ts';
import { discard, isOnDevice } from '../graph/device-tensor.ts';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { floatTensor } from '../graph/session.ts';
import { type Crossing, CrossingCount } from './crossing.ts';
import { nextName, SCALARS } from './train-graph.ts';
import { expectTensors, type Scalars, type TrainingState, type TrainSession } from './training-state.ts';

/**
 * What a training on a device carries from run to run. What a run writes is what the next one is fed with: where the device
 * keeps tensors it never leaves it, else it is copied there and back. What is put in from outside goes there with the next run.
 */
export class DeviceState implements TrainingState {
  readonly #memory: DeviceMemory;
  readonly #shapes = new Map<string, Shape>();
  readonly #current = new Map<string, Tensor>();
  readonly #next = new Map<string, Tensor>();
  /** Zeros in the device's memory, which are current again and again. */
  readonly #zeros = new Map<string, Tensor>();
  /** Of what is a scalar and has been read. */
  readonly #values = new Map<string, number>();
  #read: Scalars = new Map();
  readonly #count = new CrossingCount();

  constructor(device: Device) {
    this.#memory = new DeviceMemory(device);
  }

  add(name: string, shape: Shape, start?: Float32Array): void {
    const length = elementCount(shape);
    if (start && start.length !== length) throw new Error(`${name} takes ${length} elements, got ${start.length}`);
    this.#shapes.set(name, shape);
    this.#put(name, start?.slice() ?? new Float32Array(length));
  }

  has(name: string): boolean {
    return this.#shapes.has(name);
  }

  currentTensor(name: string): Tensor {
    return this.#current.get(name)!;
  }

  async run(
    { graph, session }: TrainSession,
    feeds: Record<string, Tensor>,
    scalars: readonly string[],
  ): Promise<Scalars> {
    const results = await session.run(feeds);
    this.#count.add(graph, feeds, results);
    for (const tensor of this.#next.values()) discard(tensor);
    this.#next.clear();
    for (const { name } of graph.state) this.#next.set(name, results[nextName(name)]!);
    const values = results[SCALARS]!.data as Float32Array;
    this.#read = new Map(graph.scalars.map((name, i) => [name, values[i]!]));
    return new Map(scalars.map((name) => [name, this.#read.get(name)!]));
  }

  swap(names: readonly string[]): void {
    for (const name of names) {
      this.#replace(name, this.#next.get(name)!);
      this.#next.delete(name);
      const value = this.#read.get(nextName(name));
      if (value !== undefined) this.#values.set(name, value);
    }
  }

  async clear(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const zeros = this.#zeros.get(name) ?? (await this.#memory.write(this.#tensor(name, undefined)));
      this.#zeros.set(name, zeros);
      this.#replace(name, zeros);
    }
  }

  scalar(name: string): number {
    return this.#values.get(name)!;
  }

  setScalar(name: string, value: number): void {
    if (!Object.is(value, this.#values.get(name))) this.#put(name, Float32Array.of(value));
  }

  read(name: string): Promise<Float32Array> {
    return this.#memory.read(this.#current.get(name)!);
  }

  readNext(name: string): Promise<Float32Array> {
    return this.#memory.read(this.#next.get(name)!);
  }

  async all(): Promise<Map<string, Float32Array>> {
    const copies = new Map<string, Float32Array>();
    for (const name of this.#shapes.keys()) copies.set(name, await this.read(name));
    return copies;
  }

  restore(tensors: ReadonlyMap<string, Float32Array>): void {
    expectTensors(tensors, new Map([...this.#shapes].map(([name, shape]) => [name, elementCount(shape)])));
    for (const name of this.#shapes.keys()) this.#put(name, tensors.get(name)!.slice());
  }

  async release(): Promise<void> {
    const all = [this.#current, this.#next, this.#zeros].flatMap((tensors) => [...tensors.values()]);
    for (const tensor of new Set(all)) discard(tensor);
    await this.#memory.release();
  }

  beginIteration(): void {
    this.#count.begin();
  }

  /** Of the iteration since `beginIteration`. */
  get crossing(): Crossing {
    const kept = [...this.#current].filter(([, tensor]) => isOnDevice(tensor)).map(([name]) => this.#shapes.get(name)!);
    return this.#count.counted(kept.reduce((sum, shape) => sum + 4 * elementCount(shape), 0));
  }

  #put(name: string, data: Float32Array): void {
    const tensor = this.#tensor(name, data);
    this.#replace(name, tensor);
    if (tensor.dims.length === 0) this.#values.set(name, data[0]!);
  }

  #tensor(name: string, data: Float32Array | undefined): Tensor {
    const shape = this.#shapes.get(name)!;
    return floatTensor(data ?? new Float32Array(elementCount(shape)), shape);
  }

  #replace(name: string, tensor: Tensor): void {
    const old = this.#current.get(name);
    if (old && old !== this.#zeros.get(name)) discard(old);
    this.#current.set(name, tensor);
  }
}
