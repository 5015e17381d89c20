import fc from 'fast-check';
import { formatDouble } from './format-float.ts';
import { bindMessage, escapeString, formatField, formatFloat, formatMessage, parseText } from './index.ts';
import { kindsText } from './testing/arbitrary-text.ts';
import { kindsSchema, netSchema } from './testing/small-net.ts';

describe('canonical text', () => {
  it('has fields by number, one on a line', () => {
    const net = {
      layer: [
        {
          type: 'Pooling',
          name: 'pool1',
          bottom: ['a', 'b'],
          top: [],
          param: [{}, { lr_mult: Math.fround(0.1) }],
          pooling_param: { pool: 'AVE', kernel_size: 3, stride: undefined },
        },
      ],
      name: 'net "x"',
      input_dim: [1, 3],
    };
    expect(formatMessage(net, netSchema)).toBe(
      `name: "net \\"x\\""
input_dim: 1
input_dim: 3
layer {
  name: "pool1"
  type: "Pooling"
  bottom: "a"
  bottom: "b"
  param {
  }
  param {
    lr_mult: 0.1
  }
  pooling_param {
    pool: AVE
    kernel_size: 3
  }
}
`,
    );
    expect(formatMessage({}, netSchema)).toBe('');
  });

  it('writes every kind of value', () => {
    const message = {
      f_double: 0.1,
      f_float: -Infinity,
      f_int64: -9223372036854775808n,
      f_uint64: 2 ** 53,
      f_bool: false,
      f_string: 'a\té\u0000\'"\\',
      f_bytes: Uint8Array.of(0, 1, 65, 255),
      f_enum: 'TEST',
      r_enum: [0, 9],
      r_float: new Float32Array([0.1, NaN]),
    };
    expect(formatMessage(message, kindsSchema)).toBe(
      String.raw`f_double: 0.1
f_float: -inf
f_int64: -9223372036854775808
f_uint64: 9007199254740992
f_bool: false
f_string: "a\t\303\251\000\'\"\\"
f_bytes: "\000\001A\377"
f_enum: TEST
r_float: 0.1
r_float: nan
r_enum: TRAIN
r_enum: 9
`,
    );
    expect(formatMessage({ f_string: 'é\n' }, kindsSchema, { keepUnicode: true })).toBe('f_string: "é\\n"\n');
  });

  it('writes one field as a snippet', () => {
    expect(formatField('layer', { name: 'a', bottom: [], top: [], param: [] }, netSchema)).toBe(
      'layer {\n  name: "a"\n}\n',
    );
    expect(formatField('input_dim', [1, 2], netSchema)).toBe('input_dim: 1\ninput_dim: 2\n');
  });

  it.each<[string, object]>([
    ['an unknown member', { nam: 'x' }],
    ['a wrong type', { name: 5 }],
    ['no list', { input_dim: 5 }],
    ['a fraction', { input_dim: [1.5] }],
    ['an unknown enum value', { layer: [{ phase: 'DEPLOY' }] }],
    ['no message', { layer: [5] }],
  ])('refuses %s: that is a mistake in the program', (_, message) => {
    expect(() => formatMessage(message, netSchema)).toThrow(TypeError);
  });

  it('reads back as the same message', () => {
    fc.assert(
      fc.property(kindsText, (text) => {
        const { message } = bindMessage(parseText(text, { file: 'a' }).document, kindsSchema);
        for (const keepUnicode of [false, true]) {
          const formatted = formatMessage(message, kindsSchema, { keepUnicode });
          const again = parseText(formatted, { file: 'b' });
          expect(again.diagnostics).toEqual([]);
          const bound = bindMessage(again.document, kindsSchema);
          expect(bound.diagnostics).toEqual([]);
          expect(bound.message).toEqual(message);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('floats', () => {
  // As C's printf writes them with `%.6g`, and where that does not read back as the value with the first precision that does.
  it.each<[string, number]>([
    ['0', 0],
    ['-0', -0],
    ['1', 1],
    ['-2.5', -2.5],
    ['0.1', 0.1],
    ['0.0001', 0.0001],
    ['1e-05', 0.00001],
    ['123456', 123456],
    ['1e+06', 1000000],
    ['1234567', 1234567],
    ['1.5e+10', 1.5e10],
    ['16777216', 16777216],
    ['0.33333334', 1 / 3],
    ['3.4028235e+38', 3.4028234663852886e38],
    ['1e-45', 1.401298464324817e-45],
    ['1.1754944e-38', 1.1754943508222875e-38],
    ['inf', Infinity],
    ['-inf', -1e39],
    ['nan', NaN],
  ])('%s', (text, value) => {
    expect(formatFloat(value)).toBe(text);
  });

  it('are as short as can be and read back as the same float32', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        const text = formatFloat(value);
        if (!Number.isFinite(value)) return;
        expect(Object.is(Math.fround(Number(text)), value)).toBe(true);
        const digits = text.replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '').length;
        if (digits > 1) expect(Math.fround(Number(value.toPrecision(digits - 1)))).not.toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('of 64 bits read back as the same float64', () => {
    expect(formatDouble(1e15)).toBe('1e+15');
    expect(formatDouble(123456789012345)).toBe('123456789012345');
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
        Object.is(Number(formatDouble(value)), value),
      ),
    );
  });
});

describe('strings', () => {
  const literal = (text: string, field: string) =>
    bindMessage(parseText(`${field}: ${text}`, { file: 'a' }).document, kindsSchema).message[field];

  it('of any characters read back as they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (value, keepUnicode) => {
        expect(literal(escapeString(value, keepUnicode), 'f_string')).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it('of any bytes too', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (value) => {
        expect(literal(escapeString(value), 'f_bytes')).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });
});
