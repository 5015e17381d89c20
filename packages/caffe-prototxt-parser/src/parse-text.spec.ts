import fc from 'fast-check';
import type { FieldNode, SyntaxNode, Token, ValueNode } from './index.ts';
import { parseText, printSyntax, printText } from './index.ts';
import { kindsText, mutated, tokenSoup } from './testing/arbitrary-text.ts';
import { NET_TEXT } from './testing/small-net.ts';
import { processorTime } from './testing/processor-time.ts';

function parse(text: string, limits = {}) {
  return parseText(text, { file: 'net.prototxt', limits });
}

function errorsOf(text: string): string[] {
  return parse(text).diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

function onlyField(text: string): FieldNode {
  const [entry] = parse(text).document.root.entries;
  if (entry?.kind !== 'field') throw new Error('no field');
  return entry;
}

describe('what the text format allows', () => {
  it.each([
    ['a value', 'name: "LeNet"'],
    ['a message, with and without a colon', 'a { } b: { } c { d { e: 1 } }'],
    ['a message in angle brackets', 'a < b: 1 > c: < d { } >'],
    ['lists of values and of messages', 'a: [1, 2] b: [] c: [{ d: 1 }, < d: 2 >] e [{ }]'],
    ['separators', 'a: 1; b: 2, c { }; d < >, e: [1];'],
    ['both quotes and adjacent strings', `a: "x" 'y' "z"\n "w"`],
    ['every escape', String.raw`a: "\a\b\f\n\r\t\v\?\\\'\"\0\17\377\x4\x41\u20AC\U0001F600"`],
    ['integers: decimal, octal, hexadecimal', 'a: 0 b: 12 c: 017 d: 0x1F e: 0XaB f: -3'],
    ['floats', 'a: 1. b: .5 c: 1.5f d: 1e5 e: 1E+5F f: 1.e-5 g: 2f h: -.5 i: 0.5 j: 00.5'],
    ['infinities and NaN', 'a: inf b: -inf c: nan d: -nan e: Infinity f: -INF'],
    ['a sign apart from its number', 'a: - 1 b: -\n# why\n2'],
    ['a value in the next line', 'pool:\n  MAX\nname\n:\n"x"'],
    ['comments anywhere', '# a\na # b\n: # c\n1 # d\n; # e\nb { # f\n} # g'],
    ['extensions and Any', '[caffe.ext]: 1 [type.googleapis.com/caffe.Datum] { a: 1 } [ a . b # c\n ]{}'],
    ['all line ends and blanks', 'a: 1\r\nb: 2\r\n\tc:\v3\f'],
    ['a byte order mark', '\ufeffname: "x"'],
    ['characters beyond ASCII in strings and comments', 'a: "名字" # комментарий'],
    ['an empty file', ''],
    ['a file of comments', '# nothing\n  # here'],
  ])('%s', (_, text) => {
    expect(errorsOf(text)).toEqual([]);
    expect(printText(parse(text).document)).toBe(text);
  });

  it('gives the tree of a net', () => {
    const { document, diagnostics } = parse(NET_TEXT);
    expect(diagnostics).toEqual([]);
    expect(outline(document.root)).toBe(
      `name(LeNet) input(data) input_dim[64,1,28,28] ` +
        `layer{name(conv1) type(Convolution) bottom(data) top(conv1) param{lr_mult(1)} param{lr_mult(2) decay_mult(0)}} ` +
        `layer{name(pool+1) type(Pooling) bottom(conv1) top(pool1) pooling_param{pool(AVE) kernel_size(0x2)}}`,
    );
  });

  it('keeps where tokens stand, and what stands around them', () => {
    const field = onlyField('\ufeff# top\r\n\tname :"x"  # end\r\n');
    expect(field.nameToken).toEqual({
      kind: 'identifier',
      text: 'name',
      leading: '\ufeff# top\r\n\t',
      trailing: ' ',
      line: 2,
      column: 2,
    });
    expect(printSyntax(field.value)).toBe('"x"  # end\r\n');
  });

  it('counts no column for a byte order mark', () => {
    expect(onlyField('\ufeffname: "x"').nameToken).toMatchObject({ line: 1, column: 1 });
  });

  it('takes blanks and comments out of a name in brackets', () => {
    expect(onlyField('[ a . b # c\n .d ] {}').name).toBe('[a.b.d]');
  });
});

describe('what it does not allow is reported where it stands', () => {
  it.each([
    ['a: 1 }', ['1:6 unexpected-closing']],
    ['a { b: 1', ['1:9 unclosed']],
    ['a { b < c: 1 } d: 2', ['1:14 unclosed']],
    ['a { b { c {', ['1:12 unclosed']],
    ['a: [1, 2', ['1:9 unclosed']],
    ['a: [1 2]', ['1:7 expected-comma']],
    ['a: [1, ]', ['1:8 expected-value']],
    ['a: [, 1]', ['1:5 expected-value']],
    ['a: [[1]]', ['1:5 nested-list']],
    ['a: [1\nb: 2', ['2:1 unclosed']],
    ['a "x"', ['1:3 expected-colon']],
    ['a\nb: 1', ['2:1 expected-colon']],
    ['a [1]', ['1:3 expected-colon']],
    ['a', ['1:2 expected-colon']],
    ['a:', ['1:3 expected-value']],
    ['a { b: }', ['1:8 expected-value']],
    ['input_dim:\ninput_dim: 3', ['2:1 expected-value']],
    ['input_dim:\nlayer\n{ }', ['2:1 expected-value']],
    ['a: /home/x\nb: 1', ['1:4 expected-value']],
    ['a: -x b: 1', ['1:5 expected-value']],
    ['a: -"x" b: 1', ['1:5 expected-value']],
    ['a: 1;; b: 2', ['1:6 unexpected-separator']],
    ['a: 1 5 b: 2\nc: 3', ['1:6 expected-field-name']],
    ['device_id: 0,1\nb: 2', ['1:14 expected-field-name']],
    ['layer {{\n  name: "x"\n}}\nb: 1', ['1:8 expected-field-name']],
    ['a: 1 // one { \nb: 2', ['1:6 foreign-comment']],
    ['a: 100layer { }', ['1:4 bad-number']],
    ['a: 100abc\nb: 1', ['1:4 bad-number']],
    ['a: 08', ['1:4 bad-number']],
    ['a: 0x', ['1:4 bad-number']],
    ['a: 1.2.3 b: 1e b: 1e+', ['1:4 bad-number', '1:13 bad-number', '1:19 bad-number']],
    ['a: "x\nb: 1', ['1:4 unterminated-string']],
    ["a: 'x\r\nb: 1", ['1:4 unterminated-string']],
    ['a: "x\\\nb: 1', ['1:4 unterminated-string', '1:6 bad-escape']],
    [
      String.raw`a: "\q\x\u12\U00110000" b: 1`,
      ['1:5 bad-escape', '1:7 bad-escape', '1:9 bad-escape', '1:13 bad-escape'],
    ],
    ['a: é b: 1\nc: 2', ['1:4 bad-character']],
    ['\u0000\u0001 a: 1', ['1:1 bad-character']],
    ['[a b: 1', ['1:1 expected-field-name']],
    ['a: [b].c', ['1:7 expected-field-name']],
    ['5: 1\nb: 2', ['1:1 expected-field-name']],
  ])('%j', (text, expected) => {
    expect(errorsOf(text)).toEqual(expected);
    expect(printText(parse(text).document)).toBe(text);
  });

  it('goes on behind an error: all errors of a file in one pass, and the fields between them', () => {
    const text = 'a: /x\nb: 1\nlayer { c: 08 d 2 }\n}\ne: "open\nf: 2\n';
    expect(errorsOf(text)).toEqual([
      '1:4 expected-value',
      '3:12 bad-number',
      '3:17 expected-colon',
      '4:1 unexpected-closing',
      '5:4 unterminated-string',
    ]);
    expect(outline(parse(text).document.root)).toBe('a? b(1) layer{c(08) d(2)} ? e("open) f(2)');
  });

  it('says what to do where that is clear', () => {
    const hint = (text: string) => parse(text).diagnostics[0]?.hint;
    expect(hint('a: /home')).toBe('text must stand in quotes');
    expect(hint('layer {{ a: 1 }}')).toMatch(/template/);
    expect(hint('a: 1 // b')).toMatch(/#/);
    expect(hint('gpu: 0,1')).toMatch(/`gpu: \[ …, … \]`/);
    expect(hint('a: 10x { }')).toMatch(/blank is missing after `10`/);
  });
});

describe('limits', () => {
  it('on depth: the block is kept unread, and what follows it is read', () => {
    const text = 'a { b { c { d: 1 e: [1] } } } f: 1';
    const { document, diagnostics } = parse(text, { maxDepth: 2 });
    expect(diagnostics.map(({ code, column }) => [code, column])).toEqual([['too-deep', 11]]);
    expect(outline(document.root)).toBe('a{b{c{?}}} f(1)');
    expect(printText(document)).toBe(text);
  });

  it('on tokens: the rest is kept unread', () => {
    const { document, diagnostics } = parse('a: 1\nb: 2\nc: 3', { maxTokens: 4 });
    expect(diagnostics).toMatchObject([{ code: 'too-many-tokens', line: 2, column: 2 }, { code: 'expected-colon' }]);
    expect(printText(document)).toBe('a: 1\nb: 2\nc: 3');
  });

  it('on length: the file is kept unread', () => {
    const { document, diagnostics } = parse('name: "x"', { maxLength: 5 });
    expect(diagnostics.map(({ code }) => code)).toEqual(['file-too-large']);
    expect(printText(document)).toBe('name: "x"');
  });

  it('on diagnostics: one says how many were left out', () => {
    const { diagnostics } = parse('a: 08\n'.repeat(50), { maxDiagnostics: 10 });
    expect(diagnostics).toHaveLength(11);
    expect(diagnostics.at(-1)).toMatchObject({
      code: 'too-many-problems',
      message: '40 more problems were found and left out',
    });
  });

  const SIZE = 200_000;
  it.each([
    ['opening braces', 'a{'.repeat(SIZE)],
    ['nameless braces', '{'.repeat(SIZE)],
    ['closing braces', '}'.repeat(SIZE)],
    ['brackets', '['.repeat(SIZE)],
    ['lists in lists', `a:${'['.repeat(SIZE)}`],
    ['an endless name in brackets', `[${'a.'.repeat(SIZE)}`],
    ['many names in brackets', '[a '.repeat(SIZE)],
    ['names in brackets with comments', '[#\n'.repeat(SIZE)],
    ['a long number', '1'.repeat(SIZE)],
    ['a long float', `a: ${'1.'.repeat(SIZE)}`],
    ['an endless string', `a: "${'\\n'.repeat(SIZE)}`],
    ['many adjacent strings', `a: ${'"x"'.repeat(SIZE)}`],
    ['bad escapes', `a: "${'\\q'.repeat(SIZE)}"`],
    ['missing values', 'a:\n'.repeat(SIZE)],
    ['missing values before comments', 'a:\nb\n#\n'.repeat(SIZE / 4)],
    ['minus signs', `a: ${'-'.repeat(SIZE)}`],
    ['one long comment', `#${'x'.repeat(SIZE)}`],
    ['slashes', '/'.repeat(SIZE)],
    ['control characters', '\u0001 '.repeat(SIZE)],
    ['line ends', '\n'.repeat(SIZE)],
  ])('hostile input ends soon, without a crash: %s', (_, text) => {
    const start = processorTime();
    const { document } = parse(text);
    expect(printText(document)).toBe(text);
    expect(processorTime() - start).toBeLessThan(10_000);
  });
});

describe('for any text', () => {
  it.each<[string, fc.Arbitrary<string>]>([
    ['correct messages', kindsText],
    ['the marks and words of the format in any order', tokenSoup],
    ['a mutated net', mutated(NET_TEXT)],
    ['any characters', fc.string({ unit: 'binary', maxLength: 200 })],
  ])('printing the tree gives the text: %s', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (text) => {
        const { document } = parse(text);
        expect(printText(document)).toBe(text);
        expect(plain(parse(printText(document)).document)).toEqual(plain(document));
      }),
      { numRuns: 250 },
    );
  });

  it('a correct message has no errors', () => {
    fc.assert(
      fc.property(kindsText, (text) => expect(errorsOf(text)).toEqual([])),
      { numRuns: 300 },
    );
  });

  it('every diagnostic has its place in the file', () => {
    fc.assert(
      fc.property(fc.oneof(tokenSoup, mutated(NET_TEXT)), (text) => {
        const lines = text.split('\n');
        for (const { line = 0, column = 0 } of parse(text).diagnostics) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThan(0);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** A tree without its parents, which would make comparing it endless. */
function plain(node: SyntaxNode | Token): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'parent' ? undefined : value)));
}

/** A tree on one line: `field(value)`, `field{…}`, `field[…]`, `?` for what was skipped. */
function outline(node: SyntaxNode): string {
  switch (node.kind) {
    case 'document':
      return outline(node.root);
    case 'message':
      return node.entries
        .map((entry) => (entry.kind === 'field' ? entry.name + outlineValue(entry.value) : '?'))
        .join(' ');
    default:
      throw new Error(node.kind);
  }
}

function outlineValue(value: ValueNode): string {
  const scalar = (token: Token) => token.text.replace(/^(["'])(.*)\1$/, '$2');
  switch (value.kind) {
    case 'scalar':
      return `(${[value.token, ...value.adjacent].map(scalar).join('+')})`;
    case 'message':
      return `{${outline(value)}}`;
    case 'list':
      return `[${value.items.map((item) => outlineValue(item.value).slice(1, -1)).join(',')}]`;
    case 'skipped':
      return '?';
  }
}
