import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TensorRef {
  dtype: 'f32' | 'i8' | 'u8' | 'i32';
  shape: number[];
  off: number;
}

export interface GoldenSet<Case, Head = object> {
  head: Head;
  cases: Case[];
  f32(ref: TensorRef): Float32Array;
  i8(ref: TensorRef): Int8Array;
  u8(ref: TensorRef): Uint8Array;
  i32(ref: TensorRef): Int32Array;
}

const FOLDER = join(__dirname, '../../fixtures/goldens');

/** Opens a set of `fixtures/goldens`, e.g. 'arq' or 'layers/Pooling'. */
export function readGoldens<Case, Head = object>(name: string): GoldenSet<Case, Head> {
  const head = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Head & { cases: Case[] };
  const bytes = readFileSync(join(FOLDER, `${name}.bin`));
  const cut = (ref: TensorRef, elementSize: number): ArrayBuffer => {
    const length = ref.shape.reduce((product, dim) => product * dim, 1) * elementSize;
    const copy = new Uint8Array(length);
    copy.set(bytes.subarray(ref.off, ref.off + length));
    return copy.buffer;
  };
  return {
    head,
    cases: head.cases,
    f32: (ref) => new Float32Array(cut(ref, 4)),
    i8: (ref) => new Int8Array(cut(ref, 1)),
    u8: (ref) => new Uint8Array(cut(ref, 1)),
    i32: (ref) => new Int32Array(cut(ref, 4)),
  };
}

/** Largest |actual - expected| over the largest |expected|: a relative error that tolerates small elements. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`got ${actual.length} elements, expected ${expected.length}`);
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (Number.isNaN(difference)) return Number.NaN;
    worst = Math.max(worst, difference);
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return largest === 0 ? worst : worst / largest;
}
