import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkLevelDb } from './check-leveldb.ts';
import { crc32c, maskedCrc32c } from './crc32c.ts';
import { checkLog, readLogRecords } from './leveldb-log.ts';
import { readManifest } from './leveldb-manifest.ts';
import { checkTable } from './leveldb-table.ts';
import { unpackSnappy } from './snappy.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { writeLevelDb } from './testing/write-leveldb.ts';

const folder = temporaryFolder();
const source = () => join(folder.path, 'set');
const nameOf = (kind: string) => readdirSync(source()).find((name) => name.includes(kind))!;
const bytesOf = (kind: string) => readFileSync(join(source(), nameOf(kind)));
const key = (i: number) => String(i).padStart(8, '0');
const noise = (i: number) => Uint8Array.from({ length: 3000 }, (_, k) => (((i * 3000 + k) * 2654435761) >>> 13) & 255);

/** Writes records one by one, so that a log has a batch of each. */
async function writeEach(from: number, to: number): Promise<void> {
  const records = Array.from({ length: to - from }, (_, i) => [key(from + i), noise(from + i)] as const);
  for (const record of records.slice(0, -1)) await writeLevelDb(source(), [record], { compacted: true });
  await writeLevelDb(source(), records.slice(-1), { compacted: false });
}

/** A part of a record in log format. */
function part(type: number, content: Uint8Array): Buffer {
  const bytes = Buffer.alloc(7 + content.length);
  bytes.writeUInt16LE(content.length, 4);
  bytes[6] = type;
  bytes.set(content, 7);
  bytes.writeUInt32LE(maskedCrc32c(crc32c(bytes, 6)), 0);
  return bytes;
}

/** A batch of entries. */
function batch(sequence: number, count: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64LE(BigInt(sequence));
  bytes.writeUInt32LE(count, 8);
  return bytes;
}

describe('a log', () => {
  it('of the library itself is whole', async () => {
    await writeLevelDb(
      source(),
      Array.from({ length: 40 }, (_, i) => [key(i), noise(i)] as const),
      { compacted: false },
    );
    const log = bytesOf('.log');
    // 120 kB: one record over four blocks.
    expect(log.length).toBeGreaterThan(3 * 32768);
    expect(readLogRecords(log).records).toHaveLength(1);
    expect(() => checkLog(log)).not.toThrow();
  });

  const [one, two] = [part(1, batch(1, 2)), part(1, batch(3, 1))];
  it.each<[string, Buffer, RegExp]>([
    [
      'cut in a record',
      Buffer.concat([one, two.subarray(0, 15)]),
      /last record, from byte 19 on, is cut off .*34 bytes/,
    ],
    ['cut in a header', Buffer.concat([one, two.subarray(0, 5)]), /last record, from byte 19 on, is cut off/],
    ['cut after a part of a record', Buffer.concat([one, part(2, batch(3, 1))]), /from byte 19 on, is cut off/],
    ['that ends in zeros', Buffer.concat([one, Buffer.alloc(50)]), /from byte 19 on it has zeros only/],
    ['with zeros between', Buffer.concat([one, Buffer.alloc(19), two]), /checksum of the record at byte 19 /],
    ['with another bit', changed(one, 18), /checksum of the record at byte 0 \(12 bytes\) does not match/],
    ['with another type', changed(one, 6), /checksum of the record at byte 0/],
    ['with a length beyond its block', changed(one, 5, 0x80), /length of the record at byte 0 is wrong/],
    ['without the first part of a record', part(4, batch(1, 1)), /part of a record is missing before byte 0/],
    ['without a record between', Buffer.concat([one, part(1, batch(4, 1))]), /missing before record 1: .* 4, not 3/],
    ['of a record that is no batch', part(1, Buffer.from('abc')), /record 0 has 3 bytes/],
  ])('is refused: %s', (_, bytes, message) => {
    expect(() => checkLog(bytes)).toThrow(message);
  });
});

