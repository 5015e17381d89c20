import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { readThresholds } from './thresholds.ts';

const folder = temporaryFolder();
const place = () => ({ name: 'm', root: folder.path, workspaceRoot: folder.path });
const read = (text: string) => {
  writeFileSync(join(folder.path, 'thresholds.json'), text);
  return readThresholds(place());
};

test('without the file there are none', () => expect(readThresholds(place())).toEqual({}));

test('values are fractions', () => {
  expect(read('{"minAgreement": 0.999, "maxDrop": 0.005}')).toEqual({ minAgreement: 0.999, maxDrop: 0.005 });
});

test.each([
  ['"0.3 points"', [{ amount: 0.3, unit: 'points' }]],
  ['"1 point"', [{ amount: 1, unit: 'points' }]],
  ['"0.5AP"', [{ amount: 0.5, unit: 'AP' }]],
  ['"30 db"', [{ amount: 30, unit: 'dB' }]],
  ['"2 %"', [{ amount: 2, unit: '%' }]],
  [
    '{"accuracy": "0 points", "loss": "5%"}',
    [
      { metric: 'accuracy', amount: 0, unit: 'points' },
      { metric: 'loss', amount: 5, unit: '%' },
    ],
  ],
])('accuracy %s', (text, limits) => {
  const { accuracy } = read(`{"accuracy": ${text}}`);
  expect(accuracy?.map(({ file: _f, line: _l, column: _c, ...limit }) => limit)).toEqual(limits);
});

test('how many layers may be left float is a count', () => {
  expect(read('{"maxFloatLayers": 3}')).toEqual({ maxFloatLayers: 3 });
});

test.each([
  ['{', 'thresholds.json:1:2: error: this is not JSON: expected a key in double quotes, got the end of the file'],
  ['[]', 'thresholds.json:1:1: error: the file should hold an object'],
  ['{"maxDrops": 0.1}', 'thresholds.json:1:2: error: there is no threshold maxDrops\n  hint: did you mean maxDrop?'],
  ['{"maxDrop": 5}', 'maxDrop should be a number from 0 to 1, but is 5'],
  ['{"maxDrop": "5"}', 'maxDrop should be a number from 0 to 1, but is "5"'],
  ['{"maxDrop": [5]}', 'maxDrop should be a number from 0 to 1, but is an array'],
  ['{"maxDrop": 0.1, "maxDrop": 0.2}', 'the key `maxDrop` is given twice, first on line 1'],
  ['{"maxFloatLayers": 1.5}', 'maxFloatLayers should be a whole number from 0, but is 1.5'],
  ['{"maxFloatLayers": -1}', 'maxFloatLayers should be a whole number from 0, but is -1'],
  ['{\n  "accuracy": 0.3}', 'thresholds.json:2:15: error: accuracy should be a number and a unit, but is 0.3'],
  ['{"accuracy": "-1 points"}', 'accuracy should be a number and a unit, but is "-1 points"'],
  ['{"accuracy": "0.3"}', "accuracy is in '', which is no unit of it"],
  ['{"accuracy": "0.3 pints"}', "accuracy is in 'pints', which is no unit of it\n  hint: a limit is"],
  ['{"accuracy": {}}', 'accuracy names no metric'],
  [
    '{"accuracy": {\n"loss": null}}',
    "thresholds.json:2:9: error: accuracy of 'loss' should be a number and a unit, but is null",
  ],
])('%s: %s', (text, expected) => expect(() => read(text)).toThrow(expected));
