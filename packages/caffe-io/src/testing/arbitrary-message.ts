import fc from 'fast-check';
import type { FieldSchema, MessageSchema, ScalarType } from 'caffe-prototxt-parser';

/** Random messages of a schema, as the generated interfaces have them; nested messages up to a depth. */
export function arbitraryMessage(schema: MessageSchema, depth = 3): fc.Arbitrary<Record<string, unknown>> {
  const fields = [...schema.fields.values()].filter((field) => field.kind !== 'message' || depth > 0);
  const entryOf = (field: FieldSchema) => [field.name, arbitraryField(field, depth)] as const;
  const required = fields.filter((field) => field.cardinality === 'required').map(entryOf);
  const others = fields.filter((field) => field.cardinality !== 'required').map(entryOf);
  // A few fields of each message: a LayerParameter has a hundred.
  const chosen = fc
    .subarray(others, { maxLength: Math.min(3, others.length) })
    .chain((some) => fc.record(Object.fromEntries([...required, ...some])));
  const empty = Object.fromEntries(
    [...schema.fields.values()].filter((f) => f.cardinality === 'repeated').map((f) => [f.name, [] as unknown[]]),
  );
  return chosen.map((message) => ({ ...structuredClone(empty), ...message }));
}

function arbitraryField(field: FieldSchema, depth: number): fc.Arbitrary<unknown> {
  const one =
    field.kind === 'message'
      ? arbitraryMessage(field.message, depth - 1)
      : field.kind === 'enum'
        ? fc.constantFrom(...field.enum.values.keys())
        : arbitraryScalar(field.type);
  return field.cardinality === 'repeated' ? fc.array(one, { minLength: 1, maxLength: 3 }) : one;
}

function arbitraryScalar(type: ScalarType): fc.Arbitrary<unknown> {
  switch (type) {
    case 'float':
      return fc.float({ noNaN: true });
    case 'double':
      return fc.double({ noNaN: true });
    case 'int32':
      return fc.integer();
    case 'uint32':
      return fc.nat(0xffffffff);
    case 'int64':
      return fc.maxSafeInteger();
    case 'uint64':
      return fc.maxSafeNat();
    case 'bool':
      return fc.boolean();
    case 'bytes':
      return fc.uint8Array({ maxLength: 100 });
    default:
      return fc.string({ unit: 'grapheme', maxLength: 20 });
  }
}
