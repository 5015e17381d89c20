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
  ['{', 'thresholds.json:1:2: error: this is not JSON: expected a key in double quotes, got the end of the file'],
  ['[]', 'thresholds.json:1:1: error: the file should hold an object'],
  [
    '{\n  "maxDrops": 0.1 }',
    'thresholds.json:2:3: error: there is no threshold maxDrops\n  hint: did you mean maxDrop?',
  ],
  ['{"maxDrop": 0.1, "maxDrop": 0.2}', 'the key `maxDrop` is given twice'],
  ['{"maxDrop": null}', 'maxDrop should be a number from 0 to 1'],
  ['{"maxDrop": 5}', 'thresholds.json:1:2: error: maxDrop should be a number from 0 to 1, but is 5'],
  ['{"maxDrop": "5"}', 'maxDrop should be a number from 0 to 1, but is "5"'],
])('%s: %s', (text, expected) => expect(() => read(text)).toThrow(expected));
