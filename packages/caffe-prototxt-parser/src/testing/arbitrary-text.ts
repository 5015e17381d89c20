import fc from 'fast-check';

/** Text that looks enough like the format to reach every corner of a parser: its marks, words and broken ends, in any order. */
export const tokenSoup = fc
  .array(
    fc.constantFrom(
      ...['layer', 'name', 'input_dim', 'pooling_param', 'MAX', 'true', 'inf', 'nan', '_x9'],
      ...['{', '}', '<', '>', '[', ']', ':', ';', ',', '-', '/', '//', '{{', '}}', '.', '@', '\\'],
      ...[
        '0',
        '007',
        '08',
        '0x1F',
        '0x',
        '1.5',
        '.5f',
        '1.',
        '1e',
        '1e-5',
        '1abc',
        '1.2.3',
        '99999999999999999999',
        '1e999',
      ],
      ...['"a"', "'b'", '"\\n\\x41\\101\\u00e9"', '"\\q"', '"open', "'open\\", '"é"', '[caffe.ext]', '[a.b/c.D]', '[a'],
      ...[
        ' ',
        '  ',
        '\t',
        '\n',
        '\r\n',
        '\n\n',
        '# comment\n',
        '#',
        '\ufeff',
        '\u0000',
        'é',
        '\ud800',
        '\udcff',
        '😀',
        '\v',
      ],
      ...['name: "x"\n', 'layer {\n', '  bottom: "data"\n', '}\n', 'param { lr_mult: 1 }', 'input_dim: [1, 2]'],
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''));

/** A text with a few pieces cut out, doubled or replaced. */
export function mutated(text: string): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.nat(text.length),
    length: fc.nat(12),
    insert: fc.oneof(
      fc.constant(''),
      fc.constantFrom('}', '{', '"', '[', ']', '<', '>', '#', ':', '\n'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
  });
  return fc
    .array(change, { minLength: 1, maxLength: 6 })
    .map((changes) =>
      changes.reduce(
        (result, { at, length, insert }) => result.slice(0, at) + insert + result.slice(at + length),
        text,
      ),
    );
}

const blank = fc.constantFrom(' ', '\n', '\t', '  # note\n', '\r\n');
const maybeBlank = fc.oneof({ weight: 3, arbitrary: fc.constant('') }, blank);

function joined(...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((pieces) => pieces.join(''));
}

const integer = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(String),
  fc.nat(0xffff).map((n) => `0x${n.toString(16)}`),
  fc.nat(0xfff).map((n) => `0${n.toString(8)}`),
);
const decimal = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e30, max: 1e30 }).map(String),
  fc.constantFrom('1.', '.5', '-.25', '1.5f', '2F', '1e5', '-1E-3', 'inf', '-inf', 'nan', '-Infinity', '3'),
);
const quoted = fc.oneof(
  fc.string({ maxLength: 8 }).map((text) => `"${text.replace(/["\\\n\r]/g, '')}"`),
  fc.constantFrom("'it\\'s'", '"\\t\\"\\\\\\x7f\\041\\u20AC"', '"é" "ü"', "''", '"a"\n"b"'),
);
const bool = fc.constantFrom('true', 'false', 't', 'f', 'True', 'False', '1', '0');
const phase = fc.constantFrom('TRAIN', 'TEST', '0', '1');

function field(name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return joined(
    fc.constant(`${name}`),
    maybeBlank,
    fc.constant(':'),
    maybeBlank,
    value,
    fc.constantFrom(' ', '\n', ';', ', ', '  # end\n'),
  );
}

function list(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(joined(maybeBlank, value, maybeBlank), { maxLength: 4 }).map((items) => `[${items.join(',')}]`);
}

const scalarFields = [
  field('f_double', decimal),
  field('f_float', decimal),
  field('f_int32', integer),
  field('f_int64', integer),
  field('f_bool', bool),
  field('f_string', quoted),
  field('f_bytes', quoted),
  field('f_enum', phase),
];
const repeatedFields = [
  field('r_double', fc.oneof(decimal, list(decimal))),
  field('r_float', fc.oneof(decimal, list(decimal))),
  field('r_int32', fc.oneof(integer, list(integer))),
  field('r_bool', list(bool)),
  field('r_string', fc.oneof(quoted, list(quoted))),
  field('r_enum', fc.oneof(phase, list(phase))),
];

function kindsTextOf(depth: number): fc.Arbitrary<string> {
  const scalars = scalarFields.map((scalar) => fc.option(scalar, { nil: '' }));
  const parts = [...scalars, fc.array(fc.oneof(...repeatedFields), { maxLength: 4 }).map((fields) => fields.join(''))];
  if (depth > 0) {
    const inner = kindsTextOf(depth - 1);
    const single = joined(fc.constantFrom('f_message {', 'f_message: {', 'f_message:\n{ '), inner, fc.constant('}\n'));
    const several = joined(fc.constantFrom('r_message <', 'r_message: <\n'), inner, fc.constant('>'));
    const listed = joined(fc.constant('r_message: [{'), inner, fc.constant('}, <'), inner, fc.constant('>];'));
    parts.push(fc.option(single, { nil: '' }), fc.option(fc.oneof(several, listed), { nil: '' }));
  }
  return joined(...parts);
}

/** Correct text of a `caffe.Kinds` message, in all the ways in which a value can be written; no single field twice. */
export const kindsText = kindsTextOf(2);
