import { readNetText } from '@caffe-quant/caffe-io';
import { separateSameNames, textWithSeparateNames } from './same-names.ts';

function separate(text: string) {
  const read = readNetText(text, 'net.prototxt');
  const { writtenNames, diagnostics } = separateSameNames(read, 'net.prototxt');
  return { names: read.net.layer.map(({ name }) => name), written: Object.fromEntries(writtenNames), diagnostics };
}

const layer = (name: string, phase?: string) =>
  `layer { name: "${name}" type: "ReLU" bottom: "x" top: "x"${phase ? ` include { phase: ${phase} }` : ''} }\n`;

test.each([
  ['different names', layer('a') + layer('b'), ['a', 'b'], {}],
  ['one name in both phases', layer('a', 'TRAIN') + layer('a', 'TEST'), ['a', 'a'], {}],
  ['one name twice', layer('a') + layer('b') + layer('a'), ['a', 'b', 'a_2'], { a_2: 'a' }],
  ['one name three times', layer('a').repeat(3), ['a', 'a_2', 'a_3'], { a_2: 'a', a_3: 'a' }],
  ['the new name is taken', layer('a') + layer('a') + layer('a_2'), ['a', 'a_2_', 'a_2'], { a_2_: 'a' }],
  [
    'twice in each phase: the second ones are one layer',
    layer('a') + layer('a', 'TRAIN') + layer('a', 'TEST'),
    ['a', 'a_2', 'a_2'],
    { a_2: 'a' },
  ],
  [
    'the second in TRAIN is the first in TEST: a name that no other has',
    layer('a', 'TRAIN') + layer('a') + layer('a', 'TEST'),
    ['a', 'a_2', 'a_2_'],
    { a_2: 'a', a_2_: 'a' },
  ],
])('%s', (_, text, names, written) => {
  expect(separate(text)).toMatchObject({ names, written });
  expect(readNetText(textWithSeparateNames(text, 'f'), 'f').net.layer.map(({ name }) => name)).toEqual(names);
});

test('the second is named with the line of the first, once', () => {
  const { diagnostics } = separate(layer('a') + layer('a'));
  expect(diagnostics).toMatchObject([{ code: 'duplicate-layer', severity: 'warning', line: 2, layer: 'a' }]);
  expect(diagnostics[0]?.message).toContain('the first is in line 1: this one is called "a_2"');
});

test('the text keeps its comments, and a text without such names is the same', () => {
  const text = `# first\n${layer('a')}# second\n${layer('a')}`;
  expect(textWithSeparateNames(text, 'f')).toBe(`# first\n${layer('a')}# second\n${layer('a_2')}`);
  expect(textWithSeparateNames(layer('a'), 'f')).toBe(layer('a'));
});
