import fc from 'fast-check';
import type { BindOptions, MessageNode } from './index.ts';
import { bindMessage, fieldOf, formatMessage, parseText, printSyntax, schemaFromDescriptor } from './index.ts';
import { mutated, tokenSoup } from './testing/arbitrary-text.ts';
import { NET_TEXT, descriptor, kindsSchema, netSchema } from './testing/small-net.ts';
import { processorTime } from './testing/processor-time.ts';

interface Layer {
  name?: string;
  bottom: string[];
  top: string[];
  param: object[];
  pooling_param?: { pool?: string; kernel_size?: number };
  quantize_param?: { clip?: object; ifmr?: boolean };
}
interface Net {
  name?: string;
  input_dim: number[];
  layer: Layer[];
}

function bind<T extends object = Net>(text: string, schema = netSchema, options: BindOptions = {}) {
  const { document, diagnostics } = parseText(text, { file: 'net.prototxt' });
  const bound = bindMessage<T>(document, schema, options);
  return { ...bound, diagnostics: [...diagnostics, ...bound.diagnostics] };
}

function kind(text: string): { value: unknown; problems: string[] } {
  const { message, diagnostics } = bind<Record<string, unknown>>(text, kindsSchema);
  const name = /^\w+/.exec(text)?.[0] ?? '';
  return { value: message[name], problems: diagnostics.map(({ code }) => code) };
}

describe('a message', () => {
  it('has snake_case members, lists always, no defaults', () => {
    const { message, diagnostics } = bind(NET_TEXT);
    expect(diagnostics).toEqual([]);
    const lists = { input: [], input_dim: [], layer: [] };
    expect(message).toEqual({
      ...lists,
      name: 'LeNet',
      input: ['data'],
      input_dim: [64, 1, 28, 28],
      layer: [
        {
          name: 'conv1',
          type: 'Convolution',
          bottom: ['data'],
          top: ['conv1'],
          param: [{ lr_mult: 1 }, { lr_mult: 2, decay_mult: 0 }],
        },
        {
          name: 'pool1',
          type: 'Pooling',
          bottom: ['conv1'],
          top: ['pool1'],
          param: [],
          pooling_param: { pool: 'AVE', kernel_size: 2 },
        },
      ],
    });
  });

  it('can be a part of a tree', () => {
    const { document } = parseText('layer { name: "a" }\nlayer { name: 5 }', { file: 'net.prototxt' });
    const [, second] = document.root.entries;
    const node = second?.kind === 'field' ? second.value : undefined;
    const { diagnostics } = bindMessage(node as MessageNode, schemaFromDescriptor(descriptor, 'caffe.LayerParameter'));
    expect(diagnostics).toMatchObject([{ file: 'net.prototxt', line: 2, column: 15, code: 'wrong-type' }]);
  });

  it('has own members alone: a field called `constructor` is not a duplicate', () => {
    const schema = schemaFromDescriptor({ nested: { M: { fields: { constructor: { type: 'int32', id: 1 } } } } }, 'M');
    expect(bind('constructor: 1', schema)).toMatchObject({ message: { constructor: 1 }, diagnostics: [] });
  });
});

