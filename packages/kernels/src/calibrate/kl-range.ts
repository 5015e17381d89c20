import type { ClipRange } from '../quantizers/canonical-plan.ts';
import type { ObservedValues } from './observed-values.ts';
import { binsOf } from './value-bins.ts';

/**
 * The range whose grid keeps most of what the spread of the values tells: of all upper ends T of a histogram of 2,048 bins the
 * one with the least Kullback-Leibler divergence
 *
 *   KL(P || Q) = sum of P(i) log(P(i) / Q(i))
 *
 * where P is the histogram up to T, with all that lies beyond in its last bin, and Q the histogram up to T as L levels have it: the
 * bins of a level share its values evenly, those that P has nothing in left out. Where no value is negative the levels of ULQ's grid
 * are L = 255 steps over [0, T]; else the histogram is of magnitudes, as in the source, with L = 128, and the range is
 * [-T, T], though not beyond the least and the greatest value.
 *
 * Source: Migacz, "8-bit Inference with TensorRT", GTC 2017, "entropy calibration"; zeros do not count, since they are on every
 * grid.
 *
 * @returns [0, 0] where all values are 0
 */
export async function klRange(values: ObservedValues): Promise<ClipRange> {
  const { min, max, width, counts } = await binsOf(values, BINS, 'magnitude');
  const threshold = bestThreshold(counts, min >= 0 ? 255 : 128) * width;
  return { max: Math.max(0, Math.min(max, threshold)), min: Math.min(0, Math.max(min, -threshold)) };
}

// Bound once: looking globals up in the loops below costs ten times their arithmetic in a realm that is not the main one.
const { floor, log, min: lesser } = Math;

const BINS = 2048;

/** What a bin counts as that P has values in and Q has none: that is how MXNet smooths the two. */
const NOTHING = 1e-4;

/** The number of bins, at least `levels`, up to which the histogram is kept. */
function bestThreshold(counts: Float64Array, levels: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let best = counts.length;
  let least = Infinity;
  let inside = counts.subarray(0, levels).reduce((sum, count) => sum + count, 0);
  for (let bins = levels; bins <= counts.length; bins++) {
    if (bins > levels) inside += counts[bins - 1]!;
    const divergence = divergenceAt(counts, bins, levels, inside, total);
    // Of equal ones the widest: nothing speaks for cutting off.
    if (divergence <= least) [best, least] = [bins, divergence];
  }
  return best;
}

function divergenceAt(counts: Float64Array, bins: number, levels: number, inside: number, total: number): number {
  if (inside === 0) return Infinity;
  let divergence = 0;
  for (let level = 0; level < levels; level++) {
    const start = floor((level * bins) / levels);
    const end = floor(((level + 1) * bins) / levels);
    let sum = 0;
    let filled = 0;
    for (let bin = start; bin < end; bin++) {
      sum += counts[bin]!;
      if (counts[bin]! > 0 || (bin === bins - 1 && inside < total)) filled++;
    }
    // What is cut off may fall into a level that Q has nothing for.
    const share = sum > 0 ? sum / filled / inside : 0;
    for (let bin = start; bin < end; bin++) {
      const count = counts[bin]! + (bin === bins - 1 ? total - inside : 0);
      if (count === 0) continue;
      const reference = count / total;
      divergence += reference * log(reference / (share > 0 ? share : lesser(reference, NOTHING)));
    }
  }
  return divergence;
}
