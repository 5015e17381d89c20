import { unknownFieldsOf } from '../wire/unknown-fields.ts';
import { BYTES, VARINT } from '../wire/wire-format.ts';
import type { WireWriter } from '../wire/wire-writer.ts';
import type { Blob } from './blob.ts';
import { float32ToFloat16Exactly } from './float16.ts';

/** NVIDIA's `Type.FLOAT16`. */
const FLOAT16 = 2;

/** Writes a blob as a BlobProto, its fields in the order of their numbers. Those of the blob are not copied. */
export function writeBlob(writer: WireWriter, blob: Blob): void {
  const isLegacy = blob.form?.shape === 'legacy' && blob.shape.length === 4;
  const half = blob.form?.float16 === true ? float32ToFloat16Exactly(blob.data) : undefined;
  const halfDiff = half !== undefined && blob.diff !== undefined ? float32ToFloat16Exactly(blob.diff) : undefined;
  if (isLegacy) {
    for (const [index, axis] of blob.shape.entries()) {
      writer.tag(index + 1, VARINT);
      writer.integer(axis);
    }
  }
  if (half === undefined && blob.double === undefined) numbersField(writer, 5, blob.data);
  if (halfDiff === undefined && blob.doubleDiff === undefined) numbersField(writer, 6, blob.diff);
  if (!isLegacy && blob.form?.shape !== 'none')
    writer.messageField(7, () => {
      if (blob.shape.length > 0) packedIntegers(writer, 1, blob.shape);
    });
  numbersField(writer, 8, blob.double);
  numbersField(writer, 9, blob.doubleDiff);
  if (half !== undefined) {
    integerField(writer, 10, FLOAT16);
    if (halfDiff !== undefined) integerField(writer, 11, FLOAT16);
    numbersField(writer, 12, half);
    numbersField(writer, 13, halfDiff);
  } else {
    numbersField(writer, 10, blob.int8);
    if (blob.int32 !== undefined) packedIntegers(writer, 11, blob.int32);
    if (blob.uint64 !== undefined) packedIntegers(writer, 12, blob.uint64);
  }
  writer.raw(unknownFieldsOf(blob));
}

function packedIntegers(writer: WireWriter, number: number, values: Iterable<number | bigint>): void {
  writer.messageField(number, () => {
    for (const value of values) {
      if (typeof value === 'bigint') writer.varint64(value);
      else writer.integer(value);
    }
  });
}

function integerField(writer: WireWriter, number: number, value: number): void {
  writer.tag(number, VARINT);
  writer.integer(value);
}

type Numbers = Float32Array | Float64Array | Int8Array | Uint16Array;

/** The bytes of numbers that the format stores as the machine does. Nothing where there are none. */
function numbersField(writer: WireWriter, number: number, numbers: Numbers | undefined): void {
  if (numbers === undefined || numbers.length === 0) return;
  writer.tag(number, BYTES);
  writer.lengthAndBytes(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
}
