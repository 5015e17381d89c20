import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDataLock, writeDataLock } from './data-lock.ts';
import { fingerprintSource, fingerprintSources } from './fingerprint.ts';
import type { DataSource } from './fingerprint.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { writeLevelDb } from './testing/write-leveldb.ts';

const fixtures = join(__dirname, 'fixtures');
const folder = temporaryFolder();
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
const noMemo = { cacheDir: false } as const;
const lockFile = () => join(folder.path, 'data.lock.json');

describe('fingerprintSource', () => {
  it('of an LMDB is its data file and the number of its records, not the lock file that readers write', async () => {
    cpSync(join(fixtures, 'deep'), join(folder.path, 'lmdb'), { recursive: true });
    writeFileSync(join(folder.path, 'lmdb', 'lock.mdb'), 'anything');
    const bytes = readFileSync(join(fixtures, 'deep', 'data.mdb'));
    expect(await fingerprintSource(join(folder.path, 'lmdb'), noMemo)).toEqual({
      files: [{ name: 'data.mdb', size: bytes.length, sha256: sha256(bytes) }],
      records: 160,
    });
  });

  it('of a folder is all its files by name, without lock files and logs', async () => {
    mkdirSync(join(folder.path, 'set', 'sub'), { recursive: true });
    for (const name of ['b', 'a', 'sub/c', 'LOCK', 'LOG', 'LOG.old'])
      writeFileSync(join(folder.path, 'set', name), name);
    const fingerprint = await fingerprintSource(join(folder.path, 'set'), noMemo);
    expect(fingerprint).toEqual({
      files: ['a', 'b', 'sub/c'].map((name) => ({ name, size: name.length, sha256: sha256(name) })),
    });
  });

  it('of a file is that file', async () => {
    writeFileSync(join(folder.path, 'net.caffemodel'), 'weights');
    expect(await fingerprintSource(join(folder.path, 'net.caffemodel'), noMemo)).toEqual({
      files: [{ name: 'net.caffemodel', size: 7, sha256: sha256('weights') }],
    });
  });

  it('of nothing is nothing', async () => {
    expect(await fingerprintSource(join(folder.path, 'nothing'), noMemo)).toBeUndefined();
  });
});

