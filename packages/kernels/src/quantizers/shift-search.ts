/** Shifts that are tried: 1 .. 16 bits. */
const MAX_SHIFT = 16;
const INT16_MAX = 32767;
const INT16_MIN = -32768;

/**
 * The right shift N, 1 .. 16, that brings a channel's int32 accumulators into int16 with the smallest squared error
 * sum((clamp(trunc(acc / 2^N)) * 2^N - acc)^2); of equal ones the smallest. Only chips whose DeQuant takes int16 need it.
 *
 * Source: `search_n.cpp` of AMCT's quantize library (hicann/amct).
 */
export function searchShift(accumulators: Int32Array): number {
  let best = 1;
  let smallest = Number.POSITIVE_INFINITY;
  for (let shift = 1; shift <= MAX_SHIFT; shift++) {
    const step = 2 ** shift;
    let error = 0;
    for (const value of accumulators) {
      const steps = Math.min(INT16_MAX, Math.max(INT16_MIN, Math.trunc(value / step)));
      error += (steps * step - value) ** 2;
    }
    if (error < smallest) [best, smallest] = [shift, error];
  }
  return best;
}
