import fc from 'fast-check';
import { memorySource } from '../wire/byte-source.ts';
import { unknownFieldsOf } from '../wire/unknown-fields.ts';
import { BYTES, FIXED32, FIXED64, VARINT, WireError } from '../wire/wire-format.ts';
import { WireWriter } from '../wire/wire-writer.ts';
import type { Blob } from './blob.ts';
import { decodeBlob } from './decode-blob.ts';
import { writeBlob } from './encode-blob.ts';

function decode(bytes: Uint8Array): Blob {
  return decodeBlob(memorySource(bytes), 0, bytes.length);
}

function encode(blob: Blob): Uint8Array {
  return written((writer) => writeBlob(writer, blob));
}

/** Bytes written by hand: what the forks write, not what we do. */
function written(write: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter();
  write(writer);
  return writer.bytes();
}

function bytesOf(numbers: Float32Array | Float64Array | Uint16Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function varintField(writer: WireWriter, number: number, value: number): void {
  writer.tag(number, VARINT);
  writer.integer(value);
}

const SHAPE_2_2 = (writer: WireWriter) => writer.bytesField(7, Uint8Array.of(0x0a, 2, 2, 2));
const NUMBERS = Float32Array.of(1, -2.5, 0.15625, 65504);

const STORAGES: [string, Uint8Array, Partial<Blob>][] = [
  ['packed float', written((w) => (w.bytesField(5, bytesOf(NUMBERS)), SHAPE_2_2(w))), {}],
  [
    'unpacked float',
    written((w) => {
      for (const number of NUMBERS) {
        w.tag(5, FIXED32);
        w.float(number);
      }
      SHAPE_2_2(w);
    }),
    {},
  ],
  [
    'float in pieces, packed and not',
    written((w) => {
      w.bytesField(5, bytesOf(NUMBERS.slice(0, 1)));
      w.tag(5, FIXED32);
      w.float(-2.5);
      SHAPE_2_2(w);
      w.bytesField(5, bytesOf(NUMBERS.slice(2)));
    }),
    {},
  ],
  [
    'packed double',
    written((w) => (SHAPE_2_2(w), w.bytesField(8, bytesOf(Float64Array.from(NUMBERS))))),
    { double: Float64Array.from(NUMBERS) },
  ],
  [
    'unpacked double',
    written((w) => {
      for (const number of NUMBERS) {
        w.tag(8, FIXED64);
        w.double(number);
      }
      SHAPE_2_2(w);
    }),
    { double: Float64Array.from(NUMBERS) },
  ],
  [
    "NVIDIA's FP16",
    written((w) => {
      SHAPE_2_2(w);
      varintField(w, 10, 2);
      w.bytesField(12, bytesOf(Uint16Array.of(0x3c00, 0xc100, 0x3100, 0x7bff)));
    }),
    { form: { float16: true } },
  ],
  [
    "NVIDIA's raw float",
    written((w) => {
      SHAPE_2_2(w);
      varintField(w, 10, 1);
      w.bytesField(12, bytesOf(NUMBERS));
    }),
    {},
  ],
  [
    "NVIDIA's raw double",
    written((w) => {
      SHAPE_2_2(w);
      varintField(w, 10, 0);
      w.bytesField(12, bytesOf(Float64Array.from(NUMBERS)));
    }),
    { double: Float64Array.from(NUMBERS) },
  ],
  [
    'a legacy shape',
    written((w) => {
      for (const [index, axis] of [1, 1, 2, 2].entries()) varintField(w, index + 1, axis);
      w.bytesField(5, bytesOf(NUMBERS));
    }),
    { shape: [1, 1, 2, 2], form: { shape: 'legacy' } },
  ],
  ['no shape', written((w) => w.bytesField(5, bytesOf(NUMBERS))), { shape: [4], form: { shape: 'none' } }],
  [
    'gradients',
    written((w) => (w.bytesField(5, bytesOf(NUMBERS)), w.bytesField(6, bytesOf(NUMBERS)), SHAPE_2_2(w))),
    { diff: NUMBERS },
  ],
];

test.each(STORAGES)('%s is read, and read again after writing', (_, bytes, extra) => {
  const expected = { shape: [2, 2], data: NUMBERS, ...extra };
  expect(decode(bytes)).toEqual(expected);
  expect(decode(encode(decode(bytes)))).toEqual(expected);
});

test('packed numbers at an aligned place are a view, others a copy', () => {
  const memory = new Uint8Array(64);
  const bytes = written((w) => w.bytesField(5, bytesOf(NUMBERS)));
  for (const [offset, isView] of [
    [2, true],
    [3, false],
  ] as const) {
    memory.set(bytes, offset);
    const { data } = decode(memory.subarray(offset, offset + bytes.length));
    expect(data).toEqual(NUMBERS);
    expect(data.buffer === memory.buffer).toBe(isView);
  }
});

test("AMCT's integers are read and written to the same bytes", () => {
  const bytes = written((w) => {
    SHAPE_2_2(w);
    w.bytesField(10, Uint8Array.of(0x80, 0xff, 0, 0x7f));
    w.messageField(11, () => {
      for (const bias of [-1, 2 ** 31 - 1, -(2 ** 31), 5]) w.integer(bias);
    });
    w.messageField(12, () => {
      for (const factor of [2n ** 64n - 1n, 0x3c00_0000n, 0n, 1n]) w.varint64(factor);
    });
  });
  const blob = decode(bytes);
  expect(blob).toEqual({
    shape: [2, 2],
    data: new Float32Array(0),
    int8: Int8Array.of(-128, -1, 0, 127),
    int32: Int32Array.of(-1, 2 ** 31 - 1, -(2 ** 31), 5),
    uint64: BigUint64Array.of(2n ** 64n - 1n, 0x3c00_0000n, 0n, 1n),
  });
  expect(Buffer.from(encode(blob)).equals(bytes)).toBe(true);
});

test("a fork's own fields beside the data are kept", () => {
  const bytes = written((w) => {
    w.bytesField(5, bytesOf(NUMBERS));
    SHAPE_2_2(w);
    w.bytesField(10, Uint8Array.of(1, 2, 3));
    w.bytesField(99, Uint8Array.of(4));
  });
  const blob = decode(bytes);
  expect(blob.int8).toBeUndefined();
  expect(unknownFieldsOf(blob)).toHaveLength(9);
  expect(Buffer.from(encode(blob)).equals(bytes)).toBe(true);
});

test('FP16 numbers that were changed are written as float', () => {
  const half = decode(STORAGES.find(([name]) => name === "NVIDIA's FP16")![1]);
  half.data[0] = 0.1;
  expect(decode(encode(half))).toEqual({ shape: [2, 2], data: half.data });
});

test('all 65,536 FP16 numbers survive', () => {
  const halves = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
  const bytes = written((w) => {
    w.bytesField(7, Uint8Array.of(0x0a, 3, 0x80, 0x80, 4));
    varintField(w, 10, 2);
    w.bytesField(12, bytesOf(halves));
  });
  const again = decode(encode(decode(bytes)));
  expect(again.form).toEqual({ float16: true });
  const first = decode(bytes).data;
  expect(halves.filter((bits) => !Object.is(again.data[bits], first[bits]))).toEqual(new Uint16Array(0));
  expect([first[0x0001], first[0x03ff], first[0x0400], first[0x8000], first[0x7c00], first[0xfc00]]).toEqual([
    2 ** -24,
    1023 * 2 ** -24,
    2 ** -14,
    -0,
    Infinity,
    -Infinity,
  ]);
});

test.each([
  ['floats of 5 bytes', written((w) => w.bytesField(5, new Uint8Array(5))), '5 bytes are not a whole number of values'],
  [
    'doubles of 4 bytes',
    written((w) => w.bytesField(8, new Uint8Array(4))),
    '4 bytes are not a whole number of values',
  ],
  [
    'a raw_data_type of no numbers',
    written((w) => (varintField(w, 10, 5), w.bytesField(12, new Uint8Array(4)))),
    'raw_data_type 5 is none that holds numbers',
  ],
  [
    'a shape of a thousand axes',
    written((w) =>
      w.bytesField(
        7,
        written((shape) => shape.bytesField(1, new Uint8Array(1000))),
      ),
    ),
    'a shape of more than 32 axes',
  ],
])('%s end in an error', (_, bytes, message) => {
  expect(() => decode(bytes)).toThrow(WireError);
  expect(() => decode(bytes)).toThrow(message);
});

test('any blob survives being written and read', () => {
  const float32 = fc.float32Array({ maxLength: 20 });
  const blobs = fc.record(
    { data: float32, diff: float32, double: fc.float64Array({ minLength: 1, maxLength: 20 }) },
    { requiredKeys: ['data'] },
  );
  fc.assert(
    fc.property(blobs, ({ data, diff, double }) => {
      const values = double === undefined ? data : Float32Array.from(double);
      const blob: Blob = { shape: [values.length], data: values, ...(double && { double }) };
      if (diff !== undefined && diff.length > 0) blob.diff = diff;
      expect(decode(encode(blob))).toEqual(blob);
    }),
  );
});

test('random bytes end in a blob or a WireError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      try {
        decode(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: 500 },
  );
});

test('fields of other wire types are kept as unknown', () => {
  const bytes = written((w) => {
    w.tag(5, BYTES);
    w.lengthAndBytes(bytesOf(NUMBERS));
    varintField(w, 8, 7);
  });
  expect([...unknownFieldsOf(decode(bytes))]).toEqual([0x40, 7]);
});
