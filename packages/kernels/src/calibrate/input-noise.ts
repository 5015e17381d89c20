import type { ClipRange } from '../quantizers/canonical-plan.ts';
import { ulqGrid } from '../quantizers/ulq.ts';
import type { ObservedValues } from './observed-values.ts';

/** What values that a quantizer leaves as they are count as, since their noise has no logarithm. */
const EQUAL_DB = 200;

/** 1.5 * 2^52: a number of less than 2^51 plus it has no room for a fraction, and is rounded to the nearest integer, halves to even. */
const TO_INTEGER = 6755399441055744;

/**
 * The signal-to-quantization-noise ratio of a data quantizer in dB, 10 log10(sum of x² / sum of (q(x) - x)²), between -200 and
 * 200.
 */
export async function inputSqnr(values: ObservedValues, clip: ClipRange): Promise<number> {
  const { scale, offset } = ulqGrid(clip);
  const end = offset + 255;
  let signal = 0;
  let noise = 0;
  await values.forEach((batch) => {
    for (let i = 0; i < batch.length; i++) {
      const value = batch[i]!;
      // Zero is on every grid.
      if (value === 0) continue;
      // Beyond 2^51 it is off by far less than the grid's end is away.
      const steps = value / scale + TO_INTEGER - TO_INTEGER;
      const difference = (steps < offset ? offset : steps > end ? end : steps) * scale - value;
      signal += value * value;
      noise += difference * difference;
    }
  });
  const ratio = noise === 0 ? EQUAL_DB : 10 * Math.log10(signal / noise);
  return Math.max(-EQUAL_DB, Math.min(EQUAL_DB, ratio));
}
