import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestFiles } from './digest-files.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const options = () => ({ cacheDir: path('cache') });
const run = (...names: string[]) => digestFiles(names.map(path), path('list'), options());
const memo = () => join(path('cache/digests'), readdirSync(path('cache/digests'))[0]!);

/** Memos do not take files of the last two seconds, and nothing but time makes a change time old. */
function letTimePass(): void {
  const now = Date.now();
  jest.spyOn(Date, 'now').mockReturnValue(now + 10_000);
}
afterEach(() => jest.restoreAllMocks());

it('digests each file, in the order asked for, also twice and in any number', async () => {
  const names = Array.from({ length: 50 }, (_, i) => `f${i}`);
  for (const name of names) writeFileSync(path(name), name);
  const digests = await run(...names, 'f3');
  expect(digests).toEqual(
    [...names, 'f3'].map((name) => ({ sha256: sha256(name), size: name.length, isPointer: false })),
  );
  expect(await digestFiles([], path('list'), options())).toEqual([]);
});

it('digests large files as streams', async () => {
  const bytes = Buffer.alloc(5_000_000, 'abc');
  writeFileSync(path('large'), bytes);
  expect(await run('large')).toEqual([
    { sha256: createHash('sha256').update(bytes).digest('hex'), size: 5_000_000, isPointer: false },
  ]);
});

it('remembers files that have not changed, and no others', async () => {
  for (const name of ['a', 'b', 'c']) writeFileSync(path(name), name);
  letTimePass();
  await run('a', 'b', 'c');
  // What it remembers is believed.
  writeFileSync(memo(), readFileSync(memo(), 'utf8').replace(sha256('a'), sha256('remembered')));
  expect((await run('a', 'b', 'c')).map((digest) => digest.sha256)).toEqual(['remembered', 'b', 'c'].map(sha256));
  const { mtime } = statSync(path('a'));
  jest.restoreAllMocks();
  writeFileSync(path('a'), 'x');
  utimesSync(path('a'), mtime, mtime);
  expect((await run('a', 'b'))[0]!.sha256).toBe(sha256('x'));
  // Files that are not asked for, and those changed just now, are forgotten.
  expect(readFileSync(memo(), 'utf8').trim().split('\n')).toHaveLength(1);
});

it.each(['', 'nonsense\n\n', '{"a": 1}'])('a memo of %j is not trouble', async (text) => {
  writeFileSync(path('a'), 'a');
  letTimePass();
  await run('a');
  writeFileSync(memo(), text);
  expect((await run('a'))[0]!.sha256).toBe(sha256('a'));
});

it('takes a Git LFS pointer for what it stands for', async () => {
  writeFileSync(path('p'), `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256('a')}\nsize 7\n`);
  expect(await run('p')).toEqual([{ sha256: sha256('a'), size: 7, isPointer: true }]);
});

it('names a file that cannot be read', async () => {
  const [diagnostic] = await diagnosticsOf(() => run('nothing'));
  expect(diagnostic).toMatchObject({ code: 'data-unreadable', file: path('nothing'), message: 'no such file' });
});
