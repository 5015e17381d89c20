import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDataLock, writeDataLock } from './data-lock.ts';
import { fingerprintSources, isDataPresent } from './fingerprint.ts';
import type { DataSource } from './fingerprint.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const at = { file: 'train_val.prototxt', line: 3, layer: 'photos' };
const source = (kind: 'images' | 'hdf5' = 'images'): DataSource => ({
  name: 'list',
  path: path('list.txt'),
  lists: { kind, rootFolder: 'img/', folders: [folder.path] },
  ...at,
});
const run = (kind?: 'images' | 'hdf5') =>
  fingerprintSources([source(kind)], { cacheDir: false, lockFile: path('data.lock.json') });
const lock = async () => writeDataLock(path('data.lock.json'), (await run()).sources);
const fingerprint = async (kind?: 'images' | 'hdf5') => (await run(kind)).sources['list']!;

/** `count` images, each with its number as content. */
function images(count: number): void {
  mkdirSync(path('img'), { recursive: true });
  for (let i = 0; i < count; i++) writeFileSync(path(`img/${i}`), `${i}`);
  writeFileSync(path('list.txt'), Array.from({ length: count }, (_, i) => `${i} ${i % 3}\n`).join(''));
}

it('has the list and each file that it lists', async () => {
  images(3);
  expect(await fingerprint()).toEqual({
    files: [
      ...[0, 1, 2].map((i) => ({ name: `${i}`, size: 1, sha256: sha256(`${i}`) })),
      { name: 'list.txt', size: 12, sha256: sha256('0 0\n1 1\n2 2\n') },
    ],
    records: 3,
  });
});

it('has one digest for all of many files', async () => {
  images(100);
  const { files, records } = await fingerprint();
  expect(files.map(({ name }) => name)).toEqual(['100 files of list.txt', 'list.txt']);
  expect([files[0]!.size, records]).toEqual([190, 100]);
});

it('counts no records of HDF5 files', async () => {
  images(1);
  writeFileSync(path('list.txt'), '0\n');
  expect(Object.keys(await fingerprint('hdf5'))).toEqual(['files']);
});

describe.each([5, 100])('of %d images', (count) => {
  beforeEach(() => images(count));
  const lines = Array.from({ length: count }, (_, i) => `${i} ${i % 3}\n`);

  it.each<[string, boolean, () => void]>([
    ['nothing', false, () => undefined],
    ['a byte of an image', true, () => writeFileSync(path('img/3'), 'x')],
    ['the order', true, () => writeFileSync(path('list.txt'), [...lines].reverse().join(''))],
    ['a label', true, () => writeFileSync(path('list.txt'), lines.join('').replace('1 1', '1 2'))],
    ['two images the one for the other', true, () => {
      writeFileSync(path('img/3'), '4');
      writeFileSync(path('img/4'), '3');
    }], // prettier-ignore
    ['a file that is not listed', false, () => writeFileSync(path('img/other'), 'x')],
    ['where it is', false, () => {
      mkdirSync(path('elsewhere'));
      renameSync(path('img'), path('elsewhere/img'));
    }], // prettier-ignore
  ])('it follows, or not: %s', async (what, isChanged, change) => {
    const before = await fingerprint();
    change();
    const folders = what === 'where it is' ? [path('elsewhere')] : [folder.path];
    const moved = { ...source(), lists: { ...source().lists!, folders } };
    const after = (await fingerprintSources([moved], { cacheDir: false })).sources['list'];
    expect(JSON.stringify(after) !== JSON.stringify(before)).toBe(isChanged);
  });

  it('the lock stands in for the images, and for the list too', async () => {
    await lock();
    const before = await run();
    const locked = JSON.stringify(before.sources);
    expect(JSON.stringify({ list: (await readDataLock(path('data.lock.json')))!['list'] })).toBe(locked);
    expect(isDataPresent(source())).toBe(true);
    rmSync(path('img'), { recursive: true });
    expect(JSON.stringify((await run()).sources)).toBe(locked);
    expect(isDataPresent(source())).toBe(false);
    rmSync(path('list.txt'));
    expect(JSON.stringify((await run()).sources)).toBe(locked);
    expect(isDataPresent(source())).toBe(false);
  });

  it('a list that differs from the lock is told where its images are absent', async () => {
    await lock();
    rmSync(path('img'), { recursive: true });
    writeFileSync(path('list.txt'), lines.slice(1).join(''));
    const [diagnostic] = await diagnosticsOf(() => run());
    expect(diagnostic).toMatchObject({ ...at, code: 'data-differs', message: expect.stringMatching(/list\.txt has/) });
  });

  it('images that differ from the lock are told', async () => {
    await lock();
    writeFileSync(path('img/2'), 'x');
    const [diagnostic] = await diagnosticsOf(() => run());
    expect(diagnostic).toMatchObject({ ...at, code: 'data-differs' });
    expect(diagnostic!.message).toMatch(count === 5 ? /: 2 has the sha256/ : /: 100 files of list\.txt has /);
  });

  it('images of which some are missing are told with their lines, lock or not', async () => {
    for (const isLocked of [false, true]) {
      if (isLocked) {
        images(count);
        await lock();
      }
      for (const i of [0, 2]) rmSync(path(`img/${i}`));
      const diagnostics = await diagnosticsOf(() => run());
      expect(diagnostics.map(({ code, line, message }) => [code, line, /list\.txt:\d/.exec(message)?.[0]])).toEqual([
        ['data-absent', 3, 'list.txt:1'],
        ['data-absent', 3, 'list.txt:3'],
      ]);
    }
  });

  it('images that are absent and not locked are told', async () => {
    rmSync(path('img'), { recursive: true });
    const diagnostics = await diagnosticsOf(() => run());
    expect(diagnostics).toEqual([
      expect.objectContaining({ ...at, code: 'data-absent', message: expect.stringMatching(/line 1 means .*img.0$/) }),
    ]);
  });

  it('Git LFS pointers of images count as what they stand for', async () => {
    await lock();
    const before = await run();
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256('3')}\nsize 1\n`;
    writeFileSync(path('img/3'), pointer);
    expect(await run()).toEqual(before);
    rmSync(path('data.lock.json'));
    expect((await diagnosticsOf(() => run()))[0]!.code).toBe('git-lfs-pointer');
  });
});

it('a list that is none is told with its line', async () => {
  writeFileSync(path('list.txt'), 'a 1\nb\n');
  const [diagnostic] = await diagnosticsOf(() => run());
  expect(diagnostic).toMatchObject({
    ...at,
    message: expect.stringMatching(/list\.txt:2: the line has no label: 'b'/),
  });
});
