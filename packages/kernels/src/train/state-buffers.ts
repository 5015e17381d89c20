import type { Tensor } from 'onnxruntime-node';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { floatTensor } from '../graph/session.ts';
import { nextName } from './train-graph.ts';
import { expectTensors, type Scalars, type TrainingState, type TrainSession } from './training-state.ts';

/** A tensor in two buffers that swap roles: one is read by the graph, the other written. */
interface DoubleBuffer {
  current: Float32Array;
  currentTensor: Tensor;
  next: Float32Array;
  nextTensor: Tensor;
}

/** What a training on the processor carries from run to run, in buffers that the graph reads and writes in place. */
export class StateBuffers implements TrainingState {
  private readonly buffers = new Map<string, DoubleBuffer>();
  /** Scalar outputs, by name, each in a buffer of its own that runs write. */
  private readonly scalars = new Map<string, { data: Float32Array; tensor: Tensor }>();

  add(name: string, shape: Shape, start?: Float32Array): void {
    const length = elementCount(shape);
    if (start && start.length !== length) throw new Error(`${name} takes ${length} elements, got ${start.length}`);
    const current = new Float32Array(length);
    const next = new Float32Array(length);
    if (start) current.set(start);
    const tensors = { currentTensor: floatTensor(current, shape), nextTensor: floatTensor(next, shape) };
    this.buffers.set(name, { current, next, ...tensors });
  }

  has(name: string): boolean {
    return this.buffers.has(name);
  }

  beginIteration(): void {
    // Nothing crosses.
  }

  get crossing(): undefined {
    return undefined;
  }

  currentTensor(name: string): Tensor {
    return this.buffers.get(name)!.currentTensor;
  }

  async run(
    { graph, session }: TrainSession,
    feeds: Record<string, Tensor>,
    scalars: readonly string[],
  ): Promise<Scalars> {
    const fetches: Record<string, Tensor> = {};
    for (const { name } of graph.state) fetches[nextName(name)] = this.buffers.get(name)!.nextTensor;
    for (const name of scalars) fetches[name] = this.scalarOf(name).tensor;
    await session.runInto(feeds, fetches);
    return new Map(scalars.map((name) => [name, this.scalarOf(name).data[0]!]));
  }

  swap(names: readonly string[]): void {
    for (const name of names) {
      const buffer = this.buffers.get(name)!;
      [buffer.current, buffer.next] = [buffer.next, buffer.current];
      [buffer.currentTensor, buffer.nextTensor] = [buffer.nextTensor, buffer.currentTensor];
    }
  }

  clear(names: readonly string[]): Promise<void> {
    for (const name of names) this.buffers.get(name)!.current.fill(0);
    return Promise.resolve();
  }

  scalar(name: string): number {
    return this.buffers.get(name)!.current[0]!;
  }

  setScalar(name: string, value: number): void {
    this.buffers.get(name)!.current[0] = value;
  }

  read(name: string): Promise<Float32Array> {
    return Promise.resolve(this.buffers.get(name)!.current.slice());
  }

  readNext(name: string): Promise<Float32Array> {
    return Promise.resolve(this.buffers.get(name)!.next.slice());
  }

  all(): Promise<Map<string, Float32Array>> {
    return Promise.resolve(new Map([...this.buffers].map(([name, { current }]) => [name, current.slice()])));
  }

  restore(tensors: ReadonlyMap<string, Float32Array>): void {
    expectTensors(tensors, new Map([...this.buffers].map(([name, { current }]) => [name, current.length])));
    for (const [name, { current }] of this.buffers) current.set(tensors.get(name)!);
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  private scalarOf(name: string) {
    const known = this.scalars.get(name);
    if (known) return known;
    const data = new Float32Array(1);
    const made = { data, tensor: floatTensor(data, []) };
    this.scalars.set(name, made);
    return made;
  }
}
