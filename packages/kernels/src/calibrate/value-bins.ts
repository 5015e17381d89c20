import { RangeSearchError, type ObservedValues } from './observed-values.ts';

// Bound once: looking globals up in the loops below costs ten times their arithmetic in a realm that is not the main one.
const { abs, floor } = Math;

/** How values spread, in bins of equal width, for the searches that need no more than this. Zeros are not in it. */
export interface ValueBins {
  /** The least and the greatest value; 0 where there are none but zeros. */
  min: number;
  max: number;
  /** The first bin begins at `start`, and each is `width` wide. */
  start: number;
  width: number;
  /** Values a bin. */
  counts: Float64Array;
  /** Their sum, by bin. */
  sums: Float64Array;
}

/**
 * Sorts values into bins. Zeros are left out: every range of ULQ has zero on its grid, so that they tell nothing of what a
 * range costs, and behind a ReLU they are most of the values.
 *
 * @param of what of a value counts, its `magnitude` or itself
 * @throws RangeSearchError where there are no values, or one is not finite
 */
export async function binsOf(
  values: ObservedValues,
  bins: number,
  of: 'value' | 'magnitude' = 'value',
): Promise<ValueBins> {
  if (values.count === 0) throw new RangeSearchError('no values to calibrate on');
  let [min, max] = [Infinity, -Infinity];
  await values.forEach((batch) => {
    for (let i = 0; i < batch.length; i++) {
      const value = batch[i]!;
      if (value !== value) throw new RangeSearchError('a value is NaN');
      if (value < min) min = value;
      if (value > max) max = value;
    }
  });
  if (!Number.isFinite(max - min)) throw new RangeSearchError(`a value of [${min}, ${max}] is not finite`);
  const [start, end] = of === 'value' ? [min, max] : [0, Math.max(max, -min)];
  const [counts, sums] = [new Float64Array(bins), new Float64Array(bins)];
  const perUnit = end > start ? bins / (end - start) : 0;
  await values.forEach((batch) => {
    for (let i = 0; i < batch.length; i++) {
      const value = of === 'value' ? batch[i]! : abs(batch[i]!);
      if (value === 0) continue;
      const place = floor((value - start) * perUnit);
      const bin = place < bins ? place : bins - 1;
      counts[bin]!++;
      sums[bin]! += value;
    }
  });
  return { min: min + 0, max: max + 0, start, width: (end - start) / bins, counts, sums };
}
