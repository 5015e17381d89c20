import protobuf from 'protobufjs';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

test("integers of ten bytes survive wherever they fall in the writer's buffers", () => {
  const values = Array.from({ length: 5000 }, (_, i) => (i % 3 === 0 ? i : -i));
  const writer = new WireWriter();
  for (const value of values) writer.integer(value);
  const reader = new WireReader(writer.bytes());
  expect(values.map(() => reader.int32())).toEqual(values.map((value) => value + 0));
  expect(reader.atEnd).toBe(true);
});

/** Lengths of one, two and three bytes, and values that are copied or taken over as views. */
const SIZES = [0, 1, 126, 127, 128, 255, 256, 257, 16383, 16384, 70000];

test.each(SIZES)('messages in messages have the bytes of protobufjs: values of %i bytes', (size) => {
  const value = Uint8Array.from({ length: size }, (_, i) => i);
  const ours = new WireWriter();
  const inner = () => {
    ours.bytesField(3, value);
    ours.tag(4, 0);
    ours.integer(size);
    ours.bytesField(5, value);
  };
  ours.messageField(1, () => {
    ours.messageField(2, inner);
    ours.messageField(2, inner);
  });
  ours.messageField(1, () => {});
  const theirs = protobuf.Writer.create();
  theirs.uint32(0x0a).fork();
  for (let i = 0; i < 2; i++) {
    theirs.uint32(0x12).fork().uint32(0x1a).bytes(value).uint32(0x20).uint32(size).uint32(0x2a).bytes(value).ldelim();
  }
  theirs.ldelim().uint32(0x0a).fork().ldelim();
  expect(Buffer.compare(ours.bytes(), theirs.finish())).toBe(0);
  expect(Buffer.concat(ours.chunks())).toEqual(Buffer.from(ours.bytes()));
  expect(ours.length).toBe(ours.bytes().length);
});

test('large values are not copied', () => {
  const value = new Uint8Array(1000);
  const writer = new WireWriter();
  writer.messageField(1, () => writer.bytesField(2, value));
  expect(writer.chunks()).toContain(value);
});

test.each([
  '',
  'a',
  'x'.repeat(127),
  'x'.repeat(128),
  'ab€',
  'é'.repeat(100),
  '\u{1f600}'.repeat(5000),
  'x'.repeat(70000),
])('text is written in UTF-8 with its length: %.8s', (text) => {
  const writer = new WireWriter();
  writer.lengthAndString(text);
  writer.varint(7);
  const reader = new WireReader(writer.bytes());
  expect([reader.string(), reader.varint(), reader.atEnd]).toEqual([text, 7, true]);
});
