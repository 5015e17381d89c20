import protobuf from 'protobufjs';
import type { FieldSchema, MessageSchema } from './index.ts';
import { bindMessage, parseText, schemaFromDescriptor } from './index.ts';

const { root } = protobuf.parse(
  `syntax = "proto2";
  package a.b;
  enum Level { LOW = 0; HIGH = 1; }
  message Outer {
    enum Level { option allow_alias = true; NONE = 0; NOTHING = 0; SOME = 5; }
    message Inner { optional Level level = 1; optional Outer outer = 2; optional .a.b.Level plain = 3; }
    required Inner inner = 1;
    repeated float weights = 2 [packed = true];
    optional Level level = 3 [default = SOME];
    optional bool flag = 4 [default = true];
    optional group Pair = 5 { optional int32 left = 1; }
    map<string, Inner> inners = 6;
    oneof choice { int32 one = 7; string other = 8; }
    extensions 100 to 200;
  }
  extend Outer { optional Outer.Inner more = 100; }
  message Other { optional a.b.Outer.Inner inner = 1; optional b.Level level = 2; extend Outer { optional int32 deep = 101; } }`,
  { keepCase: true },
);
const descriptor = root.toJSON();

function field(schema: MessageSchema, name: string): FieldSchema {
  const found = schema.fields.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

const outer = schemaFromDescriptor(descriptor, 'a.b.Outer');

it('has names with and without the package', () => {
  expect([outer.name, outer.fullName]).toEqual(['Outer', 'a.b.Outer']);
  const inner = field(outer, 'inner');
  expect(inner.kind === 'message' && [inner.message.name, inner.message.fullName]).toEqual([
    'Outer.Inner',
    'a.b.Outer.Inner',
  ]);
});

it('has fields with cardinality, packing, default and oneof', () => {
  expect(field(outer, 'inner')).toMatchObject({ number: 1, cardinality: 'required', kind: 'message' });
  expect(field(outer, 'weights')).toMatchObject({
    number: 2,
    cardinality: 'repeated',
    packed: true,
    kind: 'scalar',
    type: 'float',
  });
  expect(field(outer, 'level')).toMatchObject({ default: 'SOME', kind: 'enum', cardinality: 'optional' });
  expect(field(outer, 'flag')).toMatchObject({ default: true, oneof: undefined });
  expect(field(outer, 'other')).toMatchObject({ oneof: 'choice' });
});

it('finds types as protobuf does: the innermost first', () => {
  const inner = field(outer, 'inner');
  if (inner.kind !== 'message') throw new Error();
  expect(field(inner.message, 'level')).toMatchObject({ enum: { fullName: 'a.b.Outer.Level' } });
  expect(field(inner.message, 'plain')).toMatchObject({ enum: { fullName: 'a.b.Level' } });
  expect(field(schemaFromDescriptor(descriptor, 'a.b.Other'), 'level')).toMatchObject({
    enum: { fullName: 'a.b.Level' },
  });
});

it('knows a message once, however it is reached', () => {
  const inner = field(outer, 'inner');
  if (inner.kind !== 'message') throw new Error();
  expect(field(inner.message, 'outer')).toMatchObject({ message: outer });
  expect(schemaFromDescriptor(descriptor, 'a.b.Outer')).toBe(outer);
});

it('has the first name of an enum number as its canonical one', () => {
  const level = field(outer, 'level');
  expect(level.kind === 'enum' && level.enum.names.get(0)).toBe('NONE');
  expect(
    bindMessage(parseText('inner { level: NOTHING } level: 0', { file: 'a' }).document, outer).message,
  ).toMatchObject({ inner: { level: 'NOTHING' }, level: 'NONE' });
});

it('binds groups, maps and extensions', () => {
  const text =
    'inner { } Pair { left: 1 } inners { key: "x" value { level: SOME } } [a.b.more] { } [a.b.Other.deep]: 2';
  const { message, diagnostics } = bindMessage(parseText(text, { file: 'a' }).document, outer);
  expect(diagnostics).toEqual([]);
  expect(message).toMatchObject({
    Pair: { left: 1 },
    inners: [{ key: 'x', value: { level: 'SOME' } }],
    '[a.b.more]': {},
    '[a.b.Other.deep]': 2,
  });
});

it.each(['a.b.Missing', 'a.b', 'a.b.Level', ''])('has no message %j', (name) => {
  expect(() => schemaFromDescriptor(descriptor, name)).toThrow(RangeError);
});

it('names a type that is missing when it is needed', () => {
  const broken = schemaFromDescriptor({ nested: { M: { fields: { x: { type: 'Y', id: 1 } } } } }, 'M');
  expect(() => broken.fields).toThrow('no type Y, which M uses');
});
