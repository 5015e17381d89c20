import { type ByteSource, sliceOf } from '../wire/byte-source.ts';
import { type RawField, scanFields } from '../wire/scan-fields.ts';
import { addUnknownField } from '../wire/unknown-fields.ts';
import { BYTES, FIXED32, FIXED64, VARINT, WireError } from '../wire/wire-format.ts';
import { WireReader } from '../wire/wire-reader.ts';
import type { Blob, BlobForm } from './blob.ts';
import { float16ToFloat32 } from './float16.ts';

/** BlobProto's fields; 10 to 12 have a second meaning in NVIDIA's Caffe. */
const DATA = 5;
const DIFF = 6;
const SHAPE = 7;
const DOUBLE_DATA = 8;
const DOUBLE_DIFF = 9;
const INT8_DATA = 10;
const INT32_DATA = 11;
const UINT64_DATA = 12;
const RAW_DATA_TYPE = 10;
const RAW_DIFF_TYPE = 11;
const RAW_DATA = 12;
const RAW_DIFF = 13;

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
const AMCT_WIRE_TYPES: ReadonlyMap<number, readonly number[]> = new Map([
  [INT8_DATA, [BYTES]],
  [INT32_DATA, [BYTES, VARINT]],
  [UINT64_DATA, [BYTES]],
]);
const NVIDIA_WIRE_TYPES: ReadonlyMap<number, readonly number[]> = new Map([
  [RAW_DATA_TYPE, [VARINT]],
  [RAW_DIFF_TYPE, [VARINT]],
  [RAW_DATA, [BYTES]],
  [RAW_DIFF, [BYTES]],
]);

/** NVIDIA's `Type`: the values that hold numbers, and their bytes. */
const RAW_TYPES = [
  { name: 'DOUBLE', bytes: 8 },
  { name: 'FLOAT', bytes: 4 },
  { name: 'FLOAT16', bytes: 2 },
  { name: 'INT', bytes: 4 },
  { name: 'UINT', bytes: 4 },
] as const;

/**
 * Reads the BlobProto in [start, end). Numbers go from the file into their array without a detour, packed or not.
 *
 * AMCT's fields int8_data (10), int32_data (11) and uint64_data (12) have the numbers of NVIDIA's raw_data_type (10),
 * raw_diff_type (11) and raw_data (12). A file is NVIDIA's where its 10 is a varint; AMCT's is a byte string.
 * Throws a `WireError`.
 */
export function decodeBlob(source: ByteSource, start: number, end: number): Blob {
  const fields = new BlobFields(source, start, end);
  const blob: Blob = { shape: [], data: fields.floats(DATA) ?? new Float32Array(0) };
  const form: BlobForm = {};
  const diff = fields.floats(DIFF);
  if (diff !== undefined) blob.diff = diff;
  const double = fields.doubles(DOUBLE_DATA);
  if (double !== undefined) Object.assign(blob, { double, data: Float32Array.from(double) });
  const doubleDiff = fields.doubles(DOUBLE_DIFF);
  if (doubleDiff !== undefined) Object.assign(blob, { doubleDiff, diff: Float32Array.from(doubleDiff) });
  if (fields.isNvidia) readNvidiaNumbers(fields, blob, form);
  else readAmctNumbers(fields, blob);
  readShape(fields, blob, form);
  if (form.shape !== undefined || form.float16 !== undefined) blob.form = form;
  fields.keepUnknown(blob);
  return blob;
}

function readShape(fields: BlobFields, blob: Blob, form: BlobForm): void {
  if ([1, 2, 3, 4].some((number) => fields.last(number) !== undefined)) {
    blob.shape = [1, 2, 3, 4].map((number) => fields.integer(number) ?? 0);
    form.shape = 'legacy';
  } else if (fields.last(SHAPE) !== undefined) {
    for (const { valueStart, end } of fields.each(SHAPE)) blob.shape.push(...readDims(fields.source, valueStart, end));
  } else {
    const numbers = [blob.data, blob.int8, blob.int32, blob.uint64];
    blob.shape = [Math.max(...numbers.map((array) => array?.length ?? 0))];
    form.shape = 'none';
  }
}

const MAX_AXES = 32;

