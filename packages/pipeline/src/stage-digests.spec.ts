import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultFilesIn, writeDigests } from './stage-digests.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();

beforeEach(() => {
  mkdirSync(join(folder.path, 'a'));
  writeFileSync(join(folder.path, 'a/b.txt'), 'b');
  writeFileSync(join(folder.path, 'c.txt'), '');
});

test('they are the sha256 of every file, and change with it', async () => {
  await writeDigests('export', folder.path);
  const first = readFileSync(join(folder.path, 'digests.json'), 'utf8');
  expect(JSON.parse(first)).toEqual({
    'a/b.txt': '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d',
    'c.txt': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  });
  await writeDigests('export', folder.path);
  expect(readFileSync(join(folder.path, 'digests.json'), 'utf8')).toBe(first);
  writeFileSync(join(folder.path, 'c.txt'), 'c');
  await writeDigests('export', folder.path);
  expect(readFileSync(join(folder.path, 'digests.json'), 'utf8')).not.toBe(first);
});

test('they are not a result themselves', async () => {
  await writeDigests('export', folder.path);
  expect(await resultFilesIn(folder.path)).toEqual(['a/b.txt', 'c.txt']);
});

test('a stage of which no other reads everything has none', async () => {
  for (const stage of ['fingerprint', 'resolve', 'retrain', 'explain'] as const) await writeDigests(stage, folder.path);
  expect(existsSync(join(folder.path, 'digests.json'))).toBe(false);
});
