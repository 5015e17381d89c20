import fc from 'fast-check';
import type { FieldNode, MessageNode, TextDocument } from './index.ts';
import {
  appendField,
  bindMessage,
  fieldsOf,
  findField,
  formatField,
  insertAfter,
  insertBefore,
  messagesOf,
  parseText,
  printText,
  removeField,
  replaceField,
  scalarText,
  setScalar,
  valuesOf,
} from './index.ts';
import { mutated } from './testing/arbitrary-text.ts';
import { NET_TEXT, kindsSchema, netSchema } from './testing/small-net.ts';

function parse(text: string): TextDocument {
  const { document, diagnostics } = parseText(text, { file: 'net.prototxt' });
  expect(diagnostics).toEqual([]);
  return document;
}

function layer(document: TextDocument, name: string): MessageNode {
  const found = messagesOf(document, 'layer').find((message) => {
    const value = findField(message, 'name')?.value;
    return value?.kind === 'scalar' && scalarText(value) === name;
  });
  if (found === undefined) throw new Error(`no layer ${name}`);
  return found;
}

function only(document: TextDocument | MessageNode, name: string): FieldNode {
  const field = findField(document, name);
  if (field === undefined) throw new Error(`no field ${name}`);
  return field;
}

/** Applies an edit to a text; `·` stands for a blank and `→` for a tab, so that layouts can be seen. */
function edited(text: string, edit: (document: TextDocument) => void): string {
  const document = parse(text.replaceAll('→', '\t'));
  edit(document);
  const result = printText(document);
  expect(parseText(result, { file: 'edited' }).diagnostics).toEqual([]);
  return result.replaceAll('\t', '→');
}

const RELU = 'layer {\n  name: "relu"\n  param {\n    lr_mult: 1\n  }\n}\n';

