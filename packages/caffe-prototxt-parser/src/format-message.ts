import { escapeString } from './escape-string.ts';
import { formatDouble, formatFloat } from './format-float.ts';
import type { EnumField, FieldSchema, MessageSchema, ScalarField } from './schema.ts';

export interface FormatOptions {
  /** Keep printable characters beyond ASCII in strings; default false: octal escapes, as protobuf writes them. */
  keepUnicode?: boolean;
}

/**
 * The canonical text of a message: fields by number, two blanks of indentation, `\n` as line end, one value a line, as protobuf's
 * `TextFormat::Print` does it; floats as the shortest text that reads back as the same value. Reading it with `bindMessage` gives
 * an equal message.
 *
 * @throws TypeError for a member that the schema does not have or of a wrong type: that is a mistake in the program, not in a file.
 */
export function formatMessage(message: object, schema: MessageSchema, options: FormatOptions = {}): string {
  const lines: string[] = [];
  formatInto(lines, message, schema, '', options);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** The text of one field with its name, as a snippet for an edit: `layer {\n  name: "conv1"\n}\n`. A repeated field gives one for each value. */
export function formatField(name: string, value: unknown, schema: MessageSchema, options: FormatOptions = {}): string {
  const field = schema.fields.get(name);
  if (field === undefined) throw new TypeError(`${schema.name} has no field ${name}`);
  const lines: string[] = [];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  for (const each of values) formatFieldInto(lines, field, each, '', options);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function formatInto(
  lines: string[],
  message: object,
  schema: MessageSchema,
  indent: string,
  options: FormatOptions,
): void {
  const present: [FieldSchema, unknown][] = [];
  for (const [name, value] of Object.entries(message) as [string, unknown][]) {
    if (value === undefined) continue;
    const field = schema.fields.get(name);
    if (field === undefined) throw new TypeError(`${schema.name} has no field ${name}`);
    present.push([field, value]);
  }
  present.sort(([a], [b]) => a.number - b.number);
  for (const [field, value] of present) {
    if (field.cardinality !== 'repeated') {
      formatFieldInto(lines, field, value, indent, options);
      continue;
    }
    const isArray = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
    if (!isArray) throw new TypeError(`${schema.name}.${field.name} is repeated: expected an array`);
    for (const each of value as Iterable<unknown>) formatFieldInto(lines, field, each, indent, options);
  }
}

function formatFieldInto(
  lines: string[],
  field: FieldSchema,
  value: unknown,
  indent: string,
  options: FormatOptions,
): void {
  if (field.kind !== 'message') {
    lines.push(`${indent}${field.name}: ${formatScalar(field, value, options)}`);
    return;
  }
  if (typeof value !== 'object' || value === null) throw new TypeError(`${field.name}: expected a message`);
  lines.push(`${indent}${field.name} {`);
  formatInto(lines, value, field.message, `${indent}  `, options);
  lines.push(`${indent}}`);
}

function formatScalar(field: ScalarField | EnumField, value: unknown, options: FormatOptions): string {
  if (field.kind === 'enum') return formatEnum(field, value);
  switch (field.type) {
    case 'string':
      if (typeof value === 'string') return escapeString(value, options.keepUnicode);
      break;
    case 'bytes':
      if (value instanceof Uint8Array) return escapeString(value);
      break;
    case 'bool':
      if (typeof value === 'boolean') return String(value);
      break;
    case 'float':
      if (typeof value === 'number') return formatFloat(value);
      break;
    case 'double':
      if (typeof value === 'number') return formatDouble(value);
      break;
    default:
      if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)))
        return BigInt(value).toString();
  }
  throw new TypeError(`${field.name}: expected a value of type ${field.type}, got ${String(value)}`);
}

function formatEnum(field: EnumField, value: unknown): string {
  if (typeof value === 'string' && field.enum.values.has(value)) return value;
  if (typeof value === 'number' && Number.isInteger(value)) return field.enum.names.get(value) ?? String(value);
  throw new TypeError(`${field.name}: ${String(value)} is not a value of enum ${field.enum.name}`);
}
