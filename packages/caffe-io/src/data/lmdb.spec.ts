import { createHash } from 'node:crypto';
import {
  existsSync,
  ftruncateSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { countLmdbRecords, LmdbReader } from './lmdb.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const fixtures = join(__dirname, 'fixtures');
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as Record<
  string,
  { depth: number; records: [key: string, size: number, value: string][] }
>;
const readable = Object.keys(expected).filter((name) => name !== 'named');
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);
const folder = temporaryFolder();

function readAll(source: string): [string, number, string][] {
  const reader = new LmdbReader(source);
  try {
    return Array.from({ length: reader.recordCount }, (_, i) => {
      const { key, value } = reader.record(i);
      return [digest(key), value.length, digest(value)];
    });
  } finally {
    reader.close();
  }
}

describe('records are those that the reference implementation reads', () => {
  it.each(readable)('%s', (name) => {
    expect(readAll(join(fixtures, name))).toEqual(expected[name]!.records);
    expect(countLmdbRecords(join(fixtures, name))).toBe(expected[name]!.records.length);
  });

  it('the fixtures have a tree of three levels and values outside of the leaves', () => {
    expect(expected['deep']!.depth).toBe(3);
    expect(Math.max(...expected['sizes']!.records.map(([, size]) => size))).toBe(30000);
  });

  const real = join(__dirname, '../../../../../shared/data/lmdb');
  const cases: [path: string, records: number, digest: string][] = [
    ['SuJack1-CaffeStart/test_lmdb', 8, 'b90401aab23327ea'],
    ['jnulzl-miniCaffePython/test_lmdb', 380, 'a899483fc42af441'],
    ['wateryym-authorship/data/test_lmdb', 17, 'f813bd4c88e3c971'],
    ['wateryym-authorship/test_lmdb', 17, '42f010d56a39fccf'],
  ];
  (existsSync(real) ? it.each(cases) : it.skip.each(cases))(
    "Caffe's own %s (needs the data sets)",
    (path, records, sha) => {
      const reader = new LmdbReader(join(real, path));
      const hash = createHash('sha256');
      for (let i = 0; i < reader.recordCount; i++) hash.update(reader.record(i).key).update(reader.record(i).value);
      expect([reader.recordCount, hash.digest('hex').slice(0, 16)]).toEqual([records, sha]);
      reader.close();
    },
  );
});

describe('reading', () => {
  it('takes the folder or the data file', () => {
    const reader = new LmdbReader(join(fixtures, 'sizes', 'data.mdb'));
    expect(reader.recordCount).toBe(17);
    expect(reader.file).toBe(join(fixtures, 'sizes', 'data.mdb'));
    reader.close();
  });

  it('gives any record in any order', () => {
    const reader = new LmdbReader(join(fixtures, 'deep'));
    const records = expected['deep']!.records;
    const ordinal = fc.integer({ min: 0, max: records.length - 1 });
    fc.assert(fc.property(ordinal, (i) => expect(digest(reader.record(i).key)).toBe(records[i]![0])));
    expect(() => reader.record(-1)).toThrow(RangeError);
    expect(() => reader.record(records.length)).toThrow(RangeError);
    expect(() => reader.record(0.5)).toThrow(RangeError);
    reader.close();
  });

  it('leaves records as they were when later ones are read', () => {
    const reader = new LmdbReader(join(fixtures, 'rewritten'));
    const first = reader.record(0);
    const before = digest(first.value);
    for (let i = 0; i < reader.recordCount; i++) reader.record(i);
    expect(digest(first.value)).toBe(before);
    reader.close();
  });

  it('writes nothing, not even a lock file', () => {
    const before = readdirSync(join(fixtures, 'deep'));
    readAll(join(fixtures, 'deep'));
    expect(readdirSync(join(fixtures, 'deep'))).toEqual(before);
  });

  it('reaches pages beyond 4 GiB', () => {
    const page = 3_000_000;
    const bytes = readFileSync(join(fixtures, 'datums-uint8', 'data.mdb'));
    const root = Number(bytes.readBigUInt64LE(4096 + 128));
    const leaf = Buffer.from(bytes.subarray(root * 4096, root * 4096 + 4096));
    leaf.writeBigUInt64LE(BigInt(page), 0);
    const meta = Buffer.from(bytes.subarray(0, 8192));
    meta.writeBigUInt64LE(BigInt(page), 4096 + 128);
    meta.writeBigUInt64LE(BigInt(page), 4096 + 136);
    const file = join(folder.path, 'data.mdb');
    const fd = openSync(file, 'w');
    writeSync(fd, meta, 0, meta.length, 0);
    ftruncateSync(fd, (page + 1) * 4096);
    writeSync(fd, leaf, 0, leaf.length, page * 4096);
    closeSync(fd);
    expect(readAll(file)).toEqual(expected['datums-uint8']!.records);
  });
});

