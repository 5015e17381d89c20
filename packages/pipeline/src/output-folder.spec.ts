import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { draftPath } from './locks/drafts.ts';
import { replaceFolder } from './output-folder.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const target = () => join(folder.path, 'dist/train');

test('what was there before is gone', async () => {
  mkdirSync(target(), { recursive: true });
  writeFileSync(join(target(), 'stale'), '');
  expect(await replaceFolder(target(), async (draft) => writeFile(join(draft, 'fresh'), '').then(() => 7))).toBe(7);
  expect(readdirSync(target())).toEqual(['fresh']);
  expect(readdirSync(join(folder.path, 'dist'))).toEqual(['train']);
});

test('a failure leaves what was there, and nothing else', async () => {
  mkdirSync(target(), { recursive: true });
  writeFileSync(join(target(), 'kept'), 'text');
  const failing = replaceFolder(target(), async (draft) => {
    await writeFile(join(draft, 'half'), '');
    throw new Error('stop');
  });
  await expect(failing).rejects.toThrow('stop');
  expect(readdirSync(join(folder.path, 'dist'))).toEqual(['train']);
  expect(readFileSync(join(target(), 'kept'), 'utf8')).toBe('text');
});

test('drafts of processes that were killed are removed with what is beside them, those of running ones are not', async () => {
  const { pid } = spawnSync('true');
  const parent = join(folder.path, 'dist');
  const busy = draftPath(parent, 'train');
  const abandoned = busy.replace(`-${process.pid}-`, `-${pid}-`);
  // Another stage's of the same run, too.
  const others = abandoned.replace('train', 'calibrate');
  for (const draft of [busy, abandoned, `${abandoned}.parts`, `${abandoned}.old`, others, `${others}.parts`]) {
    mkdirSync(draft, { recursive: true });
  }
  await replaceFolder(target(), async () => undefined);
  expect(readdirSync(parent).sort()).toEqual([basename(busy), 'train']);
});

test('two that replace a folder at the same time: one of both is there, and whole', async () => {
  const put = (text: string) =>
    replaceFolder(target(), async (draft) => {
      for (const name of ['a', 'b']) await writeFile(join(draft, name), text);
    });
  for (let round = 0; round < 20; round++) await Promise.all([put('first'), put('second'), put('third')]);
  expect(readdirSync(join(folder.path, 'dist'))).toEqual(['train']);
  expect(readFileSync(join(target(), 'a'), 'utf8')).toBe(readFileSync(join(target(), 'b'), 'utf8'));
});