describe('inserting', () => {
  const cases: [string, string, (document: TextDocument) => void, string][] = [
    [
      'a layer, in the indentation and line ends of the file',
      'layer {\r\n→name: "a"\r\n}\r\n# about b\r\nlayer {\r\n→name: "b"\r\n}\r\n',
      (net) => insertAfter(layer(net, 'a'), RELU),
      'layer {\r\n→name: "a"\r\n}\r\nlayer {\r\n→name: "relu"\r\n→param {\r\n→→lr_mult: 1\r\n→}\r\n}\r\n# about b\r\nlayer {\r\n→name: "b"\r\n}\r\n',
    ],
    [
      'a layer before another and before the comments about that',
      'name: "n"\n# about a\nlayer {\n    name: "a"\n}\n',
      (net) => insertBefore(layer(net, 'a'), RELU),
      'name: "n"\nlayer {\n    name: "relu"\n    param {\n        lr_mult: 1\n    }\n}\n# about a\nlayer {\n    name: "a"\n}\n',
    ],
    [
      'a layer between layers that empty lines keep apart',
      'layer {\n  name: "a"\n}\n\nlayer {\n  name: "b"\n}\n',
      (net) => insertAfter(layer(net, 'a'), 'layer {\n  name: "x"\n}'),
      'layer {\n  name: "a"\n}\n\nlayer {\n  name: "x"\n}\n\nlayer {\n  name: "b"\n}\n',
    ],
    [
      'a layer before such a layer',
      'layer {\n  name: "a"\n}\n\n# about b\nlayer {\n  name: "b"\n}\n',
      (net) => insertBefore(layer(net, 'b'), 'layer {\n  name: "x"\n}'),
      'layer {\n  name: "a"\n}\n\nlayer {\n  name: "x"\n}\n\n# about b\nlayer {\n  name: "b"\n}\n',
    ],
    [
      'behind the last line, which has no line end',
      'layer {\n  name: "a"\n}',
      (net) => insertAfter(layer(net, 'a'), 'layer {\n  name: "x"\n}\n'),
      'layer {\n  name: "a"\n}\nlayer {\n  name: "x"\n}',
    ],
    [
      'behind a comment at the end of the file',
      'name: "a" # end',
      (net) => appendField(net, 'layer { }'),
      'name: "a" # end\nlayer { }',
    ],
    ['into an empty file', '', (net) => appendField(net, '  name: "a"\n'), 'name: "a"\n'],
    [
      'below the comments of a file without fields',
      '\ufeff# top',
      (net) => appendField(net, 'name: "a"'),
      '\ufeff# top\nname: "a"\n',
    ],
    [
      'text at any indentation, by how deep its fields stand',
      'layer {\n\tname: "a"\n}\n',
      (net) =>
        insertAfter(
          layer(net, 'a'),
          `
          # new
          layer {  # x

             bottom: [ "a",
             "b" ]
      pooling_param <
                 pool: MAX
             # end
             >
             name:
             "x" }
             # after
          `,
        ),
      'layer {\n→name: "a"\n}\n# new\nlayer {  # x\n\n→bottom: [ "a",\n→→"b" ]\n→pooling_param <\n→→pool: MAX\n→→# end\n→>\n→name:\n→→"x" }\n# after\n',
    ],
    [
      'before the first field, below the comments at the top of the file',
      '\ufeff# top\n# of the file\nname: "a"\n',
      (net) => insertBefore(only(net, 'name'), 'force_backward: true'),
      '\ufeff# top\n# of the file\nforce_backward: true\nname: "a"\n',
    ],
    [
      'before the first field of a bare file',
      '\ufeffname: "a"',
      (net) => insertBefore(only(net, 'name'), 'x: 1'),
      '\ufeffx: 1\nname: "a"',
    ],
    [
      'on a line that fields share',
      'param { lr_mult: 1 }\n',
      (net) => appendField(valuesOf(only(net, 'param'))[0] as MessageNode, 'decay_mult: 0'),
      'param { lr_mult: 1 decay_mult: 0 }\n',
    ],
    [
      'on such a line, before a field',
      'param {lr_mult: 1; name: "w"}\n',
      (net) => insertBefore(only(only(net, 'param').value as MessageNode, 'name'), 'decay_mult: 0'),
      'param {lr_mult: 1; decay_mult: 0 name: "w"}\n',
    ],
    [
      'into empty braces',
      'a {} b { } c {\n}\n',
      (net) => fieldsOf(net).forEach((field) => appendField(field.value as MessageNode, 'x: 1')),
      'a { x: 1 } b { x: 1 } c {\n  x: 1\n}\n',
    ],
    [
      'a message into braces on one line',
      'layer { name: "a" }\n',
      (net) => appendField(layer(net, 'a'), 'param {\n  lr_mult: 1\n}'),
      'layer { name: "a"\n  param {\n    lr_mult: 1\n  }\n}\n',
    ],
    [
      'several fields at once',
      'layer {\n  name: "a"\n}\n',
      (net) => appendField(layer(net, 'a'), 'bottom: "x"\ntop: "y" # out'),
      'layer {\n  name: "a"\n  bottom: "x"\n  top: "y" # out\n}\n',
    ],
    [
      'between the items of a list, which is written out',
      'bottom: [ "a", # first\n  "b" ];\ntop: "c"\n',
      (net) => insertBefore(valuesOf(only(net, 'bottom'))[1] as MessageNode, 'x: 1'),
      'bottom: "a" # first\nx: 1\nbottom: "b";\ntop: "c"\n',
    ],
    [
      'between the messages of a list',
      'layer: [{ name: "a" }, { name: "b" }]\n',
      (net) => insertAfter(layer(net, 'a'), 'layer { name: "x" }'),
      'layer: { name: "a" } layer { name: "x" } layer: { name: "b" }\n',
    ],
    [
      'a field next to the value of a field',
      'layer {\n  name: "a"\n  top: "t"\n}\n',
      (net) => insertAfter(only(layer(net, 'a'), 'name').value, 'type: "ReLU"'),
      'layer {\n  name: "a"\n  type: "ReLU"\n  top: "t"\n}\n',
    ],
    [
      'what a program made as a message',
      'layer {\n\tname: "a"\n}\n',
      (net) => insertAfter(layer(net, 'a'), formatField('layer', { name: 'x', param: [{ lr_mult: 1 }] }, netSchema)),
      'layer {\n→name: "a"\n}\nlayer {\n→name: "x"\n→param {\n→→lr_mult: 1\n→}\n}\n',
    ],
  ];
  it.each(cases)('%s', (_, text, edit, expected) => {
    expect(edited(text, edit)).toBe(expected);
  });

  it('gives nodes that are part of the tree, without a place in the file', () => {
    const document = parse(NET_TEXT);
    const [added] = insertAfter(layer(document, 'conv1'), 'layer { name: "new" }');
    expect(added?.parent).toBe(document.root);
    expect(added?.nameToken.line).toBe(0);
    const { locate, message } = bindMessage<{ layer: object[] }>(document, netSchema);
    expect(message.layer).toMatchObject([{ name: 'conv1' }, { name: 'new' }, { name: 'pool1' }]);
    expect(locate(message.layer[1] ?? {})).toBeUndefined();
  });

  it('refuses what is not text format, and the whole file as a place', () => {
    const document = parse(NET_TEXT);
    expect(() => insertAfter(layer(document, 'conv1'), 'layer {')).toThrow(SyntaxError);
    expect(() => insertAfter(layer(document, 'conv1'), '# nothing')).toThrow(SyntaxError);
    expect(() => insertAfter(document, 'name: "x"')).toThrow(TypeError);
    expect(printText(document)).toBe(NET_TEXT);
  });
});

