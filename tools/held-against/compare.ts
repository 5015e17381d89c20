import type { Computed } from './compute.ts';

/**
 * Largest differences of a top and of a gradient, by the largest magnitude of the blob. Float32 has 2^-24 = 6e-8; gradients
 * are differences of larger numbers.
 */
export const LIMITS = { top: 2e-5, gradient: 1e-4 };

/** Blobs of smaller elements are rests of larger numbers: inputs and gradients of tops are in [-2, 2]. */
const SMALL = 0.05;

/** Beyond it a number is not a result but a mark, as -FLT_MAX for the maximum of nothing: it has to be the same. */
const MARK = 1e37;

/** What is different about two blobs' elements; undefined if nothing is. */
export function differenceOf(
  ours: ArrayLike<number>,
  theirs: readonly (number | string)[],
  limit: number,
): string | undefined {
  if (ours.length !== theirs.length) return `${ours.length} elements, not ${theirs.length}`;
  let [largest, difference] = [0, 0];
  for (const [i, text] of theirs.entries()) {
    const [a, b] = [
      ours[i]!,
      Number(text === 'nan' ? NaN : text === 'inf' ? Infinity : text === '-inf' ? -Infinity : text),
    ];
    if (Number.isNaN(a) && Number.isNaN(b)) continue;
    if (!(Math.abs(b) < MARK)) {
      if (!Object.is(a, Math.fround(b))) return `element ${i}: ${a}, not ${b}`;
      continue;
    }
    if (!Number.isFinite(a)) return `element ${i}: ${a}, not ${b}`;
    largest = Math.max(largest, Math.abs(b));
    difference = Math.max(difference, Math.abs(a - b));
  }
  return difference <= limit * Math.max(largest, SMALL)
    ? undefined
    : `off by ${(difference / largest).toExponential(1)}`;
}

/** The same of blobs, whose shapes count too. */
export function blobDifference(
  ours: Computed,
  theirs: { shape: readonly number[]; data: readonly (number | string)[] },
) {
  if (ours.shape.join() !== theirs.shape.join())
    return `shape [${ours.shape.join(', ')}], not [${theirs.shape.join(', ')}]`;
  return differenceOf(ours.data, theirs.data, LIMITS.top);
}
