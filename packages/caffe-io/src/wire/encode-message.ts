import type { EnumSchema, FieldSchema, MessageSchema, ScalarType } from 'caffe-prototxt-parser';
import { wireTypeOf } from './decode-message.ts';
import { numberedFields } from './numbered-fields.ts';
import { unknownFieldsOf } from './unknown-fields.ts';
import { WireWriter } from './wire-writer.ts';

/**
 * Writes a message's fields in the order of their numbers and its unknown fields after them, as protobuf's C++ library
 * does; equal messages give equal bytes. `replace` may write a field in another way and returns true where it did.
 */
export function encodeMessage(
  message: object,
  schema: MessageSchema,
  replace: (field: FieldSchema, writer: WireWriter) => boolean = () => false,
): WireWriter {
  const writer = new WireWriter();
  const values = message as Readonly<Record<string, unknown>>;
  for (const field of numberedFields(schema).values()) {
    if (replace(field, writer)) continue;
    const value = values[field.name];
    if (value === undefined) continue;
    const list: readonly unknown[] = field.cardinality === 'repeated' ? (value as readonly unknown[]) : [value];
    if (field.kind === 'message') {
      for (const child of list) writer.messageField(field.number, encodeMessage(child as object, field.message));
    } else if (field.packed && list.length > 0) {
      const packed = new WireWriter();
      for (const item of list) writeScalar(field, item, packed);
      writer.messageField(field.number, packed);
    } else {
      for (const item of list) {
        writer.tag(field.number, wireTypeOf(field));
        writeScalar(field, item, writer);
      }
    }
  }
  writer.raw(unknownFieldsOf(message));
  return writer;
}

const utf8 = new TextEncoder();

type ScalarOrEnum = { kind: 'enum'; enum: EnumSchema } | { kind: 'scalar'; type: ScalarType };

function writeScalar(field: ScalarOrEnum, value: unknown, writer: WireWriter): void {
  if (field.kind === 'enum') {
    const number = field.enum.values.get(value as string);
    if (number === undefined) throw new RangeError(`${field.enum.name} has no value ${String(value)}`);
    writer.integer(number);
    return;
  }
  switch (field.type) {
    case 'float':
      return writer.float(value as number);
    case 'double':
      return writer.double(value as number);
    case 'int32':
    case 'uint32':
    case 'int64':
    case 'uint64':
      return writer.integer(value as number);
    case 'bool':
      return writer.varint(value === true ? 1 : 0);
    case 'string':
      return writer.lengthAndBytes(utf8.encode(value as string));
    case 'bytes':
      return writer.lengthAndBytes(value as Uint8Array);
    default:
      throw new RangeError(`no writer for the type ${field.type}`);
  }
}