describe('fingerprintSources', () => {
  const at = { file: 'train_val.prototxt', line: 3, layer: 'mnist' };
  const source = (name: string, fields: Partial<DataSource> = {}): DataSource => ({
    name,
    path: join(folder.path, name),
    ...at,
    ...fields,
  });
  const run = (...sources: DataSource[]) => fingerprintSources(sources, { ...noMemo, lockFile: lockFile() });
  const lockAll = async (...sources: DataSource[]) => writeDataLock(lockFile(), (await run(...sources)).sources);

  beforeEach(() => {
    cpSync(join(fixtures, 'datums-uint8'), join(folder.path, 'train'), { recursive: true });
    writeFileSync(join(folder.path, 'mean'), 'mean');
  });

  it('reads what is there, and says what the lock does not have', async () => {
    const { sources, unlocked } = await run(source('train'), source('mean'));
    expect(Object.keys(sources)).toEqual(['mean', 'train']);
    expect(sources['train']!.records).toBe(7);
    expect(unlocked).toEqual(['train', 'mean']);
    expect(JSON.stringify(sources)).not.toContain(folder.path);
  });

  it('takes the digests of the lock where the data is absent: the same fingerprints', async () => {
    const before = await run(source('train'), source('mean'));
    await lockAll(source('train'), source('mean'));
    rmSync(join(folder.path, 'train'), { recursive: true });
    rmSync(join(folder.path, 'mean'));
    const after = await run(source('train'), source('mean', { path: undefined }));
    expect(after).toEqual({ sources: before.sources, unlocked: [] });
    expect(JSON.stringify(after.sources)).toBe(JSON.stringify(before.sources));
  });

  it('takes a Git LFS pointer for the data it stands for', async () => {
    await lockAll(source('mean'));
    const before = await run(source('mean'));
    const pointer = (oid: string) => `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 4\n`;
    writeFileSync(join(folder.path, 'mean'), pointer(sha256('mean')));
    expect(await run(source('mean'))).toEqual(before);
    writeFileSync(join(folder.path, 'mean'), pointer(sha256('name')));
    expect((await diagnosticsOf(() => run(source('mean'))))[0]!.code).toBe('data-differs');
    rmSync(lockFile());
    expect((await diagnosticsOf(() => run(source('mean'))))[0]!.code).toBe('git-lfs-pointer');
  });

  it.each([
    [
      'other bytes',
      () => writeFileSync(join(folder.path, 'mean'), 'name'),
      /mean has the sha256 [0-9a-f]{12}\.\.\., not/,
    ],
    ['another size', () => writeFileSync(join(folder.path, 'mean'), 'longer'), /mean has 6 bytes, not 4/],
  ])('names the source that differs: %s', async (_, change, message) => {
    await lockAll(source('train'), source('mean'));
    change();
    const diagnostics = await diagnosticsOf(() => run(source('train'), source('mean')));
    expect(diagnostics).toEqual([
      expect.objectContaining({ ...at, code: 'data-differs', message: expect.stringMatching(message) }),
    ]);
    expect(diagnostics[0]!.message).toMatch(/^the data source 'mean' differs from .*data\.lock\.json/);
  });

  it('names each source that is neither there nor in the lock, and each that differs', async () => {
    await lockAll(source('mean'));
    writeFileSync(join(folder.path, 'mean'), 'name');
    const diagnostics = await diagnosticsOf(() =>
      run(source('mean'), source('a'), source('b', { path: undefined }), source('train')),
    );
    expect(diagnostics.map(({ code, message }) => [code, /'(.*?)'/.exec(message)![1]])).toEqual([
      ['data-differs', 'mean'],
      ['data-absent', 'a'],
      ['data-absent', 'b'],
    ]);
  });

  it('tells files that came or went', async () => {
    mkdirSync(join(folder.path, 'set'));
    writeFileSync(join(folder.path, 'set', 'a'), 'a');
    await lockAll(source('set'));
    writeFileSync(join(folder.path, 'set', 'b'), 'b');
    expect((await diagnosticsOf(() => run(source('set'))))[0]!.message).toMatch(/: b is not in the lock/);
    rmSync(join(folder.path, 'set', 'a'));
    rmSync(join(folder.path, 'set', 'b'));
    writeFileSync(join(folder.path, 'set', 'LOCK'), '');
    // A folder without data is as no folder.
    expect((await run(source('set'))).unlocked).toEqual([]);
  });

  it('tells a damaged LevelDB by its file, once and again, and a sound one gives nothing away of it', async () => {
    const cacheDir = join(folder.path, 'cache');
    const level = () => fingerprintSources([source('level')], { cacheDir });
    await writeLevelDb(join(folder.path, 'level'), [['1', Uint8Array.of(1, 2, 3)]]);
    const before = await level();
    const table = readdirSync(join(folder.path, 'level')).find((name) => name.endsWith('.ldb'))!;
    const file = join(folder.path, 'level', table);
    const bytes = readFileSync(file);
    bytes[5]! ^= 4;
    writeFileSync(file, bytes);
    for (let time = 0; time < 2; time++) {
      const [diagnostic] = await diagnosticsOf(level);
      expect(diagnostic).toMatchObject({
        ...at,
        code: 'leveldb-corrupt',
        hint: expect.stringMatching(/convert_imageset/),
      });
      expect(diagnostic!.message).toMatch(/\/level\/\d+\.ldb: the checksum of the block at byte 0 .* does not match/);
    }
    bytes[5]! ^= 4;
    writeFileSync(file, bytes);
    expect(await level()).toEqual(before);
  });

  it('tells a damaged LMDB by its page', async () => {
    const file = join(folder.path, 'train', 'data.mdb');
    const bytes = readFileSync(file);
    bytes[4096 + 104] = 9;
    writeFileSync(file, bytes);
    const [diagnostic] = await diagnosticsOf(() => run(source('train')));
    expect(diagnostic).toMatchObject({ ...at, code: 'lmdb-corrupt', message: expect.stringMatching(/says 0 and 9/) });
  });

  it('tells an LMDB that cannot be read', async () => {
    writeFileSync(join(folder.path, 'train', 'data.mdb'), 'not an LMDB');
    const diagnostics = await diagnosticsOf(() => run(source('train')));
    expect(diagnostics).toEqual([
      expect.objectContaining({
        ...at,
        code: 'lmdb-format',
        message: expect.stringMatching(/data.mdb: is not an LMDB/),
      }),
    ]);
  });
});

describe('data.lock.json', () => {
  it('has the same bytes for the same fingerprints, in any order', async () => {
    const a = { files: [{ name: 'a', size: 1, sha256: 'a'.repeat(64) }], records: 5 };
    const b = {
      files: [
        { name: 'y', size: 2, sha256: 'b'.repeat(64) },
        { name: 'x', size: 2, sha256: 'c'.repeat(64) },
      ],
    };
    await writeDataLock(lockFile(), { b, a });
    const text = readFileSync(lockFile(), 'utf8');
    expect(text.endsWith('}\n')).toBe(true);
    await writeDataLock(lockFile(), (await readDataLock(lockFile()))!);
    expect(readFileSync(lockFile(), 'utf8')).toBe(text);
    expect(await readDataLock(lockFile())).toEqual({ a, b: { files: [b.files[1], b.files[0]] } });
  });

  it('need not be there', async () => {
    expect(await readDataLock(lockFile())).toBeUndefined();
  });

  it.each([
    ['no JSON', '{', /is not a data lock/],
    ['other JSON', '[]', /no "sources"/],
    ['another version', '{"version": 2, "sources": {}}', /version is 2/],
    ['a bad entry', '{"version": 1, "sources": {"x": {"files": []}}}', /entry of 'x'/],
    [
      'a bad digest',
      '{"version": 1, "sources": {"x": {"files": [{"name": "a", "size": 1, "sha256": "A"}]}}}',
      /entry of 'x'/,
    ],
    [
      'a bad count',
      `{"version": 1, "sources": {"x": {"records": -1, "files": [{"name": "a", "size": 1, "sha256": "${'a'.repeat(64)}"}]}}}`,
      /'x'/,
    ],
  ])('is refused with %s', async (_, text, message) => {
    writeFileSync(lockFile(), text);
    const [diagnostic] = await diagnosticsOf(() => readDataLock(lockFile()));
    expect(diagnostic).toMatchObject({ code: 'data-lock', file: lockFile(), message: expect.stringMatching(message) });
  });
});