describe('values', () => {
  it.each<[string, unknown]>([
    ['f_float: 0.6', Math.fround(0.6)],
    ['f_double: 0.6', 0.6],
    ['f_double: 1.', 1],
    ['f_double: .5f', 0.5],
    ['f_double: 1e-5F', 1e-5],
    ['f_double: 12345678901234567890', 12345678901234567890],
    ['f_float: -inf', -Infinity],
    ['f_float: INFINITY', Infinity],
    ['f_float: -nan', NaN],
    ['f_float: 3.4028235e38', 3.4028234663852886e38],
    ['f_float: -0.0', -0],
    ['f_double: 4.9e-324', 4.9e-324],
    ['f_int32: -2147483648', -2147483648],
    ['f_int32: 2147483647', 2147483647],
    ['f_int32: 0x7fffffff', 2147483647],
    ['f_int32: -0x80000000', -2147483648],
    ['f_int32: 0177', 127],
    ['f_int32: -0', 0],
    ['f_uint32: 4294967295', 4294967295],
    ['f_int64: -9007199254740991', -9007199254740991],
    ['f_int64: -9223372036854775808', -9223372036854775808n],
    ['f_uint64: 18446744073709551615', 18446744073709551615n],
    ['f_uint64: 01777777777777777777777', 18446744073709551615n],
    ['f_bool: true', true],
    ['f_bool: True', true],
    ['f_bool: t', true],
    ['f_bool: 1', true],
    ['f_bool: 0x1', true],
    ['f_bool: false', false],
    ['f_bool: False', false],
    ['f_bool: f', false],
    ['f_bool: 0', false],
    ['f_enum: TEST', 'TEST'],
    ['f_enum: 1', 'TEST'],
    ['f_enum: 0x0', 'TRAIN'],
    [`f_string: "a" 'b' "c"`, 'abc'],
    ['f_string: "é😀"', 'é😀'],
    [String.raw`f_string: "\a\b\f\n\r\t\v\?\\\'\""`, '\u0007\b\f\n\r\t\v?\\\'"'],
    [String.raw`f_string: "\303\251\xe2\x82\xac\u00e9\U0001F600\ud83d\ude00"`, 'é€é😀😀'],
    [String.raw`f_string: "\1" "2"`, '\u00012'],
    [String.raw`f_string: "\101x\x4a!\x4"`, 'AxJ!\u0004'],
    [String.raw`f_bytes: "\000\377\xfF\u0080é"`, Uint8Array.of(0, 255, 255, 0xc2, 0x80, 0xc3, 0xa9)],
    ['r_int32: [1, -2, 3]', [1, -2, 3]],
    ['r_int32: []', []],
    ['r_int32: 1 r_int32: [2, 3] r_int32: 4', [1, 2, 3, 4]],
    ['r_string: ["a" "b", \'c\']', ['ab', 'c']],
    ['r_enum: [TRAIN, 1]', ['TRAIN', 'TEST']],
  ])('%s', (text, expected) => {
    expect(kind(text)).toEqual({ value: expected, problems: [] });
  });

  it.each<[string, string, unknown]>([
    ['f_float: "1"', 'wrong-type', undefined],
    ['f_float: one', 'wrong-type', undefined],
    ['f_float: {}', 'wrong-type', undefined],
    ['f_float: 1e39', 'float-overflow', Infinity],
    ['f_float: -3.5e38', 'float-overflow', -Infinity],
    ['f_double: 1e999', 'float-overflow', Infinity],
    ['f_float: 0x10', 'not-decimal', 16],
    ['f_float: 010', 'not-decimal', 8],
    ['f_int32: 1.0', 'wrong-type', undefined],
    ['f_int32: 1e3', 'wrong-type', undefined],
    ['f_int32: "1"', 'wrong-type', undefined],
    ['f_int32: true', 'wrong-type', undefined],
    ['f_int32: 2147483648', 'out-of-range', undefined],
    ['f_int32: -2147483649', 'out-of-range', undefined],
    ['f_uint32: -1', 'out-of-range', undefined],
    ['f_uint32: 4294967296', 'out-of-range', undefined],
    ['f_uint64: 18446744073709551616', 'out-of-range', undefined],
    ['f_int64: 9223372036854775808', 'out-of-range', undefined],
    [`f_int64: ${'9'.repeat(5000)}`, 'out-of-range', undefined],
    [`f_int64: 0x${'f'.repeat(5000)}`, 'out-of-range', undefined],
    ['f_bool: yes', 'wrong-type', undefined],
    ['f_bool: TRUE', 'wrong-type', undefined],
    ['f_bool: 2', 'wrong-type', undefined],
    ['f_bool: -1', 'wrong-type', undefined],
    ['f_bool: "true"', 'wrong-type', undefined],
    ['f_enum: test', 'unknown-enum-value', undefined],
    ['f_enum: 7', 'unknown-enum-value', undefined],
    ['f_enum: -1', 'unknown-enum-value', undefined],
    ['f_enum: "TEST"', 'wrong-type', undefined],
    ['f_string: abc', 'wrong-type', undefined],
    ['f_string: 5', 'wrong-type', undefined],
    ['f_string: "\\377"', 'invalid-utf8', '\udcff'],
    ['f_message: 5', 'wrong-type', undefined],
    ['f_int32: [1]', 'not-repeated', undefined],
    ['f_int32: 08', 'bad-number', undefined],
    ['f_string: "\\q"', 'bad-escape', undefined],
  ])('%s is reported as %s', (text, code, value) => {
    expect(kind(text)).toEqual({ value, problems: [code] });
  });

  it.each([
    ['f_string: DROPOUT', 'write "DROPOUT"'],
    ['f_bool: yes', 'write true'],
    ['f_bool: "False"', 'write false'],
    ['f_int32: 64.0', 'write 64'],
    ['f_enum: "TEST"', 'write TEST without quotes'],
    ['f_enum: TRIAN', 'did you mean `TRAIN`?'],
    ['f_enum: "Test"', 'did you mean `TEST`?'],
    ['f_enum: X', 'the values are TRAIN, TEST'],
    ['f_flaot: 1', 'did you mean `f_float`?'],
  ])('%s: %s', (text, hint) => {
    expect(bind(text, kindsSchema).diagnostics).toMatchObject([{ hint }]);
  });

  it('leave out what cannot be read, and nothing else', () => {
    expect(kind('r_int32: [1, x, 3]')).toEqual({ value: [1, 3], problems: ['wrong-type'] });
    expect(bind('r_int32: 1.5 f_bool: true', kindsSchema).message).toMatchObject({ r_int32: [], f_bool: true });
  });
});