describe('what cannot be read is said in one diagnostic', () => {
  const good = readFileSync(join(fixtures, 'sizes', 'data.mdb'));
  const patched = (patch: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(good);
    patch(bytes);
    return bytes;
  };
  const both = (offset: number) => [offset, 4096 + offset];
  const root = Number(good.readBigUInt64LE(4096 + 128));
  const cases: [what: string, bytes: Buffer, code: string, message: RegExp][] = [
    ['an empty file', Buffer.alloc(0), 'lmdb-format', /not an LMDB/],
    ['a text file', Buffer.from('hello'.repeat(5000)), 'lmdb-format', /not an LMDB/],
    ['a Git LFS pointer', gitLfsPointer(), 'git-lfs-pointer', /Git LFS pointer/],
    [
      'another version',
      patched((b) => both(20).forEach((o) => b.writeUInt32LE(999, o))),
      'lmdb-format',
      /data version 999/,
    ],
    ['a 32-bit file', patched((b) => b.copy(b, 12, 16, 4000)), 'lmdb-format', /32-bit/],
    ['a big-endian file', patched((b) => b.writeUInt32BE(0xbeefc0de, 16)), 'lmdb-format', /big-endian/],
    ['a cut header', good.subarray(0, 100), 'lmdb-truncated', /truncated/],
    ['one page only', good.subarray(0, 4096), 'lmdb-truncated', /second meta page/],
    ['a missing leaf page', good.subarray(0, root * 4096), 'lmdb-truncated', /page \d+ lies beyond/],
    [
      'a missing overflow page',
      good.subarray(0, good.length - 4096),
      'lmdb-truncated',
      /overflow page \d+ lies beyond/,
    ],
    ['a wrong record count', patched((b) => b.writeBigUInt64LE(18n, 4096 + 120)), 'lmdb-corrupt', /17 records.*18/],
    ['a tree that is too deep', patched((b) => b.writeUInt16LE(1, 4096 + 94)), 'lmdb-corrupt', /should be a leaf/],
    [
      'a transaction that is not the next',
      patched((b) => b.writeBigUInt64LE(9n, 144)),
      'lmdb-corrupt',
      /do not follow/,
    ],
    ['a page size of 3', patched((b) => b.writeUInt32LE(3, 40)), 'lmdb-corrupt', /page size/],
  ];

  it.each(cases)('%s', async (_, bytes, code, message) => {
    const file = join(folder.path, 'data.mdb');
    writeFileSync(file, bytes);
    const diagnostics = await diagnosticsOf(() => readAll(folder.path));
    expect(diagnostics).toEqual([expect.objectContaining({ code, severity: 'error', file })]);
    expect(diagnostics[0]!.message).toMatch(message);
  });

  it.each([
    ['no folder', 'nowhere', 'data-unreadable', /no such file/],
    ['a folder without data', '.', 'data-unreadable', /no such file/],
    ['a name that no file can have', 'a\0b', 'data-unreadable', /cannot be read/],
  ])('%s', async (_, path, code, message) => {
    const [diagnostic] = await diagnosticsOf(() => new LmdbReader(`${folder.path}/${path}`));
    expect(diagnostic).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    ['duplicates', /DUPSORT/],
    ['named', /sub-databases/],
  ])('a database with %s', async (name, message) => {
    const [diagnostic] = await diagnosticsOf(() => new LmdbReader(join(fixtures, name)));
    expect(diagnostic).toMatchObject({ code: 'lmdb-format', message: expect.stringMatching(message) });
  });

  function gitLfsPointer(): Buffer {
    return Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`);
  }
});

describe('damaged files', () => {
  it('end in a diagnostic or in records, never in a crash or an endless walk', () => {
    const originals = readable.map((name) => readFileSync(join(fixtures, name, 'data.mdb')));
    const file = join(folder.path, 'data.mdb');
    // Half of the damage is done where it tells: in the metas and in the headers and offsets of pages.
    const place = fc.oneof(
      fc.nat(),
      fc.tuple(fc.nat(), fc.nat(63)).map(([page, byte]) => page * 4096 + byte),
    );
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 3, 4, 16, 255));
    const damage = fc.array(fc.tuple(place, byte), { minLength: 1, maxLength: 6 });
    let whole = 0;
    fc.assert(
      fc.property(fc.constantFrom(...originals), damage, fc.option(fc.nat(), { freq: 8 }), (original, changes, cut) => {
        const bytes = Buffer.from(original.subarray(0, cut === null ? undefined : cut % (original.length + 1)));
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        writeFileSync(file, bytes);
        try {
          readAll(file);
          whole++;
        } catch (error) {
          if (!(error instanceof DiagnosticsError)) throw error;
        }
      }),
      { numRuns: 400, seed: 7 },
    );
    expect(whole).toBeGreaterThan(20);
  });

  it('a branch page that points to itself does not go on for ever', async () => {
    const bytes = readFileSync(join(fixtures, 'deep', 'data.mdb'));
    const meta = bytes.readBigUInt64LE(4096 + 144) > bytes.readBigUInt64LE(144) ? 4096 : 0;
    const root = Number(bytes.readBigUInt64LE(meta + 128));
    bytes.writeUInt16LE(32, meta + 94);
    const nodes = (bytes.readUInt16LE(root * 4096 + 12) - 16) / 2;
    for (let i = 0; i < nodes; i++) {
      bytes.writeUInt32LE(root, root * 4096 + bytes.readUInt16LE(root * 4096 + 16 + 2 * i));
    }
    writeFileSync(join(folder.path, 'data.mdb'), bytes);
    const [diagnostic] = await diagnosticsOf(() => new LmdbReader(folder.path));
    expect(diagnostic!.message).toMatch(/has two uses in its tree/);
  });
});
