import type { EnumField, FieldSchema, MessageSchema, ScalarField } from 'caffe-prototxt-parser';
import { wireTypeOf } from './decode-message.ts';
import { numberedFields } from './numbered-fields.ts';
import { unknownFieldsOf } from './unknown-fields.ts';
import { WireWriter } from './wire-writer.ts';

/** A message of type `M` as the encoder takes it: any field may be left out, at any depth. */
export type PartialMessage<M> = M extends string | number | boolean | Uint8Array | undefined
  ? M
  : M extends readonly (infer E)[]
    ? readonly PartialMessage<E>[]
    : { readonly [F in keyof M]?: PartialMessage<M[F]> };

/** May write a field of the message itself (not of those in it) in another way, and returns true where it did. */
export type ReplaceWriting = (field: FieldSchema, writer: WireWriter) => boolean;

/**
 * Writes a message's fields in the order of their numbers and its unknown fields after them, as protobuf's C++ library
 * does; equal messages give equal bytes.
 *
 * @throws RangeError for an enum value that the schema does not have
 */
export function encodeMessage(message: object, schema: MessageSchema, replace?: ReplaceWriting): WireWriter {
  const writer = new WireWriter();
  writeMessage(writer, message, schema, replace);
  return writer;
}

/** The same within another message. */
export function writeMessage(
  writer: WireWriter,
  message: object,
  schema: MessageSchema,
  replace?: ReplaceWriting,
): void {
  const values = message as Readonly<Record<string, unknown>>;
  for (const field of numberedFields(schema).ascending) {
    if (replace?.(field, writer) === true) continue;
    const value = values[field.name];
    if (value === undefined) continue;
    if (field.cardinality !== 'repeated') writeField(writer, field, value);
    else if (field.packed && field.kind !== 'message') writePacked(writer, field, value as readonly unknown[]);
    else for (const item of value as readonly unknown[]) writeField(writer, field, item);
  }
  writer.raw(unknownFieldsOf(message));
}

function writeField(writer: WireWriter, field: FieldSchema, value: unknown): void {
  if (field.kind === 'message') {
    writer.messageField(field.number, () => writeMessage(writer, value as object, field.message));
  } else {
    writer.tag(field.number, wireTypeOf(field));
    writeScalar(writer, field, value);
  }
}

function writePacked(writer: WireWriter, field: ScalarField | EnumField, values: readonly unknown[]): void {
  if (values.length === 0) return;
  writer.messageField(field.number, () => {
    for (const value of values) writeScalar(writer, field, value);
  });
}

function writeScalar(writer: WireWriter, field: ScalarField | EnumField, value: unknown): void {
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
      return writer.lengthAndString(value as string);
    case 'bytes':
      return writer.lengthAndBytes(value as Uint8Array);
    default:
      throw new RangeError(`no writer for the type ${field.type}`);
  }
}