describe('what is given twice follows the merge rules of protobuf, with a warning', () => {
  it('the last scalar counts', () => {
    const { message, diagnostics } = bind('name: "a"\nname: "b"');
    expect(message.name).toBe('b');
    expect(diagnostics).toMatchObject([{ code: 'duplicate-field', severity: 'warning', line: 2, column: 1 }]);
    expect(diagnostics[0]?.message).toContain('line 1');
  });

  it('messages are merged, the lists in them appended', () => {
    const { message, diagnostics, locate } = bind<{ kinds: object }>(
      'kinds { f_int32: 1 f_bool: true r_int32: 1 f_message { f_bool: true } }\n' +
        'kinds { f_int32: 2 r_int32: 2 f_message { f_int32: 5 } }',
    );
    expect(message.kinds).toMatchObject({
      f_int32: 2,
      f_bool: true,
      r_int32: [1, 2],
      f_message: { f_bool: true, f_int32: 5 },
    });
    expect(diagnostics.map(({ code, line, severity }) => [code, line, severity])).toEqual(
      Array.from({ length: 3 }, () => ['duplicate-field', 2, 'warning']),
    );
    expect(locate(message.kinds, 'f_bool')).toEqual({ line: 1, column: 20 });
    expect(locate(message.kinds, 'f_int32')).toEqual({ line: 2, column: 9 });
    expect(locate(message.kinds, 'r_int32', 1)).toEqual({ line: 2, column: 29 });
  });

  it('can be an error', () => {
    const { diagnostics } = bind('name: "a" name: "b"', netSchema, { duplicates: 'error' });
    expect(diagnostics).toMatchObject([{ severity: 'error' }]);
  });

  it('two members of a oneof exclude each other; the last one counts', () => {
    const { message, diagnostics } = bind(
      'layer { quantize_param {\n clip { clip_max: 1 clip_min: -1 }\n ifmr: true } }',
    );
    expect(message.layer[0]?.quantize_param).toEqual({ ifmr: true });
    expect(diagnostics).toMatchObject([{ code: 'oneof-conflict', severity: 'error', line: 3 }]);
    expect(diagnostics[0]?.message).toMatch(/`ifmr` and `clip`.*`range`/);
  });
});

describe('required fields', () => {
  it('are reported together where their message begins', () => {
    const { diagnostics } = bind('layer {\n quantize_param { clip { } }\n}');
    expect(diagnostics).toMatchObject([
      {
        code: 'missing-field',
        severity: 'error',
        line: 2,
        column: 19,
        message: 'QuantizeParameter.Clip needs `clip_max`, `clip_min`',
      },
    ]);
  });

  it('may come from different parts of a message', () => {
    const { diagnostics } = bind('layer { quantize_param { clip { clip_max: 1 } clip { clip_min: 0 } } }');
    expect(diagnostics.map(({ code }) => code)).toEqual(['duplicate-field']);
  });
});