describe('removing', () => {
  const cases: [string, string, (document: TextDocument) => void, string][] = [
    [
      'a layer with its comments, not those of others',
      '# top\n\n# about a\nlayer {\n  name: "a" # in\n} # behind\n# about b\nlayer { name: "b" }\n',
      (net) => removeField(layer(net, 'a')),
      '# top\n\n# about b\nlayer { name: "b" }\n',
    ],
    [
      'not the comments that stand apart',
      'a: 1\n# apart\n\n# near\nb: 2\nc: 3\n',
      (net) => removeField(only(net, 'b')),
      'a: 1\n# apart\n\nc: 3\n',
    ],
    [
      'no comments where they are to be kept',
      'a: 1\n# near\nb: 2\nc: 3\n',
      (net) => removeField(only(net, 'b'), { keepComments: true }),
      'a: 1\n# near\nc: 3\n',
    ],
    [
      'not the comments at the top of the file',
      '\ufeff# top\na: 1\nb: 2\n',
      (net) => removeField(only(net, 'a')),
      '\ufeff# top\nb: 2\n',
    ],
    [
      'a field in the middle of a line',
      'a { b: 1 c: 2; d: 3 }\n',
      (net) => removeField(only(only(net, 'a').value as MessageNode, 'c')),
      'a { b: 1 d: 3 }\n',
    ],
    [
      'the first field of a line',
      '  a: 1 b: 2 # both\nc: 3\n',
      (net) => removeField(only(net, 'a')),
      '  b: 2 # both\nc: 3\n',
    ],
    [
      'the last field of a line',
      'a: 1 b: 2 # both\nc: 3\n',
      (net) => removeField(only(net, 'b')),
      'a: 1 # both\nc: 3\n',
    ],
    ['the last field of a file', 'a: 1\nb: 2', (net) => removeField(only(net, 'b')), 'a: 1\n'],
    ['the only field', 'a: 1\n', (net) => removeField(only(net, 'a')), ''],
    [
      'one item of a list',
      'bottom: ["a", "b", "c"]\n',
      (net) => removeField(valuesOf(only(net, 'bottom'))[1] as MessageNode),
      'bottom: "a" bottom: "c"\n',
    ],
    [
      'a message of a list',
      'layer: [\n  {\n    name: "a"\n  },\n  { name: "b" }\n]\n',
      (net) => removeField(layer(net, 'b')),
      'layer: {\n    name: "a"\n  }\n',
    ],
  ];
  it.each(cases)('%s', (_, text, edit, expected) => {
    expect(edited(text, edit)).toBe(expected);
  });

  it('twice is a mistake', () => {
    const document = parse('a: 1');
    const field = only(document, 'a');
    removeField(field);
    expect(() => removeField(field)).toThrow(RangeError);
  });
});

