/**
 * Protobuf's wire types, the low three bits of a tag; the rest is the field number.
 * Encoding: https://protobuf.dev/programming-guides/encoding/
 */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const GROUP_START = 3;
export const GROUP_END = 4;
export const FIXED32 = 5;

/** The field number in a tag. */
export const fieldNumber = (tag: number): number => tag >>> 3;

/** The wire type in a tag. */
export const wireTypeIn = (tag: number): number => tag & 7;

/** Protobuf's largest field number, 2^29 - 1. */
export const MAX_FIELD_NUMBER = 536_870_911;

/** Bytes that are not protobuf; `offset` counts from the start of the file. */
export class WireError extends Error {
  readonly offset: number;
  /** Bytes that a value lacks, where it reaches beyond what it lies in. */
  readonly missing: number | undefined;

  constructor(message: string, offset: number, missing?: number) {
    super(message);
    this.name = 'WireError';
    this.offset = offset;
    this.missing = missing;
  }
}

/** Bytes that a varint takes; `value` is an unsigned integer below 2^53. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}
