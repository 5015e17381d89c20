import protobuf from 'protobufjs/minimal.js';

/** protobufjs's reader of the wire format; its `bytes()` are views of the input. */
export type ProtobufReader = protobuf.Reader;

/** Wire types of the fields met in data files. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
export const FIXED32 = 5;

export function protobufReader(bytes: Uint8Array): ProtobufReader {
  return protobuf.Reader.create(bytes);
}

/**
 * Calls `field` with the number and wire type of each field of a message; where it answers false (a field that
 * is not wanted, or of an unexpected wire type), the field is skipped, as protobuf does with unknown fields.
 */
export function readFields(
  bytes: Uint8Array,
  field: (number: number, wireType: number, reader: ProtobufReader) => boolean,
): void {
  const reader = protobufReader(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (!field(tag >>> 3, tag & 7, reader)) reader.skipType(tag & 7, 0, tag >>> 3);
  }
}

/** The 32-bit floats of a packed field, in one copy. */
export function packedFloats(bytes: Uint8Array): Float32Array {
  if (bytes.length % 4 !== 0) throw new Error(`${bytes.length} bytes of packed floats`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const floats = new Float32Array(bytes.length / 4);
  for (let i = 0; i < floats.length; i++) floats[i] = view.getFloat32(4 * i, true);
  return floats;
}