describe('replacing', () => {
  it('a layer keeps what stands around it', () => {
    expect(
      edited('# about a\nlayer { name: "a" } # behind\nlayer { name: "b" }\n', (net) =>
        replaceField(layer(net, 'a'), RELU),
      ),
    ).toBe('# about a\nlayer {\n  name: "relu"\n  param {\n    lr_mult: 1\n  }\n} # behind\nlayer { name: "b" }\n');
  });

  it('takes the comments that come with the new text', () => {
    expect(
      edited('a {\n  b: 1 # old\n  c: 2\n}\n', (net) =>
        replaceField(only(only(net, 'a').value as MessageNode, 'b'), '# new\nx: 1 # why'),
      ),
    ).toBe('a {\n  # new\n  x: 1 # why\n  c: 2\n}\n');
    expect(edited('a: 1 b: 2\n', (net) => replaceField(only(net, 'a'), 'x: 1'))).toBe('x: 1 b: 2\n');
    expect(edited('a: 1 b: 2\n', (net) => replaceField(only(net, 'b'), 'x: 1'))).toBe('a: 1 x: 1\n');
    expect(edited('a: 1 b: 2', (net) => replaceField(only(net, 'b'), 'x {\ny: 1\n}'))).toBe('a: 1 x {\n  y: 1\n}');
  });
});

describe('setting a value', () => {
  const cases: [string, string, (document: TextDocument) => void, string][] = [
    [
      'changes its tokens only',
      'name : # n\n  "a" \'b\' ; # end\n',
      (net) => setScalar(net, 'name', 'x'),
      'name : # n\n  "x" ; # end\n',
    ],
    [
      'adds the field where there is none',
      'layer {\n  name: "a"\n}\n',
      (net) => setScalar(layer(net, 'a'), 'type', 'ReLU'),
      'layer {\n  name: "a"\n  type: "ReLU"\n}\n',
    ],
    ['of an enum', 'pool: MAX\n', (net) => setScalar(net, 'pool', { name: 'AVE' }), 'pool: AVE\n'],
    ['of the last of several', 'a: 1\na: 2\n', (net) => setScalar(net, 'a', true), 'a: 1\na: true\n'],
    ['of an element', 'a: 1 a: [2, 3]\n', (net) => setScalar(net, 'a', 9, 1), 'a: 1 a: [9, 3]\n'],
    ['of an element behind the last', 'a: 1\n', (net) => setScalar(net, 'a', 9, 1), 'a: 1\na: 9\n'],
    ['with a sign', 'a: -1 b: 2 # c\n', (net) => (setScalar(net, 'a', 1), setScalar(net, 'b', -2)), 'a: 1 b: -2 # c\n'],
    ['of a float32, as short as it can be', 'a: 1\n', (net) => setScalar(net, 'a', Math.fround(0.1)), 'a: 0.1\n'],
    ['of a float64', 'a: 1\n', (net) => setScalar(net, 'a', 0.1234567890123), 'a: 0.1234567890123\n'],
    ['beyond all numbers', 'a: 1\n', (net) => setScalar(net, 'a', -Infinity), 'a: -inf\n'],
    ['of 64 bits', 'a: 1\n', (net) => setScalar(net, 'a', 2n ** 63n), 'a: 9223372036854775808\n'],
    [
      'as text with characters of any language',
      'a: ""\n',
      (net) => setScalar(net, 'a', '"名"\n'),
      'a: "\\"名\\"\\n"\n',
    ],
    ['of bytes', 'a: ""\n', (net) => setScalar(net, 'a', Uint8Array.of(0, 255)), 'a: "\\000\\377"\n'],
    ['of an extension', '[a.b]: 1\n', (net) => setScalar(net, '[a.b]', 2), '[a.b]: 2\n'],
  ];
  it.each(cases)('%s', (_, text, edit, expected) => {
    expect(edited(text, edit)).toBe(expected);
  });

  it('refuses a message and an element that is not there', () => {
    const document = parse('a { } b: 1');
    expect(() => setScalar(document, 'a', 1)).toThrow(TypeError);
    expect(() => setScalar(document, 'b', 1, 5)).toThrow(RangeError);
    expect(() => setScalar(document, 'b', { name: 'A B' })).toThrow(SyntaxError);
  });
});

