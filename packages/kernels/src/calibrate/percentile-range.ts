import type { ClipRange } from '../quantizers/canonical-plan.ts';
import { RangeSearchError, type ObservedValues } from './observed-values.ts';

/**
 * The range that keeps `percentile` percent of the values at each end: of N values floor(N (100 - percentile) / 100) lie
 * above max, and as many below min. It is exact, whatever the number of values: two counting passes find a value of a
 * rank among all float32 numbers, by the upper and then by the lower half of its bits.
 *
 * Source of the method: Wu et al., "Integer Quantization for Deep Learning Inference: Principles and Empirical
 * Evaluation", 2020, section 4, "percentile".
 *
 * @returns the two values, float32; zero need not lie between them
 * @throws RangeSearchError where there are no values, or one is not a number
 */
export async function percentileRange(values: ObservedValues, percentile: number): Promise<ClipRange> {
  if (values.count === 0) throw new RangeSearchError('no values to calibrate on');
  // What a product in float64 lacks to a whole number is no value less.
  const cutOff = Math.floor((values.count * (100 - percentile)) / 100 + 1e-6);
  const ranks = [cutOff, values.count - 1 - cutOff];
  const [min, max] = await valuesOfRanks(values, ranks);
  return { max: max!, min: min! };
}

const HALF = 65536;

/** The values of these ranks, counted from 0 for the least. */
async function valuesOfRanks(values: ObservedValues, ranks: readonly number[]): Promise<number[]> {
  const upper = new Float64Array(HALF);
  await values.forEach((batch) => {
    const bits = bitsOf(batch);
    for (let i = 0; i < bits.length; i++) upper[orderOf(bits[i]!) >>> 16]!++;
  });
  const found = ranks.map((rank) => placeOf(upper, rank));
  const lower = found.map(() => new Float64Array(HALF));
  await values.forEach((batch) => {
    const bits = bitsOf(batch);
    for (let i = 0; i < bits.length; i++) {
      const order = orderOf(bits[i]!);
      for (let j = 0; j < found.length; j++) if (order >>> 16 === found[j]!.place) lower[j]![order & 0xffff]!++;
    }
  });
  return found.map(({ place, rest }, j) => valueOf(((place << 16) | placeOf(lower[j]!, rest).place) >>> 0));
}

/** Where the value of a rank is among counted ones, and its rank among those that are counted together. */
function placeOf(counts: Float64Array, rank: number): { place: number; rest: number } {
  let rest = rank;
  let place = 0;
  while (rest >= counts[place]!) rest -= counts[place++]!;
  return { place, rest };
}

const bitsOf = ({ buffer, byteOffset, length }: Float32Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length);

/** A number, 32 bits, that is the larger the larger the float32 of these bits is. */
function orderOf(bits: number): number {
  return bits >>> 31 === 1 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
}

/** The float32 of an order; no negative zero. */
function valueOf(order: number): number {
  const bits = order >>> 31 === 1 ? order & 0x7fffffff : ~order;
  const value = new Float32Array(Uint32Array.of(bits >>> 0).buffer)[0]! + 0;
  if (!Number.isFinite(value)) throw new RangeSearchError(`a value is ${value}, not finite`);
  return value;
}
