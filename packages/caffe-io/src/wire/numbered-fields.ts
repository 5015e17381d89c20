import type { FieldSchema, MessageSchema } from 'caffe-prototxt-parser';

/** A message's fields as its bytes are read and written. */
export interface NumberedFields {
  readonly byNumber: ReadonlyMap<number, FieldSchema>;
  /** In ascending order of their numbers, in which protobuf's own writers put them. */
  readonly ascending: readonly FieldSchema[];
  /** Names of the repeated ones, in the schema's order. */
  readonly repeated: readonly string[];
}

const cache = new WeakMap<MessageSchema, NumberedFields>();

/** Found once for a schema. */
export function numberedFields(schema: MessageSchema): NumberedFields {
  const known = cache.get(schema);
  if (known !== undefined) return known;
  const all = [...schema.fields.values()];
  const fields = {
    byNumber: new Map(all.map((field) => [field.number, field])),
    ascending: [...all].sort((a, b) => a.number - b.number),
    repeated: all.filter(({ cardinality }) => cardinality === 'repeated').map(({ name }) => name),
  };
  cache.set(schema, fields);
  return fields;
}
