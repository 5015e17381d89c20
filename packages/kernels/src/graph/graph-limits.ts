import { totalmem } from 'node:os';
import { LayerError } from '@caffe-quant/caffe-io';
import type { ElementType, Shape } from './tensor-type.ts';

/**
 * What a graph may hold. A prototxt of a few lines can ask for more than any machine has; that is found here, from shapes alone,
 * before an array of that length is made or a million nodes are.
 */

/** Bytes of an element. */
export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  float: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
};

let ofMachine: number | undefined;

/** Bytes of memory that this process may have: the machine's, or those that its control group allows where they are less. */
export function machineMemory(): number {
  // Without a limit it is 0, or a number beyond all memory.
  return (ofMachine ??= Math.min(totalmem(), process.constrainedMemory() || Infinity));
}

/** Nodes of one layer: more take longer to build and to open than any such layer is worth. */
const MOST_NODES = 50_000;

/** Elements of one constant that is computed from settings and shapes: one after the other, here. */
const MOST_COMPUTED = 2 ** 26;

/** Constants travel in the model, which as a protobuf message has less than 2 GiB. */
const MOST_CONSTANT_BYTES = 2 ** 31 - 2 ** 27;

/** @throws LayerError for a shape that no tensor can have, and for one that takes more than `limit` bytes. */
export function checkTensor({ shape, type }: { shape: Shape; type: ElementType }, limit: number): void {
  if (!shape.every((dim) => Number.isInteger(dim) && dim >= 0)) {
    throw new LayerError(`a blob [${shape.join(', ')}] cannot be: its axes have no such lengths`);
  }
  const bytes = shape.reduce((product, dim) => product * dim, ELEMENT_BYTES[type]);
  if (bytes > limit) {
    throw new LayerError(
      `[${shape.join(', ')}] takes ${gigabytes(bytes)}, more than the memory of ${gigabytes(limit)}`,
    );
  }
}

/**
 * @param before bytes of the constants so far
 * @returns bytes of this one
 * @throws LayerError where a constant of that shape is too large to be computed, or to stand beside the others
 */
export function checkConstant(
  { type, shape, isComputed }: { type: ElementType; shape: Shape; isComputed: boolean },
  before: number,
): number {
  const count = shape.reduce((product, dim) => product * dim, 1);
  const bytes = count * ELEMENT_BYTES[type];
  if (isComputed && count > MOST_COMPUTED) {
    throw new LayerError(
      `it takes a table of [${shape.join(', ')}] constants, ${gigabytes(bytes)}: a size of it is too large`,
    );
  }
  if (before + bytes > MOST_CONSTANT_BYTES) {
    const most = gigabytes(MOST_CONSTANT_BYTES);
    throw new LayerError(
      `with its ${gigabytes(bytes)} of constants the model has more than ${most}, which no ONNX file can hold`,
    );
  }
  return bytes;
}

/** @throws LayerError where a layer has more nodes than anyone will wait for */
export function checkNodeCount(count: number): void {
  if (count <= MOST_NODES) return;
  throw new LayerError(
    `it takes more than ${MOST_NODES} operators: a size of it, such as its kernel or its steps, is too large`,
  );
}

/** A number of bytes for people. */
export function gigabytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes >= 1e15) return 'more than a million GB';
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
