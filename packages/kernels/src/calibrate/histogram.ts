/** What was seen of a blob: its extremes and how its values spread between them. */
export interface Histogram {
  /** Number of values. */
  count: number;
  min: number;
  max: number;
  /** Values per bin; the bins share [min, max] evenly, the last one closed. */
  bins: number[];
}

const BINS = 64;

export function histogramOf(values: Float32Array): Histogram {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const bins = new Float64Array(BINS);
  const perUnit = max > min ? BINS / (max - min) : 0;
  for (let i = 0; i < values.length; i++) {
    let bin = ((values[i]! - min) * perUnit) | 0;
    if (bin >= BINS) bin = BINS - 1;
    bins[bin]!++;
  }
  return { count: values.length, min, max, bins: [...bins] };
}
