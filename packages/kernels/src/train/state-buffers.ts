import type { Tensor } from 'onnxruntime-node';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { floatTensor } from '../graph/session.ts';

/** A tensor in two buffers that swap roles: one is read by the graph, the other written. */
interface DoubleBuffer {
  current: Float32Array;
  currentTensor: Tensor;
  next: Float32Array;
  nextTensor: Tensor;
}

/** What training carries from run to run, by the names of the training graph: weights, histories, clip ranges, sums. */
export class StateBuffers {
  private readonly buffers = new Map<string, DoubleBuffer>();

  /** A new tensor, `start` or zeros. */
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

  /** What the next run reads. */
  current(name: string): Float32Array {
    return this.buffers.get(name)!.current;
  }

  currentTensor(name: string): Tensor {
    return this.buffers.get(name)!.currentTensor;
  }

  /** What the last run wrote, until it is made current. */
  next(name: string): Float32Array {
    return this.buffers.get(name)!.next;
  }

  nextTensor(name: string): Tensor {
    return this.buffers.get(name)!.nextTensor;
  }

  /** Makes current what a run wrote. */
  swap(names: readonly string[]): void {
    for (const name of names) {
      const buffer = this.buffers.get(name)!;
      [buffer.current, buffer.next] = [buffer.next, buffer.current];
      [buffer.currentTensor, buffer.nextTensor] = [buffer.nextTensor, buffer.currentTensor];
    }
  }

  /** All that is current, as it lies in the buffers. */
  all(): Map<string, Float32Array> {
    return new Map([...this.buffers].map(([name, { current }]) => [name, current]));
  }

  /** @throws Error where `tensors` are others than these */
  restore(tensors: ReadonlyMap<string, Float32Array>): void {
    for (const [name, { current }] of this.buffers) {
      if (tensors.get(name)?.length !== current.length) {
        throw new Error(`the snapshot has no ${name} of ${current.length} elements`);
      }
    }
    for (const [name, { current }] of this.buffers) current.set(tensors.get(name)!);
  }
}
