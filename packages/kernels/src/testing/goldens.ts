import { join } from 'node:path';
import { type GoldenSet, openGoldenSet } from '@caffe-quant/goldens';

export type { GoldenSet, TensorRef } from '@caffe-quant/goldens';

const FOLDER = join(__dirname, '../../fixtures/goldens');

/** Opens a set of `fixtures/goldens`, e.g. 'arq' or 'layers/Pooling'. */
export function readGoldens<Case, Head = object>(name: string): GoldenSet<Case, Head> {
  return openGoldenSet<Case, Head>(join(FOLDER, `${name}.json`));
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
