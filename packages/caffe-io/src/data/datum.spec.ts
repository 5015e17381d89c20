import protobuf from 'protobufjs';
import fc from 'fast-check';
import { descriptor } from '../generated/caffe.ts';
import { DatumError, decodeDatum } from './datum.ts';

const Message = protobuf.Root.fromJSON(descriptor as protobuf.INamespace).lookupType('caffe.Datum');
const encode = (fields: object): Uint8Array => Message.encode(Message.fromObject(fields)).finish();
const shape = { channels: 2, height: 1, width: 3 };

describe('decodeDatum', () => {
  it('reads what protobufjs writes, uint8 pixels', () => {
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(
        size,
        size,
        size,
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        (channels, height, width, label) => {
          const data = Uint8Array.from({ length: channels * height * width }, (_, i) => 37 * i);
          const datum = decodeDatum(encode({ channels, height, width, label, data }));
          expect(datum).toMatchObject({ channels, height, width, label });
          expect([...datum.pixels]).toEqual([...data]);
        },
      ),
    );
  });

  it.each([true, false])('reads float pixels, packed: %s', (packed) => {
    const values = [0.1, -2, 3e38, 0, 1e-40, 5].map(Math.fround);
    const writer = protobuf.Writer.create().uint32(0x08).int32(2).uint32(0x10).int32(1).uint32(0x18).int32(3);
    if (packed) {
      writer.uint32(0x32).fork();
      values.forEach((value) => writer.float(value));
      writer.ldelim();
    } else values.forEach((value) => writer.uint32(0x35).float(value));
    const { pixels } = decodeDatum(writer.finish());
    expect(pixels).toBeInstanceOf(Float32Array);
    expect([...pixels]).toEqual(values);
  });

  it('gives uint8 pixels as a view of the record', () => {
    const record = encode({ ...shape, data: new Uint8Array(6) });
    expect(decodeDatum(record).pixels.buffer).toBe(record.buffer);
  });

  it('prefers uint8 pixels where a record has both, as Caffe does', () => {
    const { pixels } = decodeDatum(
      encode({ ...shape, data: new Uint8Array(6).fill(9), float_data: [1, 2, 3, 4, 5, 6] }),
    );
    expect([...pixels]).toEqual([9, 9, 9, 9, 9, 9]);
  });

  it('skips fields it does not know', () => {
    const unknown = protobuf.Writer.create()
      .uint32((200 << 3) | 2)
      .bytes(Uint8Array.of(1, 2))
      .uint32((201 << 3) | 1)
      .double(1);
    const record = Buffer.concat([unknown.finish(), encode({ ...shape, label: 3, data: new Uint8Array(6) })]);
    expect(decodeDatum(record).label).toBe(3);
  });

  it.each([
    [
      'too few pixels',
      { ...shape, data: new Uint8Array(5) },
      'datum-malformed',
      'has 5 pixel values, but its shape is [2, 1, 3]',
    ],
    ['no pixels', shape, 'datum-malformed', 'has 0 pixel values'],
    ['no shape', { data: new Uint8Array(5) }, 'datum-malformed', 'has the shape [0, 0, 0]'],
    [
      'a negative shape',
      { channels: -1, height: -1, width: 1, data: new Uint8Array(1) },
      'datum-malformed',
      '[-1, -1, 1]',
    ],
    ['an encoded image', { encoded: true, data: Uint8Array.of(0xff, 0xd8) }, 'datum-encoded', 'holds an encoded image'],
  ])('refuses %s', (_, fields, code, message) => {
    expect(() => decodeDatum(encode(fields))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('says at which byte a record is broken', () => {
    const record = encode({ ...shape, data: new Uint8Array(6) });
    expect(() => decodeDatum(record.subarray(0, -1))).toThrow(
      'is not a Datum message (byte 7: 6 bytes announced, 5 there)',
    );
    expect(() => decodeDatum(Uint8Array.of(0x32, 3, 0, 0, 0))).toThrow(
      'is not a Datum message (byte 2: 3 bytes are not a whole number of values)',
    );
  });

  it('ends in a Datum or a DatumError on any bytes', () => {
    const valid = encode({ ...shape, label: 300, data: new Uint8Array(6), float_data: [1, 2] });
    const damaged = fc.tuple(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length)).map(([at, byte, end]) => {
      const bytes = Uint8Array.from(valid);
      bytes[at] = byte;
      return bytes.subarray(0, end);
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), damaged), (bytes) => {
        try {
          decodeDatum(bytes);
        } catch (error) {
          if (!(error instanceof DatumError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
