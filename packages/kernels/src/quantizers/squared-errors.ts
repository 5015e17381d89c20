/**
 * The search of IFMR costs 60 squared errors for every value of a calibration. They are evaluated four at a time in
 * WebAssembly, whose float32 operations round one by one as C's do, so that each sum has the bits of a plain loop.
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
/** Offsets in a group, the vectors of four ranges. */
const [LOW, HIGH, SCALE, SUM, GROUP] = [0, VECTOR, 2 * VECTOR, 3 * VECTOR, 4 * VECTOR];
const PAGE = 65536;
/** Values handed over at a time. */
const CHUNK = 4 * (PAGE / 4);

/**
 * Of each range the sum of squared rounding errors of `values` clipped to [low, high] on a grid of step `scale`, rounded
 * to the nearest integer of steps, halves away from zero: all in float32, in the order of the values.
 */
export function squaredErrors(values: Float32Array, { low, high, scale }: Grids): Float32Array {
  const groups = Math.ceil(low.length / LANES);
  const memory = new WebAssembly.Memory({ initial: 1 + (4 * CHUNK) / PAGE });
  const module = new WebAssembly.Module(assemble(groups));
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  const addErrors = exports['addErrors'] as (start: number, end: number, base: number) => void;
  const floats = new Float32Array(memory.buffer);
  const at = (index: number, offset: number) => (Math.floor(index / LANES) * GROUP + offset) / 4 + (index % LANES);
  // Lanes without a range divide by 1.
  floats.fill(1, 0, (groups * GROUP) / 4);
  for (let i = 0; i < low.length; i++) {
    floats[at(i, LOW)] = low[i]!;
    floats[at(i, HIGH)] = high[i]!;
    floats[at(i, SCALE)] = scale[i]!;
    floats[at(i, SUM)] = 0;
  }
  const chunk = floats.subarray(PAGE / 4);
  let filled = 0;
  const flush = () => {
    if (filled > 0) addErrors(PAGE, PAGE + 4 * filled, 0);
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

/** Opcodes of WebAssembly that are used here; those of vectors follow the prefix `SIMD`. */
const OP = {
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  i32Const: 0x41,
  less: 0x49,
  i32Add: 0x6a,
};
const SIMD = 0xfd;
const F32X4 = {
  load: 0x00,
  splat: 0x09,
  store: 0x0b,
  constant: 0x0c,
  and: 0x4e,
  or: 0x50,
  notLess: 0x46,
  floor: 0x68,
  abs: 0xe0,
  add: 0xe4,
  sub: 0xe5,
  mul: 0xe6,
  div: 0xe7,
  lesser: 0xea,
  greater: 0xeb,
};
const [I32, V128, FUNCTION, NOTHING] = [0x7f, 0x7b, 0x60, 0x40];

/** A module with `addErrors(start, end, base)`: adds the errors of the values from `start` to `end` to the sums of all groups. */
function assemble(groups: number): Uint8Array<ArrayBuffer> {
  const [value, end, base, x, position, magnitude, whole] = [0, 1, 2, 3, 4, 5, 6];
  const get = (local: number) => [OP.get, local];
  const tee = (local: number) => [OP.tee, local];
  const vector = (op: number) => [SIMD, ...unsigned(op)];
  /** Of the address on the stack: aligned to 2 ** `alignment` bytes. */
  const access = (op: number, offset: number, alignment = 4) => [...vector(op), alignment, ...unsigned(offset)];
  const load = (offset: number) => [...get(base), ...access(F32X4.load, offset)];
  const constant = (bits: number) => {
    const bytes = [...new Uint8Array(Uint32Array.of(bits).buffer)];
    return [...vector(F32X4.constant), ...bytes, ...bytes, ...bytes, ...bytes];
  };
  const [HALF, ONE, SIGN] = [0x3f000000, 0x3f800000, 0x80000000];
  const ofGroup = (group: number) => {
    const offset = group * GROUP;
    return [
      ...get(base),
      // position = clip(x) / scale
      ...[...get(x), ...load(offset + LOW), ...vector(F32X4.greater), ...load(offset + HIGH), ...vector(F32X4.lesser)],
      ...[...load(offset + SCALE), ...vector(F32X4.div), ...tee(position)],
      // steps = floor(|position|), and one more from a half on, with the sign of the position
      ...[...vector(F32X4.abs), ...tee(magnitude), ...vector(F32X4.floor), ...tee(whole)],
      ...[...get(magnitude), ...get(whole), ...vector(F32X4.sub), ...constant(HALF), ...vector(F32X4.notLess)],
      ...[...constant(ONE), ...vector(F32X4.and), ...vector(F32X4.add)],
      ...[...get(position), ...constant(SIGN), ...vector(F32X4.and), ...vector(F32X4.or)],
      // sum += (steps * scale - x) ** 2
      ...[...load(offset + SCALE), ...vector(F32X4.mul), ...get(x), ...vector(F32X4.sub)],
      ...[...tee(position), ...get(position), ...vector(F32X4.mul)],
      ...[...load(offset + SUM), ...vector(F32X4.add), ...access(F32X4.store, offset + SUM)],
    ];
  };
  const body = [
    ...[1, 4, V128],
    ...[OP.loop, NOTHING],
    ...[...get(value), ...access(F32X4.splat, 0, 2), OP.set, x],
    ...Array.from({ length: groups }, (_, group) => ofGroup(group)).flat(),
    ...[...get(value), OP.i32Const, 4, OP.i32Add, ...tee(value), ...get(end), OP.less, OP.branchIf, 0],
    ...[OP.end, OP.end],
  ];
  const section = (id: number, content: number[]) => [id, ...unsigned(content.length), ...content];
  return Uint8Array.from([
    ...[...text('\0asm'), 1, 0, 0, 0],
    ...section(1, [1, FUNCTION, 3, I32, I32, I32, 0]),
    ...section(2, [1, ...named('host'), ...named('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...named('addErrors'), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

const text = (value: string): number[] => [...Buffer.from(value, 'latin1')];
const named = (name: string): number[] => [name.length, ...text(name)];

/** LEB128. */
const unsigned = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
