import type { EnumSchema, FieldSchema, MessageField, MessageSchema, ScalarType } from 'caffe-prototxt-parser';
import { numberedFields } from './numbered-fields.ts';
import { addUnknownField } from './unknown-fields.ts';
import { BYTES, FIXED32, FIXED64, VARINT, WireError } from './wire-format.ts';
import { WireReader } from './wire-reader.ts';

/** A message as the generated interfaces have it: absent fields are absent, repeated fields are arrays. */
export type MessageObject = Record<string, unknown>;

const MAX_DEPTH = 100;

/** Bounds the memory that a small hostile file can take: an empty message is two bytes there and many here. */
export interface DecodeBudget {
  /** Messages that may still be made. */
  messages: number;
}

/** Far more than any real net has. */
export function decodeBudget(): DecodeBudget {
  return { messages: 200_000 };
}

/** A message without any field set. */
export function emptyMessage(schema: MessageSchema): MessageObject {
  const message: MessageObject = {};
  for (const field of schema.fields.values()) if (field.cardinality === 'repeated') message[field.name] = [];
  return message;
}

/**
 * Decodes the fields in `bytes` into `message`, by protobuf's rules: a scalar that comes twice takes the last value, a
 * message that comes twice is merged, repeated values add up, packed or not. Fields and enum values that the schema does
 * not know, fields of another wire type and messages that do not parse are kept as unknown fields. `base` is where the bytes lie in the file.
 * Throws a `WireError`.
 */
export function decodeInto(
  message: MessageObject,
  schema: MessageSchema,
  bytes: Uint8Array,
  base: number,
  budget: DecodeBudget = decodeBudget(),
  depth = 0,
): void {
  if (depth > MAX_DEPTH) throw new WireError('messages nested too deep', base);
  const fields = numberedFields(schema);
  const reader = new WireReader(bytes, base);
  while (!reader.atEnd) {
    const start = reader.position;
    const { number, wireType } = reader.tag();
    const valueStart = reader.position;
    reader.skip(number, wireType);
    const field = fields.get(number);
    const value = bytes.subarray(valueStart - base, reader.position - base);
    if (field !== undefined && takeField(message, field, wireType, new WireReader(value, valueStart), budget, depth))
      continue;
    addUnknownField(message, bytes.slice(start - base, reader.position - base));
  }
}

/** Reads a field's value into the message, unless it is of another wire type or an unknown enum value. */
function takeField(
  message: MessageObject,
  field: FieldSchema,
  wireType: number,
  reader: WireReader,
  budget: DecodeBudget,
  depth: number,
): boolean {
  if (field.kind === 'message') return wireType === BYTES && takeMessage(message, field, reader, budget, depth);
  if (wireType === wireTypeOf(field)) {
    const value = readScalar(field, reader);
    if (value === undefined) return false;
    put(message, field, value);
    return true;
  }
  if (wireType !== BYTES || field.cardinality !== 'repeated') return false;
  const packed = reader.bytes();
  const packedReader = new WireReader(packed, reader.position - packed.length);
  const values: unknown[] = [];
  while (!packedReader.atEnd) values.push(readScalar(field, packedReader));
  if (values.includes(undefined)) return false;
  for (const value of values) put(message, field, value);
  return true;
}

/** Another schema's message under this number, which most often does not even parse, is left alone. */
function takeMessage(
  message: MessageObject,
  field: MessageField,
  reader: WireReader,
  budget: DecodeBudget,
  depth: number,
): boolean {
  const bytes = reader.bytes();
  const base = reader.position - bytes.length;
  if (budget.messages-- <= 0) throw new WireError('more messages than any net has', base);
  const child = emptyMessage(field.message);
  try {
    decodeInto(child, field.message, bytes, base, budget, depth + 1);
  } catch (error) {
    if (error instanceof WireError && budget.messages > 0) return false;
    throw error;
  }
  const present = field.cardinality === 'repeated' ? undefined : message[field.name];
  if (present === undefined) put(message, field, child);
  else decodeInto(present as MessageObject, field.message, bytes, base, budget, depth + 1);
  return true;
}

function put(message: MessageObject, field: FieldSchema, value: unknown): void {
  if (field.cardinality === 'repeated') (message[field.name] as unknown[]).push(value);
  else message[field.name] = value;
}

/** The wire type of one unpacked value. */
export function wireTypeOf(field: { kind: 'enum' } | { kind: 'scalar'; type: ScalarType }): number {
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

type ScalarOrEnum = { kind: 'enum'; enum: EnumSchema } | { kind: 'scalar'; type: ScalarType };

/** `undefined` for an enum value without a name. Integers of 64 bits are exact below 2^53. */
function readScalar(field: ScalarOrEnum, reader: WireReader): unknown {
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
      return Number(BigInt.asIntN(64, reader.varint64()));
    case 'uint64':
      return Number(reader.varint64());
    case 'bool':
      return reader.varint64() !== 0n;
    case 'string':
      return reader.string();
    case 'bytes':
      return reader.bytes().slice();
    default:
      throw new RangeError(`no reader for the type ${field.type}`);
  }
}