describe('a manifest', () => {
  it('tells the tables that count and their sizes', async () => {
    await writeEach(0, 6);
    const { tables, logNumber } = readManifest(bytesOf('MANIFEST'));
    const found = readdirSync(source()).filter((name) => name.endsWith('.ldb'));
    expect([...tables.keys()].map((number) => `${String(number).padStart(6, '0')}.ldb`).sort()).toEqual(found.sort());
    expect(`${String(logNumber).padStart(6, '0')}.log`).toBe(nameOf('.log'));
  });

  it('may end in zeros: a LevelDB of before 1.20 that was killed leaves them', async () => {
    await writeEach(0, 2);
    writeFileSync(join(source(), nameOf('MANIFEST')), Buffer.concat([bytesOf('MANIFEST'), Buffer.alloc(5000)]));
    await checkLevelDb(source());
  });

  it('is refused with a tag that is not known', () => {
    expect(() => readManifest(part(1, Uint8Array.of(77)))).toThrow(/record 0 is no change of tables: the tag 77/);
  });
});

describe('a table', () => {
  it('is refused with any bit of its blocks, index or places changed', async () => {
    await writeLevelDb(
      source(),
      Array.from({ length: 300 }, (_, i) => [key(i), noise(i)] as const),
    );
    const table = bytesOf('.ldb');
    checkTable(table);
    for (let at = 0; at < table.length; at += 997) expect(() => checkTable(changed(table, at))).toThrow(/byte \d+/);
    // All that the footer has but what fills it up.
    for (const at of [0, 1, 2, 3, 40, 47]) expect(() => checkTable(changed(table, table.length - 48 + at))).toThrow();
    expect(() => checkTable(table.subarray(0, 20))).toThrow(/does not end as a table does/);
  });
});

it('a damaged file is named with what to do; one that no longer counts is not looked at', async () => {
  await writeEach(0, 4);
  writeFileSync(join(source(), '000001.ldb'), 'left behind');
  writeFileSync(join(source(), '000001.log'), 'left behind');
  await checkLevelDb(source());
  const table = join(
    source(),
    readdirSync(source()).find((name) => name.endsWith('.ldb') && name !== '000001.ldb')!,
  );
  writeFileSync(table, changed(readFileSync(table), 30));
  expect(await diagnosticsOf(() => checkLevelDb(source()))).toEqual([
    {
      code: 'leveldb-corrupt',
      severity: 'error',
      file: table,
      message: expect.stringMatching(/^the checksum of the block at byte 0 \(\d+ bytes\) does not match$/),
      hint: expect.stringContaining('convert_imageset'),
    },
  ]);
});

describe('a block that Snappy packed', () => {
  it.each<[string, number[], string]>([
    ['nothing', [0], ''],
    ['a literal', [3, 2 << 2, 97, 98, 99], 'abc'],
    ['a literal with its length behind', [65, 60 << 2, 64, ...Array<number>(65).fill(120)], 'x'.repeat(65)],
    ['a copy of one byte more of place', [8, 2 << 2, 97, 98, 99, (1 << 2) | 1, 3], 'abcabcab'],
    ['a copy of two bytes of place', [6, 2 << 2, 97, 98, 99, (2 << 2) | 2, 3, 0], 'abcabc'],
    ['a copy of four bytes of place', [6, 2 << 2, 97, 98, 99, (2 << 2) | 3, 3, 0, 0, 0], 'abcabc'],
    ['a copy into what it writes', [7, 0, 97, (5 << 2) | 2, 1, 0], 'aaaaaaa'],
  ])('is unpacked: %s', (_, packed, text) => {
    expect(Buffer.from(unpackSnappy(Uint8Array.from(packed))).toString()).toBe(text);
  });

  it.each<[string, number[], RegExp]>([
    ['a literal that is cut off', [3, 2 << 2, 97], /cut off/],
    ['more than it says', [2, 2 << 2, 97, 98, 99], /longer/],
    ['less than it says', [4, 2 << 2, 97, 98, 99], /shorter/],
    ['a copy from before the start', [6, 2 << 2, 97, 98, 99, (2 << 2) | 2, 4, 0], /copy/],
    ['a length that cannot be', [255, 255, 255, 255, 15], /length/],
  ])('is refused: %s', (_, packed, message) => {
    expect(() => unpackSnappy(Uint8Array.from(packed))).toThrow(message);
  });
});

function changed(bytes: Buffer, at: number, bits = 1): Buffer {
  const other = Buffer.from(bytes);
  other[at]! ^= bits;
  return other;
}
