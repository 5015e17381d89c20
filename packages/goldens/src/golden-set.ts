import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A tensor of a golden: where it lies in the set's binary file. Little-endian, row-major. */
export interface TensorRef {
  dtype: 'f32' | 'i8' | 'u8' | 'i32';
  shape: number[];
  /** Bytes from the start of the file. */
  off: number;
}

/** Reference numbers of one kind: a JSON file with the cases and a binary file with their tensors. */
export interface GoldenSet<Case, Head = object> {
  /** Absolute. */
  readonly path: string;
  /** What the JSON file says of the whole set. */
  readonly head: Head;
  readonly cases: Case[];
  f32(ref: TensorRef): Float32Array;
  i8(ref: TensorRef): Int8Array;
  u8(ref: TensorRef): Uint8Array;
  i32(ref: TensorRef): Int32Array;
}

const BYTES = { f32: 4, i8: 1, u8: 1, i32: 4 } as const;

/** A set, or a case of it, that cannot be read. */
export class GoldenError extends Error {}

/**
 * Opens the set of a JSON file; its tensors are read when they are asked for.
 *
 * @throws GoldenError where one of the two files is not there, is not JSON or has another length than it should
 */
export function openGoldenSet<Case, Head = object>(path: string): GoldenSet<Case, Head> {
  const head = parse<Head & { bin?: unknown; binBytes?: unknown; cases?: unknown; count?: unknown }>(path);
  if (!Array.isArray(head.cases)) throw new GoldenError('it has no list of cases');
  if (typeof head.count === 'number' && head.count !== head.cases.length) {
    throw new GoldenError(`it announces ${head.count} cases and has ${head.cases.length}`);
  }
  const bin = typeof head.bin === 'string' ? head.bin : basename(path).replace(/\.json$/, '.bin');
  const bytes = readBinary(join(dirname(path), bin));
  if (typeof head.binBytes === 'number' && head.binBytes !== bytes.length) {
    throw new GoldenError(`${bin} has ${bytes.length} bytes, ${head.binBytes} are announced`);
  }
  const cut = (ref: TensorRef | undefined, dtype: TensorRef['dtype']): ArrayBuffer => {
    if (ref === undefined) throw new GoldenError('a tensor is missing');
    if (ref.dtype !== dtype) throw new GoldenError(`a tensor is ${String(ref.dtype)}, not ${dtype}`);
    const length = ref.shape.reduce((product, axis) => product * axis, 1) * BYTES[dtype];
    if (!(ref.off >= 0 && ref.off + length <= bytes.length)) throw new GoldenError(`a tensor reaches beyond ${bin}`);
    const copy = new Uint8Array(length);
    copy.set(bytes.subarray(ref.off, ref.off + length));
    return copy.buffer;
  };
  return {
    path,
    head,
    cases: head.cases as Case[],
    f32: (ref) => new Float32Array(cut(ref, 'f32')),
    i8: (ref) => new Int8Array(cut(ref, 'i8')),
    u8: (ref) => new Uint8Array(cut(ref, 'u8')),
    i32: (ref) => new Int32Array(cut(ref, 'i32')),
  };
}

function parse<T>(path: string): T {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new GoldenError(`it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof parsed !== 'object' || parsed === null) throw new GoldenError('it holds no object');
  return parsed as T;
}

function readBinary(path: string): Uint8Array {
  if (!existsSync(path)) throw new GoldenError(`${basename(path)} is not beside it`);
  return readFileSync(path);
}
