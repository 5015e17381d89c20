import { recordRandom } from './record-random.ts';

/** In which order a data layer walks over its records, again and again. */
export interface RecordOrder {
  /** The record at a position of the walk, which counts on from pass to pass. */
  ordinal(position: number): number;
}

/** Records as they are stored. */
export function storedOrder(recordCount: number): RecordOrder {
  return { ordinal: (position) => position % recordCount };
}

/**
 * Each pass in an order of its own, as with `shuffle: true` of Caffe's ImageData and HDF5Data layers. It depends on the
 * seed and the number of the pass alone.
 *
 * @param groups sizes of the groups of records that stay together: an HDF5Data layer shuffles its files, and within
 *   each file its rows (hdf5_data_layer.cpp). One group is a plain shuffle.
 */
export function shuffledOrder(groups: readonly number[], seed: number): RecordOrder {
  const recordCount = groups.reduce((sum, size) => sum + size, 0);
  let current: { pass: number; ordinals: Uint32Array } = { pass: -1, ordinals: new Uint32Array(0) };
  return {
    ordinal(position) {
      const pass = Math.floor(position / recordCount);
      if (pass !== current.pass) current = { pass, ordinals: permutation(groups, recordCount, seed, pass) };
      return current.ordinals[position % recordCount]!;
    },
  };
}

/** The first pass as records are stored, the others as `order` has them. */
export function storedFirst(order: RecordOrder, recordCount: number): RecordOrder {
  return { ordinal: (position) => (position < recordCount ? position : order.ordinal(position)) };
}

/** A walk that starts at another record, as with `rand_skip`. */
export function skippingOrder(order: RecordOrder, skipped: number): RecordOrder {
  return skipped === 0 ? order : { ordinal: (position) => order.ordinal(position + skipped) };
}

/** Of `rand_skip`: the number of records to skip, less than it. */
export function randomSkip(randSkip: number, seed: number): number {
  return randSkip > 0 ? recordRandom(seed, SKIP)() % randSkip : 0;
}

/** Positions of streams that are not records'. */
const SKIP = -1;
const FIRST_PASS = -2;

function permutation(groups: readonly number[], recordCount: number, seed: number, pass: number): Uint32Array {
  const random = recordRandom(seed, FIRST_PASS - pass);
  const starts: number[] = [];
  groups.reduce((start, size) => (starts.push(start), start + size), 0);
  const ordinals = new Uint32Array(recordCount);
  let filled = 0;
  for (const group of shuffled(Uint32Array.from(groups.keys()), random)) {
    const start = starts[group]!;
    const rows = shuffled(
      Uint32Array.from({ length: groups[group]! }, (_, row) => start + row),
      random,
    );
    ordinals.set(rows, filled);
    filled += rows.length;
  }
  return ordinals;
}

/** Fisher and Yates' shuffle, in place. */
function shuffled(values: Uint32Array, random: () => number): Uint32Array {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random() % (i + 1);
    const value = values[i]!;
    values[i] = values[j]!;
    values[j] = value;
  }
  return values;
}
