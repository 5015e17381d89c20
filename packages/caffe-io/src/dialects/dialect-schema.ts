import {
  type JsonDescriptor,
  type JsonField,
  type JsonNode,
  type MessageSchema,
  schemaFromDescriptor,
} from 'caffe-prototxt-parser';
import { descriptor as caffe, type Messages } from '../generated/caffe.ts';
import { type DialectName, dialects } from '../generated/dialects.ts';

/**
 * Whose field numbers a binary file is written in, and whose names a text file: BVLC's Caffe or one of its forks.
 * Forks have given one number to different things, and one thing different numbers.
 */
export type Dialect = 'bvlc' | DialectName;

/** In the order in which they are tried. */
export const DIALECTS: readonly Dialect[] = [
  'bvlc',
  'ssd',
  'nvidia',
  'intel',
  'mobilenet-yolo',
  'caffe-windows',
  'amct',
  'ristretto',
  'temporal-segment',
  'lstm',
  'segnet',
  'synopsys',
];

/** Added to the number of a field that the dialect does not have, or uses for something else. */
const PRIVATE = 500_000;

const descriptors = new Map<Dialect, JsonDescriptor>();

/** The schema of one of caffe.proto's messages as a dialect has it: every field that we know, under its numbers. */
export function dialectSchema(dialect: Dialect, name: keyof Messages): MessageSchema {
  let descriptor = descriptors.get(dialect);
  if (descriptor === undefined) {
    const own: JsonDescriptor = dialect === 'bvlc' ? {} : dialects[dialect];
    descriptor = {
      nested: { caffe: { nested: merge(messagesOf(caffe), messagesOf(own), messagesOf(dialects.amct)) } },
    };
    descriptors.set(dialect, descriptor);
  }
  return schemaFromDescriptor(descriptor, `caffe.${name}`);
}

type Nodes = Readonly<Record<string, JsonNode>>;

function messagesOf(descriptor: JsonDescriptor): Nodes {
  return descriptor.nested?.['caffe']?.nested ?? {};
}

/** caffe.proto is BVLC's and AMCT's together: `amct` says which fields of it are AMCT's alone. */
function merge(base: Nodes, own: Nodes, amct: Nodes): Nodes {
  const names = new Set([...Object.keys(own), ...Object.keys(base)]);
  return Object.fromEntries([...names].map((name) => [name, mergeNode(base[name], own[name], amct[name])]));
}

function mergeNode(base: JsonNode = {}, own: JsonNode = {}, amct: JsonNode = {}): JsonNode {
  if (base.values !== undefined || own.values !== undefined)
    return { values: { ...own.values, ...base.values, ...own.values } };
  const taken = new Set(Object.values(own.fields ?? {}).map(({ id }) => id));
  const others = Object.entries(base.fields ?? {})
    .filter(([name]) => own.fields?.[name] === undefined)
    .map(([name, field]) => {
      const isForeign = amct.fields?.[name]?.id === field.id || taken.has(field.id);
      return [name, isForeign ? { ...field, id: PRIVATE + field.id } : field] as const;
    });
  const owned = Object.entries(own.fields ?? {}).map(([name, field]) => [name, asList(field, base.fields?.[name])]);
  return {
    fields: { ...Object.fromEntries(owned), ...Object.fromEntries(others) },
    nested: merge(base.nested ?? {}, own.nested ?? {}, amct.nested ?? {}),
  };
}

/**
 * A field of a fork. Where it takes one value and BVLC's takes several (`dilation` of temporal-segment networks), it is read
 * as a list, which is what the readers of the message expect; one value is written alike in both.
 */
function asList(field: JsonField, base: JsonField | undefined): JsonField {
  return base?.rule === 'repeated' ? { type: field.type, id: field.id, rule: 'repeated' } : field;
}
