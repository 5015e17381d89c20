import type { ClipRange } from '../quantizers/canonical-plan.ts';
import { ulqGrid } from '../quantizers/ulq.ts';
import type { ObservedValues } from './observed-values.ts';
import { addNoise } from './value-statistics.ts';

/** What values that a quantizer leaves as they are count as, since their noise has no logarithm. */
const EQUAL_DB = 200;

/**
 * The signal-to-quantization-noise ratio of a data quantizer in dB, 10 log10(sum of x² / sum of (q(x) - x)²), between -200 and
 * 200.
 */
export async function inputSqnr(values: ObservedValues, clip: ClipRange): Promise<number> {
  const { scale, offset } = ulqGrid(clip);
  const sums = { noise: 0, signal: 0 };
  await values.forEach((batch) => addNoise(sums, batch, { scale, low: offset, high: offset + 255 }));
  const ratio = sums.noise === 0 ? EQUAL_DB : 10 * Math.log10(sums.signal / sums.noise);
  return Math.max(-EQUAL_DB, Math.min(EQUAL_DB, ratio));
}
