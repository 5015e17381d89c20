import { VALUE_STATISTICS_WASM } from '../generated/value-statistics-wasm.ts';
import { bytesOf, exportsOf, memoryOf } from '../web-assembly.ts';

/**
 * What the report tells of the values that a quantizer saw costs as much as the search for its range, where it is a loop of
 * JavaScript: its inner loops are WebAssembly (value-statistics.wat), with the bits of the plain ones.
 */

/** Addresses in the memory: of sums and extremes 0, then of the tables of `count`, then of values. */
const PAGE = 65536;
const TABLES = 1024;
const VALUES = PAGE;
const PAGES = 6;
const CHUNK = (PAGE * (PAGES - 1)) / Float32Array.BYTES_PER_ELEMENT;
/** Values that lie side by side count in tables of their own. */
const SIDE_BY_SIDE = 4;
/** Most bins of a table. */
export const MOST_BINS = 64;

interface Loops {
  extremes(start: number, end: number): void;
  count(start: number, end: number, least: number, perUnit: number, last: number, tables: number): void;
  addNoise(start: number, end: number, scale: number, low: number, high: number): void;
}

const memory = memoryOf(PAGES);
const floats = new Float32Array(memory.buffer, VALUES, CHUNK);
let loops: Loops | undefined;

/** Hands over the values in pieces, each filled up to whole vectors with `filler`: its loops, and addresses of its begin and end. */
function forEachPiece(
  values: Float32Array,
  filler: (last: number) => number,
  use: (loops: Loops, start: number, end: number, fillers: number) => void,
): void {
  loops ??= exportsOf<Loops>(bytesOf(VALUE_STATISTICS_WASM), memory);
  for (let start = 0; start < values.length; start += CHUNK) {
    const piece = values.subarray(start, start + CHUNK);
    floats.set(piece);
    const whole = Math.ceil(piece.length / SIDE_BY_SIDE) * SIDE_BY_SIDE;
    floats.fill(filler(piece[piece.length - 1]!), piece.length, whole);
    use(loops, VALUES, VALUES + whole * Float32Array.BYTES_PER_ELEMENT, whole - piece.length);
  }
}

/** The least and the greatest value, NaN left out; infinities where there are none. */
export function extremesOf(values: Float32Array): { min: number; max: number } {
  const found = new Float32Array(memory.buffer, 0, 8);
  found.fill(Infinity, 0, 4).fill(-Infinity, 4);
  forEachPiece(
    values,
    (last) => last,
    (wasm, start, end) => wasm.extremes(start, end),
  );
  return { min: Math.min(...found.subarray(0, 4)), max: Math.max(...found.subarray(4)) };
}

/** How many values are in each of at most `MOST_BINS` bins, of `perUnit` bins in 1 from `min` on; beyond the last: in the last. */
export function countsOf(values: Float32Array, bins: number, min: number, perUnit: number): Float64Array {
  const tables = new Uint32Array(memory.buffer, TABLES, SIDE_BY_SIDE * MOST_BINS).fill(0);
  const counts = new Float64Array(bins);
  forEachPiece(
    values,
    (last) => last,
    (wasm, start, end, fillers) =>
      wasm.count(start, end - fillers * Float32Array.BYTES_PER_ELEMENT, min, perUnit, bins - 1, TABLES),
  );
  tables.forEach((count, place) => (counts[place % MOST_BINS]! += count));
  return counts;
}

/** Adds to the sums of squared errors and of squares what `values` add on a grid of step `scale`, from `low` to `high` steps. */
export function addNoise(
  sums: { noise: number; signal: number },
  values: Float32Array,
  { scale, low, high }: { scale: number; low: number; high: number },
): void {
  const found = new Float64Array(memory.buffer, 0, 2);
  found.set([sums.noise, sums.signal]);
  // Zero is on every grid.
  forEachPiece(
    values,
    () => 0,
    (wasm, start, end) => wasm.addNoise(start, end, scale, low, high),
  );
  [sums.noise, sums.signal] = [found[0]!, found[1]!];
}