describe('fields that no blank parts stay apart', () => {
  const cases: [string, string, (document: TextDocument) => void, string][] = [
    ['setting', 'a:"x"b:1', (net) => setScalar(net, 'a', 5), 'a:5 b:1'],
    ['replacing', 'a:"x"b:1', (net) => replaceField(only(net, 'a'), 'c: 5'), 'c: 5 b:1'],
    ['inserting', 'a:"x"b:1', (net) => insertAfter(only(net, 'a'), 'c: 5'), 'a:"x" c: 5 b:1'],
    ['writing out a list', 'a:[1,2]b:1', (net) => removeField(valuesOf(only(net, 'a'))[0] as MessageNode), 'a: 2 b:1'],
  ];
  it.each(cases)('%s', (_, text, edit, expected) => {
    expect(edited(text, edit)).toBe(expected);
  });
});

describe('any edit of any file keeps everything else', () => {
  const withoutBlanks = (text: string) => text.replace(/[\s\ufeff]/g, '');
  /** All fields of a file, at all depths. */
  const allFields = (message: MessageNode | TextDocument): FieldNode[] =>
    fieldsOf(message).flatMap((field) => [
      field,
      ...valuesOf(field).flatMap((value) => (value.kind === 'message' ? allFields(value) : [])),
    ]);
  const snippets = ['x: 1', 'x {\n  y: 1 # why\n}\n', 'x { y: 1 }', '# about\nx: [1,\n 2]'];
  const layouts = [
    NET_TEXT,
    NET_TEXT.replaceAll('\n', '\r\n'),
    NET_TEXT.replaceAll('  ', '\t'),
    NET_TEXT.trimEnd(),
    NET_TEXT.replace(/#.*\n|\n/g, ' '),
  ];

  it('insertion: the text is the old one with the new one at one place, and comments stay', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...layouts),
        fc.nat(),
        fc.constantFrom(...snippets),
        fc.constantFrom(insertAfter, insertBefore),
        (text, at, snippet, insert) => {
          const document = parse(text);
          const fields = allFields(document);
          const anchor = fields[at % fields.length];
          if (anchor === undefined) return;
          insert(anchor, snippet);
          const printed = printText(document);
          expect(parseText(printed, { file: 'edited' }).diagnostics).toEqual([]);
          const [before, after, added] = [withoutBlanks(text), withoutBlanks(printed), withoutBlanks(snippet)];
          const isOneInsertion = [...before, ''].some((_, i) => before.slice(0, i) + added + before.slice(i) === after);
          expect([isOneInsertion, printed]).toEqual([true, printed]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('insertion and removal give the old message, and the old lines where the field had its own', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...layouts),
        fc.nat(),
        fc.constantFrom('x: 1', 'x {\n  y: 1\n}\n'),
        (text, at, snippet) => {
          const document = parse(text);
          const fields = allFields(document);
          const anchor = fields[at % fields.length];
          if (anchor === undefined) return;
          insertAfter(anchor, snippet).forEach((field) => removeField(field));
          const printed = printText(document);
          expect(bindMessage(parse(printed), netSchema).message).toEqual(bindMessage(parse(text), netSchema).message);
          expect(withoutBlanks(printed)).toBe(withoutBlanks(text));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('removal of every field, one after the other, leaves no field and no error', () => {
    for (const text of layouts) {
      const document = parse(text);
      for (let fields = allFields(document); fields.length > 0; fields = allFields(document)) {
        const last = fields.at(-1);
        if (last !== undefined) removeField(last);
        expect(parseText(printText(document), { file: 'edited' }).diagnostics).toEqual([]);
      }
      expect(
        printText(document)
          .split('\n')
          .filter((line) => line.trim() !== '' && !line.trim().startsWith('#')),
      ).toEqual([]);
    }
  });

  it('even of a broken file', () => {
    fc.assert(
      fc.property(mutated(NET_TEXT), fc.nat(), (text, at) => {
        const { document } = parseText(text, { file: 'net.prototxt' });
        const fields = allFields(document);
        const anchor = fields[at % Math.max(1, fields.length)];
        if (anchor === undefined) return;
        insertAfter(anchor, 'x { y: 1 }');
        insertBefore(anchor, 'x: 1');
        removeField(anchor);
        appendField(document, 'z: 1');
        expect(bindMessage(document, kindsSchema).unknown.length).toBeGreaterThan(0);
        printText(document);
      }),
      { numRuns: 400 },
    );
  });
});
