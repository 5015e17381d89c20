import { CHUNK, GROUP, LANES, MOST_GROUPS, SearchThreads } from './search-threads.ts';

/**
 * The search of IFMR costs 60 squared errors for every value of a calibration. They are evaluated four at a time in
 * WebAssembly (squared-errors.wat), whose float32 operations round one by one as C's do, so that each sum has the bits of a
 * plain loop. That loop in JavaScript, rounding by Math.fround, takes fifteen times as long.
 */

/** Ranges whose errors are wanted: value i is of range i. */
export interface Grids {
  low: Float32Array;
  high: Float32Array;
  scale: Float32Array;
}

/** Places of a group's vectors, in numbers. */
const [LOW, HIGH, SCALE, SUM] = [0, LANES, 2 * LANES, 3 * LANES];

/** Values from which on the threads are worth their start. */
const MANY = 4 * CHUNK;

let alone: SearchThreads | undefined;
let all: SearchThreads | undefined;

/**
 * Of each range the sum of squared rounding errors of `values` clipped to [low, high], zero included, on a grid of step
 * `scale`, rounded to the nearest integer of steps, halves away from zero: all in float32, in the order of the values.
 */
export function squaredErrors(
  values: Float32Array,
  { low, high, scale }: Grids,
  threads: SearchThreads = values.length < MANY ? (alone ??= new SearchThreads(1)) : (all ??= new SearchThreads()),
): Float32Array {
  const groups = Math.ceil(low.length / LANES);
  if (groups > MOST_GROUPS) throw new RangeError(`at most ${MOST_GROUPS * LANES} ranges, not ${low.length}`);
  const numbers = threads.groups;
  const at = (index: number, vector: number) =>
    (Math.floor(index / LANES) * GROUP) / Float32Array.BYTES_PER_ELEMENT + vector + (index % LANES);
  // Lanes without a range divide by 1.
  numbers.fill(1, 0, (groups * GROUP) / Float32Array.BYTES_PER_ELEMENT);
  for (let i = 0; i < low.length; i++) {
    numbers[at(i, LOW)] = low[i]!;
    numbers[at(i, HIGH)] = high[i]!;
    numbers[at(i, SCALE)] = scale[i]!;
    numbers[at(i, SUM)] = 0;
  }
  for (let start = 0; start < values.length; start += CHUNK) {
    const chunk = values.subarray(start, start + CHUNK);
    threads.values.set(chunk);
    threads.run(chunk.length, groups * GROUP);
  }
  return Float32Array.from(low, (_, i) => numbers[at(i, SUM)]!);
}