describe('what the schema does not know', () => {
  it('is reported with what was probably meant, and handed out', () => {
    const { message, diagnostics, unknown } = bind(
      'layer {\n  name: "q"\n  quantize_param { clip { clip_mx: 6 clip_min: 0 clip_max: 1 } }\n}',
    );
    expect(diagnostics).toEqual([
      {
        code: 'unknown-field',
        severity: 'error',
        file: 'net.prototxt',
        line: 3,
        column: 27,
        message: 'unknown field `clip_mx` in QuantizeParameter.Clip',
        hint: 'did you mean `clip_max`?',
      },
    ]);
    expect(unknown).toMatchObject([
      { message: { clip_min: 0 }, schema: { name: 'QuantizeParameter.Clip' }, node: { name: 'clip_mx' } },
    ]);
    expect(message.layer[0]?.name).toBe('q');
  });

  it('can be a warning', () => {
    expect(bind('x: 1', netSchema, { unknownFields: 'warning' }).diagnostics).toMatchObject([{ severity: 'warning' }]);
  });

  it('points at a missing brace where a field belongs to a message outside', () => {
    const { diagnostics } = bind('layer {\n  name: "a"\nlayer {\n  name: "b"\n}\n');
    expect(diagnostics).toMatchObject([
      { code: 'unclosed', line: 6 },
      { code: 'unknown-field', line: 3, hint: 'NetParameter has a field of that name: is a `}` missing before it?' },
    ]);
  });

  it('tolerates extensions and Any, with a warning', () => {
    const { diagnostics, unknown } = bind('[caffe.ext]: 1 [type.googleapis.com/caffe.Datum] { a: 1 }');
    expect(diagnostics.map(({ code, severity, message }) => [code, severity, message])).toEqual([
      ['unknown-extension', 'warning', 'unknown extension `[caffe.ext]` in NetParameter is kept but not read'],
      [
        'unknown-extension',
        'warning',
        'unknown Any `[type.googleapis.com/caffe.Datum]` in NetParameter is kept but not read',
      ],
    ]);
    expect(unknown).toHaveLength(2);
  });

  it('reads the extensions that the descriptor has', () => {
    const schema = schemaFromDescriptor(
      {
        nested: {
          a: { nested: { M: { fields: {} }, ext: { type: 'int32', id: 100, extend: 'M', rule: 'repeated' } } },
        },
      },
      'a.M',
    );
    expect(bind('[a.ext]: 1 [ a.ext ]: [2]', schema)).toMatchObject({
      message: { '[a.ext]': [1, 2] },
      diagnostics: [],
    });
  });

  it('many times costs no more than linear time', () => {
    const names = Array.from({ length: 50_000 }, (_, i) => `unknown_${i}: 1 layer { phase: X${i} }`).join('\n');
    const start = processorTime();
    expect(bind(names).diagnostics).toHaveLength(1001);
    expect(bind('name: "x"\n'.repeat(100_000)).diagnostics).toHaveLength(1001);
    expect(processorTime() - start).toBeLessThan(10_000);
  });
});

describe('positions', () => {
  const text =
    'name: "x"\nlayer {\n  bottom: ["a",\n    "b"] bottom: "c"\n  pooling_param { kernel_size: 3 }\n}\nlayer: [{ }, { name: "l" }]';
  const { message, locate, nodeOf } = bind(text);
  const [first, , third] = message.layer;
  if (first === undefined || third === undefined) throw new Error('no layers');

  it.each<[string, object, string | undefined, number | undefined, [number, number] | undefined]>([
    ['the file', message, undefined, undefined, [1, 1]],
    ['a field', message, 'name', undefined, [1, 1]],
    ['its value', message, 'name', 0, [1, 7]],
    ['a message', first, undefined, undefined, [2, 1]],
    ['a repeated field', first, 'bottom', undefined, [3, 3]],
    ['its elements', first, 'bottom', 1, [4, 5]],
    ['behind its list', first, 'bottom', 2, [4, 18]],
    ['no element', first, 'bottom', 3, undefined],
    ['a field that is absent', first, 'top', undefined, undefined],
    ['a message by its field', first, 'pooling_param', 0, [5, 17]],
    ['a message in a list', third, undefined, undefined, [7, 14]],
    ['its field', third, 'name', undefined, [7, 16]],
    ['another object', {}, undefined, undefined, undefined],
  ])('%s', (_, of, field, index, expected) => {
    expect(locate(of, field, index)).toEqual(expected && { line: expected[0], column: expected[1] });
  });

  it('lead to the nodes', () => {
    const node = nodeOf(first, 'bottom', 1);
    expect(node && printSyntax(node).trim()).toBe('"b"');
    expect(node && fieldOf(node)?.name).toBe('bottom');
    expect(nodeOf(third)?.kind).toBe('message');
    expect(nodeOf(message)?.kind).toBe('message');
  });
});

describe('for any text', () => {
  it('binding ends in a message that the schema describes', () => {
    fc.assert(
      fc.property(fc.oneof(tokenSoup, mutated(NET_TEXT)), (text) => {
        const { message } = bind(text);
        expect(() => formatMessage(message, netSchema)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
