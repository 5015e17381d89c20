import fc from 'fast-check';
import protobuf from 'protobufjs';
import { caffeSchema } from '../caffe-schema.ts';
import { dialectSchema, type Dialect } from '../dialects/dialect-schema.ts';
import { descriptor, type Messages } from '../generated/caffe.ts';
import { arbitraryMessage } from '../testing/arbitrary-message.ts';
import { decodeMessage, emptyMessage } from './decode-message.ts';
import { encodeMessage } from './encode-message.ts';
import { addUnknownField, unknownFieldsOf } from './unknown-fields.ts';
import { WireError } from './wire-format.ts';

// protobufjs takes a descriptor without an edition for proto3.
const messages = descriptor.nested?.['caffe']?.nested ?? {};
const proto2 = Object.entries(messages).map(([name, message]) => [name, { ...message, edition: 'proto2' }]);
const root = protobuf.Root.fromJSON({ nested: { caffe: { nested: Object.fromEntries(proto2) } } });

function encode(message: object, name: keyof Messages): Uint8Array {
  return encodeMessage(message, caffeSchema(name)).bytes();
}

function decode(bytes: Uint8Array, name: keyof Messages): Record<string, unknown> {
  return decodeMessage(bytes, caffeSchema(name));
}

const NAMES = ['NetParameter', 'LayerParameter', 'V1LayerParameter', 'SolverParameter', 'BlobProto'] as const;

test('an enum value of a fork is written where the schema has it, and an error elsewhere', () => {
  const encode = (dialect: Dialect) =>
    encodeMessage({ pool: 'AVE_EXC_PAD' }, dialectSchema(dialect, 'PoolingParameter'));
  const encoded = encode('synopsys').bytes();
  expect([...encoded]).toEqual([8, 3]);
  expect(decodeMessage(encoded, dialectSchema('synopsys', 'PoolingParameter'))['pool']).toBe('AVE_EXC_PAD');
  expect(() => encode('bvlc')).toThrow(RangeError);
});

describe.each(NAMES)('%s', (name) => {
  const messages = arbitraryMessage(caffeSchema(name));
  const type = root.lookupType(`caffe.${name}`);

  test('what is encoded decodes to the same message', () => {
    fc.assert(fc.property(messages, (message) => expect(decode(encode(message, name), name)).toEqual(message)));
  });

  test('protobufjs reads what is encoded, and writes the same bytes', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const bytes = encode(message, name);
        const theirs = type.decode(bytes);
        expect(Buffer.from(type.encode(theirs).finish()).equals(bytes)).toBe(true);
      }),
    );
  });

  test('random bytes end in a message or a WireError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decode(bytes, name);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });
});

describe("protobuf's rules", () => {
  const cases: [string, keyof Messages, number[], object][] = [
    ['the last scalar counts', 'PoolingParameter', [0x18, 2, 0x18, 3], { stride: 3 }],
    [
      'messages given twice are merged',
      'LayerParameter',
      [0xca, 7, 2, 0x18, 2, 0xca, 7, 2, 0x10, 5],
      {
        pooling_param: { stride: 2, kernel_size: 5 },
      },
    ],
    ['lists add up, packed and not', 'BlobShape', [0x0a, 2, 1, 2, 0x08, 3], { dim: [1, 2, 3] }],
    ['negative int32 takes ten bytes', 'FlattenParameter', [0x10, ...Array<number>(9).fill(0xff), 1], { end_axis: -1 }],
    ['negative int64', 'BlobShape', [0x08, ...Array<number>(9).fill(0xff), 1], { dim: [-1] }],
    ['a uint32 above 2^31', 'ReorgParameter', [0x10, 0xff, 0xff, 0xff, 0xff, 0x0f], { stride: 0xffffffff }],
    ['true is any number but 0', 'NetParameter', [0x28, 0x80, 0x02], { force_backward: true }],
  ];
  test.each(cases)('%s', (_, name, bytes, expected) => {
    expect(decode(Uint8Array.from(bytes), name)).toMatchObject(expected);
  });
});

describe('unknown fields', () => {
  const cases: [string, keyof Messages, number[]][] = [
    ['a number without a field', 'PoolingParameter', [0xf8, 0x3f, 1]],
    ['another wire type', 'PoolingParameter', [0x1a, 1, 0]],
    ['an enum value without a name', 'PoolingParameter', [0x08, 9]],
    ['a packed list with such a value', 'NetStateRule', [0x0a, 2, 0, 9]],
    ['a group', 'PoolingParameter', [0xfb, 0x3f, 0x08, 1, 0xfc, 0x3f]],
    ['a message that does not parse', 'LayerParameter', [0xca, 7, 2, 0xff, 0xff]],
  ];
  test.each(cases)('%s is kept and written back', (_, name, bytes) => {
    const message = decode(Uint8Array.from(bytes), name);
    expect(message).toEqual(emptyMessageWithUnknown(name, bytes));
    expect([...unknownFieldsOf(message)]).toEqual(bytes);
    expect([...encode(message, name)]).toEqual(bytes);
    expect([...encode({ ...message }, name)]).toEqual(bytes);
  });

  function emptyMessageWithUnknown(name: keyof Messages, bytes: number[]): object {
    const message = emptyMessage(caffeSchema(name));
    addUnknownField(message, Uint8Array.from(bytes));
    return message;
  }
});

describe('bytes that are not protobuf', () => {
  test.each([
    ['field number 0', [0x00], '0 is not a field number', 0],
    ['wire type 7', [0x0f], '7 is not a wire type', 0],
    ['a value beyond the end', [0x0a, 5, 1], '5 bytes announced, 1 there', 1],
    ['a number that does not end', [0x18, 0x80], 'the data ends inside a number', 2],
    ['a number of eleven bytes', [0x18, ...Array<number>(11).fill(0x80)], 'a number of more than ten bytes', 1],
    ['the end of no group', [0x0c], 'the end of a group 1 that was not begun', 1],
    ['groups without end', Array<number>(200).fill(0x0b), 'groups nested too deep', 101],
  ])('%s', (_, bytes, message, offset) => {
    const error = captured(() => decode(Uint8Array.from(bytes), 'PoolingParameter'));
    expect(error).toBeInstanceOf(WireError);
    expect(error).toMatchObject({ message, offset });
  });

  test('a small file cannot make millions of messages', () => {
    const includes = Buffer.alloc(500_000);
    for (let at = 0; at < includes.length; at += 2) includes[at] = 0x42;
    expect(captured(() => decode(includes, 'LayerParameter'))).toMatchObject({
      message: 'more messages than any net has',
    });
  });

  function captured(run: () => unknown): unknown {
    try {
      run();
      return undefined;
    } catch (error) {
      return error;
    }
  }
});
