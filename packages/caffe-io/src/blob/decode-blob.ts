import { type ByteSource, sliceOf } from '../wire/byte-source.ts';
import { type RawField, scanFields } from '../wire/scan-fields.ts';
import { BYTES, VARINT, WireError } from '../wire/wire-format.ts';
import { WireReader } from '../wire/wire-reader.ts';
import type { Blob, BlobForm } from './blob.ts';
import {
  BlobFields,
  countOf,
  DATA,
  DIFF,
  DOUBLE_DATA,
  DOUBLE_DIFF,
  INT32_DATA,
  INT8_DATA,
  RAW_DATA,
  RAW_DATA_TYPE,
  RAW_DIFF,
  RAW_DIFF_TYPE,
  SHAPE,
  UINT64_DATA,
} from './blob-fields.ts';
import { float16ToFloat32 } from './float16.ts';

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
 * What it does not know is kept. Throws a `WireError`.
 */
export function decodeBlob(source: ByteSource, start: number, end: number): Blob {
  const fields = new BlobFields(source, start, end);
  const blob: Blob = { shape: [], data: fields.floats(DATA) ?? new Float32Array(0) };
  const form: BlobForm = {};
  const diff = fields.floats(DIFF);
  if (diff !== undefined) blob.diff = diff;
  const double = fields.doubles(DOUBLE_DATA);
  if (double !== undefined && double.length > 0) Object.assign(blob, { double, data: Float32Array.from(double) });
  const doubleDiff = fields.doubles(DOUBLE_DIFF);
  if (doubleDiff !== undefined && doubleDiff.length > 0)
    Object.assign(blob, { doubleDiff, diff: Float32Array.from(doubleDiff) });
  if (fields.family === 'nvidia') readNvidiaNumbers(fields, blob, form);
  if (fields.family === 'amct') readAmctNumbers(fields, blob);
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
