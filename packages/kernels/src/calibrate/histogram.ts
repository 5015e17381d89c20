import { countsOf, extremesOf, MOST_BINS } from './value-statistics.ts';

/** What was seen of a blob: its extremes and how its values spread between them. */
export interface Histogram {
  /** Number of values. */
  count: number;
  min: number;
  max: number;
  /** Values per bin; the bins share [min, max] evenly, the last one closed. */
  bins: number[];
}

const BINS = MOST_BINS;

export function histogramOf(values: Float32Array): Histogram {
  const { min, max } = extremesOf(values);
  const perUnit = max > min ? BINS / (max - min) : 0;
  return { count: values.length, min, max, bins: [...countsOf(values, BINS, min, perUnit)] };
}
