import { SQUARED_ERRORS_WASM } from '../generated/squared-errors-wasm.ts';

/**
 * The search of IFMR costs 60 squared errors for every value of a calibration. They are evaluated four at a time in
 * WebAssembly (squared-errors.wat), whose float32 operations round one by one as C's do, so that each sum has the bits of a
 * plain loop. That loop in JavaScript, rounding by Math.fround, takes fifteen times as long.
 */

/** The part of WebAssembly's interface that is used here; the libraries of types that have it are those of browsers. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Readonly<Record<string, unknown>> };
};

/** Ranges whose errors are wanted: value i is of range i. */
export interface Grids {
  low: Float32Array;
  high: Float32Array;
  scale: Float32Array;
}

const LANES = 4;
const VECTOR = 16;
/** Offsets in a group, the vectors of four ranges, and its size, in bytes. */
const [LOW, HIGH, SCALE, SUM, GROUP] = [0, VECTOR, 2 * VECTOR, 3 * VECTOR, 4 * VECTOR];
const PAGE = 65536;
const BINARY = Uint8Array.from(Buffer.from(SQUARED_ERRORS_WASM, 'base64'));
/** Values handed over at a time. */
const CHUNK = 4 * (PAGE / 4);

/**
 * Of each range the sum of squared rounding errors of `values` clipped to [low, high] on a grid of step `scale`, rounded
 * to the nearest integer of steps, halves away from zero: all in float32, in the order of the values.
 */
export function squaredErrors(values: Float32Array, { low, high, scale }: Grids): Float32Array {
  const groupsEnd = Math.ceil(low.length / LANES) * GROUP;
  if (groupsEnd > PAGE) throw new RangeError(`at most ${(PAGE / GROUP) * LANES} ranges, not ${low.length}`);
  const memory = new WebAssembly.Memory({ initial: 1 + (4 * CHUNK) / PAGE });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(BINARY), { host: { memory } });
  const addErrors = exports['addErrors'] as (start: number, end: number, groupsEnd: number) => void;
  const floats = new Float32Array(memory.buffer);
  const at = (index: number, offset: number) => (Math.floor(index / LANES) * GROUP + offset) / 4 + (index % LANES);
  // Lanes without a range divide by 1.
  floats.fill(1, 0, groupsEnd / 4);
  for (let i = 0; i < low.length; i++) {
    floats[at(i, LOW)] = low[i]!;
    floats[at(i, HIGH)] = high[i]!;
    floats[at(i, SCALE)] = scale[i]!;
    floats[at(i, SUM)] = 0;
  }
  const chunk = floats.subarray(PAGE / 4);
  let filled = 0;
  const flush = () => {
    if (filled > 0) addErrors(PAGE, PAGE + 4 * filled, groupsEnd);
    filled = 0;
  };
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // Zero is on every grid that holds it, and adds nothing.
    if (value === 0) continue;
    chunk[filled++] = value;
    if (filled === CHUNK) flush();
  }
  flush();
  return Float32Array.from(low, (_, i) => floats[at(i, SUM)]!);
}
