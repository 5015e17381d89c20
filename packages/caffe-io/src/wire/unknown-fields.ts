const UNKNOWN_FIELDS: unique symbol = Symbol('unknown protobuf fields');

const NOTHING = new Uint8Array(0);

interface Collected {
  buffer: Uint8Array;
  length: number;
}

interface WithUnknownFields {
  [UNKNOWN_FIELDS]?: Collected;
}

/**
 * Fields of a binary message that its schema does not know, with their tags, in the order of the file. They travel with
 * the message, also through a spread copy, and are written back after its known fields.
 */
export function unknownFieldsOf(message: object): Uint8Array {
  const collected = (message as WithUnknownFields)[UNKNOWN_FIELDS];
  return collected === undefined ? NOTHING : collected.buffer.subarray(0, collected.length);
}

/** Adds a copy of a field's bytes. */
export function addUnknownField(message: object, bytes: Uint8Array): void {
  const collected = ((message as WithUnknownFields)[UNKNOWN_FIELDS] ??= { buffer: new Uint8Array(0), length: 0 });
  if (collected.length + bytes.length > collected.buffer.length) {
    const larger = new Uint8Array(Math.max(collected.length + bytes.length, 2 * collected.buffer.length));
    larger.set(collected.buffer.subarray(0, collected.length));
    collected.buffer = larger;
  }
  collected.buffer.set(bytes, collected.length);
  collected.length += bytes.length;
}
