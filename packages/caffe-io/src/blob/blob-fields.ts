import { type ByteSource, sliceOf } from '../wire/byte-source.ts';
import { type RawField, scanFields } from '../wire/scan-fields.ts';
import { addUnknownField } from '../wire/unknown-fields.ts';
import { BYTES, FIXED32, FIXED64, VARINT, WireError } from '../wire/wire-format.ts';
import { WireReader } from '../wire/wire-reader.ts';
import type { Blob } from './blob.ts';

/** BlobProto's fields, of which 10 to 13 differ between Caffe's families. */
export const DATA = 5;
export const DIFF = 6;
export const SHAPE = 7;
export const DOUBLE_DATA = 8;
export const DOUBLE_DIFF = 9;
export const INT8_DATA = 10;
export const INT32_DATA = 11;
export const UINT64_DATA = 12;
export const RAW_DATA_TYPE = 10;
export const RAW_DIFF_TYPE = 11;
export const RAW_DATA = 12;
export const RAW_DIFF = 13;

/** Wire types in which a field is read; a field of another one is kept as unknown. */
const WIRE_TYPES: ReadonlyMap<number, readonly number[]> = new Map([
  [1, [VARINT]],
  [2, [VARINT]],
  [3, [VARINT]],
  [4, [VARINT]],
  [DATA, [BYTES, FIXED32]],
  [DIFF, [BYTES, FIXED32]],
  [SHAPE, [BYTES]],
  [DOUBLE_DATA, [BYTES, FIXED64]],
  [DOUBLE_DIFF, [BYTES, FIXED64]],
]);
/** Whose fields a blob has from 10 on. */
export type BlobFamily = 'plain' | 'amct' | 'nvidia';

const FAMILY_WIRE_TYPES: Readonly<Record<BlobFamily, ReadonlyMap<number, readonly number[]>>> = {
  plain: new Map(),
  amct: new Map([
    [INT8_DATA, [BYTES]],
    [INT32_DATA, [BYTES, VARINT]],
    [UINT64_DATA, [BYTES]],
  ]),
  nvidia: new Map([
    [RAW_DATA_TYPE, [VARINT]],
    [RAW_DIFF_TYPE, [VARINT]],
    [RAW_DATA, [BYTES]],
    [RAW_DIFF, [BYTES]],
  ]),
};

/** A blob's fields by number. A field may come in any number of pieces; only their sizes are held, never a list of them. */
export class BlobFields {
  readonly source: ByteSource;
  readonly family: BlobFamily;
  readonly #start: number;
  readonly #end: number;
  readonly #wireTypes: ReadonlyMap<number, readonly number[]>;
  readonly #summary = new Map<number, { last: RawField; pieces: number; bytes: number }>();

  constructor(source: ByteSource, start: number, end: number) {
    this.source = source;
    this.#start = start;
    this.#end = end;
    this.family = familyOf(source, start, end);
    this.#wireTypes = new Map([...WIRE_TYPES, ...FAMILY_WIRE_TYPES[this.family]]);
    for (const field of scanFields(source, start, end)) {
      if (!this.#isKnown(field)) continue;
      const before = this.#summary.get(field.number);
      const bytes = (before?.bytes ?? 0) + field.end - field.valueStart;
      this.#summary.set(field.number, { last: field, pieces: (before?.pieces ?? 0) + 1, bytes });
    }
  }

  /** The piece that counts of a singular field. */
  last(number: number): RawField | undefined {
    return this.#summary.get(number)?.last;
  }

  *each(number: number): Generator<RawField> {
    for (const field of scanFields(this.source, this.#start, this.#end)) {
      if (field.number === number && this.#isKnown(field)) yield field;
    }
  }

  /** A singular int32. */
  integer(number: number): number | undefined {
    const field = this.last(number);
    if (field === undefined) return undefined;
    return new WireReader(this.source.peek(field.valueStart, field.end - field.valueStart), field.valueStart).int32();
  }

  /** A varint field's values, packed or not, one after the other. */
  varints(number: number): WireReader | undefined {
    const summary = this.#summary.get(number);
    if (summary === undefined) return undefined;
    return new WireReader(this.#joined(number, new Uint8Array(summary.bytes)), summary.last.valueStart);
  }

  floats(number: number): Float32Array | undefined {
    const summary = this.#summary.get(number);
    if (summary === undefined) return undefined;
    if (summary.pieces === 1) return this.source.float32(summary.last.valueStart, countOf(summary.last, 4));
    for (const piece of this.each(number)) countOf(piece, 4);
    return new Float32Array(this.#joined(number, new Uint8Array(summary.bytes)).buffer);
  }

  doubles(number: number): Float64Array | undefined {
    const summary = this.#summary.get(number);
    if (summary === undefined) return undefined;
    for (const piece of this.each(number)) countOf(piece, 8);
    return new Float64Array(this.#joined(number, new Uint8Array(summary.bytes)).buffer);
  }

  keepUnknown(blob: Blob): void {
    for (const field of scanFields(this.source, this.#start, this.#end)) {
      if (!this.#isKnown(field)) addUnknownField(blob, sliceOf(this.source, field.start, field.end));
    }
  }

  #isKnown({ number, wireType }: RawField): boolean {
    return this.#wireTypes.get(number)?.includes(wireType) === true;
  }

  #joined(number: number, target: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    let at = 0;
    for (const { valueStart, end } of this.each(number)) {
      this.source.copyTo(target.subarray(at, at + end - valueStart), valueStart);
      at += end - valueStart;
    }
    return target;
  }
}

/**
 * AMCT's fields int8_data (10), int32_data (11) and uint64_data (12) have the numbers of NVIDIA's raw_data_type (10),
 * raw_diff_type (11) and raw_data (12). NVIDIA's 10 is a varint, AMCT's a byte string; AMCT's stand instead of data. A
 * file that has data and something else there is of yet another fork.
 */
function familyOf(source: ByteSource, start: number, end: number): BlobFamily {
  let hasFloats = false;
  for (const { number, wireType } of scanFields(source, start, end)) {
    if (number === RAW_DATA_TYPE && wireType === VARINT) return 'nvidia';
    if (number === DATA || number === DOUBLE_DATA) hasFloats = true;
  }
  return hasFloats ? 'plain' : 'amct';
}

/** Values of a size in a field; an error where there is a rest. */
export function countOf({ start, valueStart, end }: RawField, bytes: number): number {
  const count = (end - valueStart) / bytes;
  if (!Number.isInteger(count))
    throw new WireError(`${end - valueStart} bytes are not a whole number of values`, start);
  return count;
}