function readDims(source: ByteSource, start: number, end: number): number[] {
  const dims: number[] = [];
  for (const field of scanFields(source, start, end)) {
    if (field.number !== 1 || (field.wireType !== BYTES && field.wireType !== VARINT)) continue;
    const reader = new WireReader(source.peek(field.valueStart, field.end - field.valueStart), field.valueStart);
    while (!reader.atEnd) dims.push(Number(BigInt.asIntN(64, reader.varint64())));
    if (dims.length > MAX_AXES) throw new WireError(`a shape of more than ${MAX_AXES} axes`, field.start);
  }
  return dims;
}

function readAmctNumbers(fields: BlobFields, blob: Blob): void {
  const int8 = fields.last(INT8_DATA);
  if (int8 !== undefined) blob.int8 = new Int8Array(sliceOf(fields.source, int8.valueStart, int8.end).buffer);
  const int32 = fields.varints(INT32_DATA);
  if (int32 !== undefined) {
    blob.int32 = new Int32Array(int32.countVarints());
    for (let i = 0; !int32.atEnd; i++) blob.int32[i] = int32.int32();
  }
  const uint64 = fields.varints(UINT64_DATA);
  if (uint64 !== undefined) {
    blob.uint64 = new BigUint64Array(uint64.countVarints());
    for (let i = 0; !uint64.atEnd; i++) blob.uint64[i] = uint64.varint64();
  }
}

function readNvidiaNumbers(fields: BlobFields, blob: Blob, form: BlobForm): void {
  const rawData = fields.last(RAW_DATA);
  if (rawData !== undefined) {
    const type = fields.integer(RAW_DATA_TYPE) ?? 0;
    const numbers = readRaw(fields.source, rawData, type);
    if (numbers instanceof Float64Array) Object.assign(blob, { double: numbers, data: Float32Array.from(numbers) });
    else blob.data = numbers;
    if (RAW_TYPES[type]?.name === 'FLOAT16') form.float16 = true;
  }
  const rawDiff = fields.last(RAW_DIFF);
  if (rawDiff !== undefined) {
    blob.diff = Float32Array.from(readRaw(fields.source, rawDiff, fields.integer(RAW_DIFF_TYPE) ?? 0));
  }
}

function readRaw(source: ByteSource, field: RawField, rawType: number): Float32Array | Float64Array {
  const type = RAW_TYPES[rawType];
  if (type === undefined) throw new WireError(`raw_data_type ${rawType} is none that holds numbers`, field.start);
  const count = countOf(field, type.bytes);
  if (type.name === 'FLOAT') return source.float32(field.valueStart, count);
  const { buffer } = sliceOf(source, field.valueStart, field.end);
  switch (type.name) {
    case 'DOUBLE':
      return new Float64Array(buffer);
    case 'FLOAT16':
      return float16ToFloat32(new Uint16Array(buffer));
    case 'INT':
      return Float32Array.from(new Int32Array(buffer));
    case 'UINT':
      return Float32Array.from(new Uint32Array(buffer));
  }
}

function countOf({ start, valueStart, end }: RawField, bytes: number): number {
  const count = (end - valueStart) / bytes;
  if (!Number.isInteger(count)) throw new WireError(`${end - valueStart} bytes are no whole number of values`, start);
  return count;
}

/** A blob's fields by number. A field may come in any number of pieces; only their sizes are held, never a list of them. */
class BlobFields {
  readonly source: ByteSource;
  /** Whether the fields from 10 on are NVIDIA's. */
  readonly isNvidia: boolean;
  readonly #start: number;
  readonly #end: number;
  readonly #wireTypes: ReadonlyMap<number, readonly number[]>;
  readonly #summary = new Map<number, { last: RawField; pieces: number; bytes: number }>();

  constructor(source: ByteSource, start: number, end: number) {
    this.source = source;
    this.#start = start;
    this.#end = end;
    let isNvidia = false;
    for (const { number, wireType } of scanFields(source, start, end)) {
      if (number === RAW_DATA_TYPE) isNvidia = wireType === VARINT;
    }
    this.isNvidia = isNvidia;
    this.#wireTypes = new Map([...WIRE_TYPES, ...(isNvidia ? NVIDIA_WIRE_TYPES : AMCT_WIRE_TYPES)]);
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
