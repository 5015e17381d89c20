import type { FieldSchema, MessageSchema } from 'caffe-prototxt-parser';

const cache = new WeakMap<MessageSchema, ReadonlyMap<number, FieldSchema>>();

/** A message's fields by number, in ascending order: the order in which protobuf's own writers put them. */
export function numberedFields(schema: MessageSchema): ReadonlyMap<number, FieldSchema> {
  const known = cache.get(schema);
  if (known !== undefined) return known;
  const sorted = [...schema.fields.values()].sort((a, b) => a.number - b.number);
  const fields = new Map(sorted.map((field) => [field.number, field]));
  cache.set(schema, fields);
  return fields;
}
