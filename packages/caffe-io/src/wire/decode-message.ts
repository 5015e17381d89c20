import type { EnumField, FieldSchema, MessageField, MessageSchema, ScalarField } from 'caffe-prototxt-parser';
import { numberedFields } from './numbered-fields.ts';
import { addUnknownField } from './unknown-fields.ts';
import { BYTES, fieldNumber, FIXED32, FIXED64, VARINT, WireError, wireTypeIn } from './wire-format.ts';
import { WireReader } from './wire-reader.ts';

/** A message as the generated interfaces have it: absent fields are absent, repeated fields are arrays. */
export type MessageObject = Record<string, unknown>;

/** Bounds the memory that a small hostile file can take: an empty message is two bytes there and many here. */
export interface DecodeBudget {
  /** Messages that may still be made. */
  messages: number;
}

/** Far more than any real net has. */
export function decodeBudget(): DecodeBudget {
  return { messages: 200_000 };
}

export interface DecodeOptions {
  /** Shared by messages that are decoded one by one. Default: a budget for this message alone. */
  budget?: DecodeBudget;
  /**
   * May read a field of the message itself (not of those in it) in another way, such as numbers into a typed array, and
   * returns true where it did. The reader stands before the value. Default: every field is read by its schema.
   */
  replace?: (field: FieldSchema, wireType: number, reader: WireReader) => boolean;
}

/**
 * Decodes a message by protobuf's rules: a scalar that comes twice takes the last value, a message that comes twice is
 * merged, repeated values add up, packed or not. Values of type `bytes` are views. Fields and enum values that the schema
 * does not know, fields of another wire type and messages that do not parse are kept as unknown fields.
 *
 * @throws WireError with the offset in `bytes` where they are not protobuf
 */
export function decodeMessage(bytes: Uint8Array, schema: MessageSchema, options: DecodeOptions = {}): MessageObject {
  const { budget = decodeBudget(), replace } = options;
  const message = emptyMessage(schema);
  new MessageDecoder(budget, replace).fields(message, schema, new WireReader(bytes), 0);
  return message;
}

/** A message without any field set. */
export function emptyMessage(schema: MessageSchema): MessageObject {
  const message: MessageObject = {};
  for (const name of numberedFields(schema).repeated) message[name] = [];
  return message;
}

const MAX_DEPTH = 100;

class MessageDecoder {
  readonly #budget: DecodeBudget;
  readonly #replace: DecodeOptions['replace'];

  constructor(budget: DecodeBudget, replace: DecodeOptions['replace']) {
    this.#budget = budget;
    this.#replace = replace;
  }

  /** Reads all that is left in the reader into a message. */
  fields(message: MessageObject, schema: MessageSchema, reader: WireReader, depth: number): void {
    if (depth > MAX_DEPTH) throw new WireError('messages nested too deep', reader.position);
    const replace = depth === 0 ? this.#replace : undefined;
    const { byNumber } = numberedFields(schema);
    while (!reader.atEnd) {
      const start = reader.position;
      const tag = reader.tag();
      const number = fieldNumber(tag);
      const wireType = wireTypeIn(tag);
      const valueStart = reader.position;
      const field = byNumber.get(number);
      if (field !== undefined) {
        if (replace?.(field, wireType, reader) === true) continue;
        if (this.#field(message, field, wireType, reader, depth)) continue;
      }
      reader.seek(valueStart);
      reader.skip(tag);
      addUnknownField(message, reader.since(start));
    }
  }

  /** Reads a field's value into the message, unless it is of another wire type or an unknown enum value. */
  #field(message: MessageObject, field: FieldSchema, wireType: number, reader: WireReader, depth: number): boolean {
    if (field.kind === 'message') return wireType === BYTES && this.#message(message, field, reader, depth);
    if (wireType === wireTypeOf(field)) {
      const value = readScalar(field, reader);
      if (value === undefined) return false;
      put(message, field, value);
      return true;
    }
    if (wireType !== BYTES || field.cardinality !== 'repeated') return false;
    const outerEnd = reader.enter();
    const values: unknown[] = [];
    while (!reader.atEnd) values.push(readScalar(field, reader));
    reader.leave(outerEnd);
    if (values.includes(undefined)) return false;
    for (const value of values) put(message, field, value);
    return true;
  }

  /** Another schema's message under this number, which most often does not even parse, is left alone. */
  #message(message: MessageObject, field: MessageField, reader: WireReader, depth: number): boolean {
    const outerEnd = reader.enter();
    const start = reader.position;
    if (this.#budget.messages-- <= 0) throw new WireError('more messages than any net has', start);
    const child = emptyMessage(field.message);
    try {
      this.fields(child, field.message, reader, depth + 1);
    } catch (error) {
      if (!(error instanceof WireError) || this.#budget.messages <= 0) throw error;
      reader.leave(outerEnd);
      return false;
    }
    const present = field.cardinality === 'repeated' ? undefined : message[field.name];
    if (present === undefined) {
      put(message, field, child);
    } else {
      reader.seek(start);
      this.fields(present as MessageObject, field.message, reader, depth + 1);
    }
    reader.leave(outerEnd);
    return true;
  }
}

function put(message: MessageObject, field: FieldSchema, value: unknown): void {
  if (field.cardinality === 'repeated') (message[field.name] as unknown[]).push(value);
  else message[field.name] = value;
}

/** The wire type of one unpacked value. */
export function wireTypeOf(field: ScalarField | EnumField): number {
  if (field.kind === 'enum') return VARINT;
  switch (field.type) {
    case 'float':
      return FIXED32;
    case 'double':
      return FIXED64;
    case 'string':
    case 'bytes':
      return BYTES;
    default:
      return VARINT;
  }
}

/** `undefined` for an enum value without a name. Integers of 64 bits are exact below 2^53. */
function readScalar(field: ScalarField | EnumField, reader: WireReader): unknown {
  if (field.kind === 'enum') return field.enum.names.get(reader.int32());
  switch (field.type) {
    case 'float':
      return reader.float();
    case 'double':
      return reader.double();
    case 'int32':
      return reader.int32();
    case 'uint32':
      return reader.int32() >>> 0;
    case 'int64':
      return reader.int64();
    case 'uint64':
      return Number(reader.varint64());
    case 'bool':
      return reader.int64() !== 0;
    case 'string':
      return reader.string();
    case 'bytes':
      return reader.bytes();
    default:
      throw new RangeError(`no reader for the type ${field.type}`);
  }
}
