import type { FieldSchema, MessageSchema } from 'caffe-prototxt-parser';
import { BVLC, fieldOrigins, isForeignValue, valueOrigins } from '../dialects/field-origins.ts';

/**
 * What is made of a field: `true`, it is read and decides what is computed; a text, it changes nothing here, and why; fields by
 * their names, of a message that is read field by field. Of an enum of BVLC's, `true` stands for its values; where those of a
 * fork are read too, for the values that are read.
 */
export type FieldUse = true | string | ReadonlySet<string> | MessageUse;

/** What is made of the fields of a message. A field that is not named is one that nobody reads. */
export interface MessageUse {
  readonly [field: string]: FieldUse;
}

/** Fields that are read, for a `MessageUse`. */
export function read<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, true>> {
  return Object.fromEntries(names.map((name) => [name, true])) as Record<Name, true>;
}

/** Fields that change nothing, all for one reason, for a `MessageUse`. */
export function without<Name extends string>(
  reason: string,
  ...names: readonly Name[]
): Readonly<Record<Name, string>> {
  return Object.fromEntries(names.map((name) => [name, reason])) as Record<Name, string>;
}

/** A field that is set away from its default, and that nobody reads, or whose value nobody knows. */
export interface UnreadField {
  /** From the message that was asked about, `convolution_param.relu`. */
  readonly path: string;
  /** The message in which it stands, and its name there: they tell the place in the file. */
  readonly message: object;
  readonly field: string;
  /** Where the field is read, but not this value of its enum. */
  readonly value?: string;
  /** Of that message. */
  readonly schema: MessageSchema;
}

/**
 * The fields of `message` that are set and of which `use` says nothing. One that is set to its default counts as absent: what
 * it stands for is what is done without it.
 *
 * @param schema the message's, in the dialect in which it was read
 */
export function unreadFields(message: object, schema: MessageSchema, use: MessageUse, path = ''): UnreadField[] {
  return Object.entries(message).flatMap(([name, value]): UnreadField[] => {
    const field = schema.fields.get(name);
    const made = Object.hasOwn(use, name) ? use[name] : undefined;
    if (field === undefined || value === undefined || typeof made === 'string') return [];
    const own = `${path}${name}`;
    const unread = { path: own, message, field: name, schema };
    if (made === true || made instanceof Set) {
      const values = (Array.isArray(value) ? value : [value]) as string[];
      const strange = values.filter((each) => !isRead(field, each, made));
      return strange.slice(0, 1).map((each) => ({ ...unread, value: each }));
    }
    if (field.kind !== 'message') return isDefault(field, value) ? [] : [unread];
    const messages = (Array.isArray(value) ? value : [value]) as object[];
    const inner = messages.flatMap((each) => unreadFields(each, field.message, (made as MessageUse) ?? {}, `${own}.`));
    // Of a message that nobody reads, one word about all of it.
    return made === undefined && inner.length > 0 ? [unread] : inner;
  });
}

/** `convolution_param.relu, a field of intel/caffe,`: for messages that go on with what is wrong with it. */
export function describeUnread({ path, schema, field, value }: UnreadField): string {
  const type = schema.fields.get(field)!;
  const origins =
    value !== undefined && type.kind === 'enum'
      ? valueOrigins(type.enum.name, value)
      : fieldOrigins(schema.name, field);
  const what = value === undefined ? path : `${path}: ${value}`;
  return origins.includes(BVLC)
    ? what
    : `${what}, a ${value === undefined ? 'field' : 'value'} of ${origins.join(', ')},`;
}

function isRead(field: FieldSchema, value: string, made: true | Set<string>): boolean {
  if (field.kind !== 'enum') return true;
  return made === true ? !isForeignValue(field.enum.name, value) : made.has(value);
}

/** Whether a value says what an absent field says. */
function isDefault(field: Exclude<FieldSchema, { kind: 'message' }>, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (field.default !== undefined) {
    return typeof field.default === 'number'
      ? Math.fround(Number(value)) === Math.fround(field.default)
      : value === field.default;
  }
  if (field.kind === 'enum') return value === [...field.enum.values.keys()][0];
  return value === 0 || value === false || value === '' || (value instanceof Uint8Array && value.length === 0);
}
