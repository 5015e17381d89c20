import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { LevelDbReader } from './leveldb.ts';
import { levelDbContent } from './leveldb-folder.ts';
import { openDatabase } from './open-database.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { folderContent } from './testing/folder-content.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { writeLevelDb } from './testing/write-leveldb.ts';

const folder = temporaryFolder();
const source = () => join(folder.path, 'set');
const value = (i: number) => Uint8Array.from({ length: 300 }, (_, k) => (7 * i + k) % 256);
const key = (i: number) => String(i).padStart(8, '0');
const records = (count: number) => Array.from({ length: count }, (_, i) => [key(i), value(i)] as const);
const fileOf = (path: string, ending: string) =>
  join(
    path,
    readdirSync(path).find((name) => name.endsWith(ending))!,
  );
const tableOf = (path: string) => fileOf(path, '.ldb');
const logOf = (path: string) => fileOf(path, '.log');

/** Private copies are made here, so that one left behind is seen. */
const copies = () => join(folder.path, 'tmp');
beforeEach(() => mkdirSync(copies()));
const open = () => LevelDbReader.open(source(), copies());
const leftBehind = () => readdirSync(copies());

describe('LevelDbReader', () => {
  it.each([true, false])('gives records by number, from tables: %s, else from the log', async (compacted) => {
    await writeLevelDb(source(), records(1000), { compacted });
    const reader = await open();
    expect(reader.recordCount).toBe(1000);
    const ordinals = [0, 1, 2, 15, 16, 17, 999, 0, 500, 501, 30];
    const found = await reader.records(ordinals);
    expect(found.map((record) => Buffer.from(record.key).toString())).toEqual(ordinals.map(key));
    expect(found.map((record) => [...record.value])).toEqual(ordinals.map((i) => [...value(i)]));
    await expect(reader.records([1000])).rejects.toThrow(RangeError);
    await expect(reader.records([-1])).rejects.toThrow(RangeError);
    expect(leftBehind()).toHaveLength(1);
    await reader.close();
    expect(leftBehind()).toEqual([]);
  });

  it('has the keys in the order of their bytes', async () => {
    const keys = fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 60,
      selector: (bytes) => bytes.join(),
    });
    await fc.assert(
      fc.asyncProperty(keys, async (all) => {
        rmSync(source(), { recursive: true, force: true });
        await writeLevelDb(
          source(),
          all.map((bytes) => [bytes, bytes] as const),
        );
        const reader = await open();
        const found = await reader.records([...all.keys()]);
        await reader.close();
        const sorted = all.map((bytes) => Buffer.from(bytes)).sort(Buffer.compare);
        expect(found.map((record) => [...record.key])).toEqual(sorted.map((bytes) => [...bytes]));
        expect(found.map((record) => [...record.value])).toEqual(sorted.map((bytes) => [...bytes]));
      }),
      { numRuns: 20 },
    );
  });

  it.each([true, false])(
    'leaves the folder as it was, files that cannot be written too; tables: %s',
    async (compacted) => {
      await writeLevelDb(source(), records(50), { compacted });
      for (const name of readdirSync(source())) chmodSync(join(source(), name), 0o444);
      const before = folderContent(source());
      for (let time = 0; time < 2; time++) {
        const reader = await open();
        await reader.records([3, 4]);
        await reader.close();
      }
      expect(folderContent(source())).toEqual(before);
    },
  );

  it('is open any number of times at once', async () => {
    await writeLevelDb(source(), records(20));
    const readers = await Promise.all([1, 2, 3].map(() => open()));
    const all = await Promise.all(readers.map((reader) => reader.records([7])));
    for (const [record] of all) expect([...record!.value]).toEqual([...value(7)]);
    await Promise.all(readers.map((reader) => reader.close()));
    expect(leftBehind()).toEqual([]);
  });

  it.each<[string, string, RegExp, () => void]>([
    ['nothing', 'data-unreadable', /no such file/, () => rmSync(source(), { recursive: true })],
    [
      'a file',
      'leveldb-format',
      /is a file; a LevelDB is a folder/,
      () => {
        rmSync(source(), { recursive: true });
        writeFileSync(source(), 'x');
      },
    ],
    ['no CURRENT', 'leveldb-format', /is not a LevelDB/, () => rmSync(join(source(), 'CURRENT'))],
    [
      'a CURRENT without its manifest',
      'leveldb-corrupt',
      /cannot be read/,
      () => writeFileSync(join(source(), 'CURRENT'), 'MANIFEST-999999\n'),
    ],
    ['a table that is missing', 'leveldb-corrupt', /is missing/, () => rmSync(tableOf(source()))],
    [
      'a table that is cut off',
      'leveldb-corrupt',
      /has 100 bytes, but the manifest says \d+/,
      () => truncateSync(tableOf(source()), 100),
    ],
    [
      'a log that is missing',
      'leveldb-corrupt',
      /is missing: the records that were written last/,
      () => rmSync(logOf(source())),
    ],
    [
      'a Git LFS pointer',
      'git-lfs-pointer',
      /Git LFS pointer/,
      () => {
        const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 4\n`;
        writeFileSync(tableOf(source()), pointer);
      },
    ],
  ])('tells what is wrong: %s', async (_, code, message, change) => {
    await writeLevelDb(source(), records(100));
    change();
    const diagnostics = await diagnosticsOf(() => open());
    expect(diagnostics).toEqual([expect.objectContaining({ code, message: expect.stringMatching(message) })]);
    expect(diagnostics[0]!.file).toContain(source());
    expect(diagnostics[0]!.message).not.toContain(copies());
    expect(leftBehind()).toEqual([]);
  });
});

describe('openDatabase', () => {
  it('tells one kind from the other', async () => {
    await writeLevelDb(source(), records(1));
    const [diagnostic] = await diagnosticsOf(() => openDatabase(source(), 'LMDB'));
    expect(diagnostic).toMatchObject({ code: 'data-backend', hint: 'write `backend: LEVELDB`' });
  });

  it('refuses an empty one', async () => {
    await writeLevelDb(source(), []);
    const [diagnostic] = await diagnosticsOf(() => openDatabase(source(), 'LEVELDB'));
    expect(diagnostic).toMatchObject({ code: 'data-empty', message: 'the data set has no records' });
  });
});

it('what a LevelDB holds does not change when another program opens it', async () => {
  await writeLevelDb(source(), records(100));
  const before = levelDbContent(source());
  expect(before.every((name) => name.endsWith('.ldb'))).toBe(true);
  const bytes = before.map((name) => readFileSync(join(source(), name)));
  const others = folderContent(source());
  await writeLevelDb(source(), [], { compacted: false });
  expect(folderContent(source())).not.toEqual(others);
  expect(levelDbContent(source())).toEqual(before);
  expect(before.map((name) => readFileSync(join(source(), name)))).toEqual(bytes);
});
