import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

test('drafts of a process that was killed are removed, those of a running one are not', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const [abandoned, busy] = [join(folder.path, `dist/.train.${pid}.tmp`), join(folder.path, 'dist/.train.1.tmp')];
  mkdirSync(abandoned, { recursive: true });
  mkdirSync(busy);
  await replaceFolder(target(), async () => undefined);
  expect(existsSync(abandoned)).toBe(false);
  expect(existsSync(busy)).toBe(true);
});
