import { type Dialect, DIALECTS, dialectSchema, type MessageUse } from '@caffe-quant/caffe-io';
import type { FieldSchema, MessageSchema } from 'caffe-prototxt-parser';
import { layerTypeOf } from '../layers/registry.ts';

/** A field that a layer type says it reads. */
export interface ReadField {
  path: string;
  /** Message fields on the way, and the field itself. */
  way: readonly string[];
  field: ScalarField;
}

export type ScalarField = Exclude<FieldSchema, { kind: 'message' }>;

/** All that a type reads, of whatever dialect, by their paths. */
export function fieldsReadBy(type: string): Map<string, ReadField> {
  return new Map(
    DIALECTS.flatMap((dialect: Dialect) =>
      readFields(dialectSchema(dialect, 'LayerParameter'), layerTypeOf(type)!.fields).map((each) => [each.path, each]),
    ),
  );
}

function readFields(schema: MessageSchema, use: MessageUse, way: readonly string[] = []): ReadField[] {
  return [...schema.fields.values()].flatMap((field): ReadField[] => {
    const made = Object.hasOwn(use, field.name) ? use[field.name] : undefined;
    if (made === undefined || typeof made === 'string') return [];
    const here = [...way, field.name];
    if (field.kind === 'message') {
      const inner =
        made === true ? Object.fromEntries([...field.message.fields.keys()].map((name) => [name, true])) : made;
      return readFields(field.message, inner as MessageUse, here);
    }
    return [{ path: here.join('.'), way: here, field }];
  });
}

/** The message with the field at the end of `way` set. */
export function withField(message: object | undefined, [name, ...rest]: readonly string[], value: unknown): object {
  const record = { ...message } as Record<string, unknown>;
  const inner = record[name!];
  if (rest.length === 0) record[name!] = value;
  else if (Array.isArray(inner))
    record[name!] = inner.length > 0 ? inner.map((each) => withField(each, rest, value)) : [withField({}, rest, value)];
  else record[name!] = withField(withLists(inner as object | undefined, name!), rest, value);
  return record;
}

/** The repeated fields that messages of goldens without this one would lack. */
function withLists(message: object | undefined, name: string): object {
  if (message !== undefined) return message;
  const field = dialectSchema('bvlc', 'LayerParameter').fields.get(name);
  if (field?.kind !== 'message') return {};
  return Object.fromEntries(
    [...field.message.fields.values()]
      .filter(({ cardinality }) => cardinality === 'repeated')
      .map((each) => [each.name, []]),
  );
}
