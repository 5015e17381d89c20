import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { checkLmdb, LmdbReader } from './lmdb.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
/** Of each fixture; the table in docs/data.md is of CAFFE_QUANT_FLIPS=200. */
const TRIALS = Number(process.env['CAFFE_QUANT_FLIPS'] ?? 100);
const PAGE = 4096;
/** A branch page, 4, over the leaves 2, 3 and 5, with small values and large ones; its second meta page counts. */
const whole = readFileSync(join(__dirname, 'fixtures', 'sizes', 'data.mdb'));
const nodeAt = (page: number, index: number) => PAGE * page + whole.readUInt16LE(PAGE * page + 16 + 2 * index);
/** The nodes of all leaves. */
const nodes = [2, 3, 5].flatMap((page) => {
  const count = (whole.readUInt16LE(PAGE * page + 12) - 16) / 2;
  return Array.from({ length: count }, (_, i) => nodeAt(page, i));
});
const isBig = (at: number) => (whole.readUInt16LE(at + 4) & 1) === 1;
const small = nodes.find((at) => !isBig(at) && whole.readUInt16LE(at) >= 2)!;
const [big, otherBig] = nodes.filter(isBig) as [number, number];
const overflowOf = (at: number) => Number(whole.readBigUInt64LE(at + 8 + whole.readUInt16LE(at + 6)));

it.each<[string, (bytes: Buffer) => unknown, RegExp]>([
  ['a branch to a page that another has', (b) => b.writeUInt16LE(2, nodeAt(4, 1)), /page 2 \(byte 8192\) has two uses/],
  ['a branch to a page beyond the last', (b) => b.writeUInt16LE(28, nodeAt(4, 1)), /page 28 of its tree lies outside/],
  ['a branch to a meta page', (b) => b.writeUInt16LE(1, nodeAt(4, 1)), /page 1 of its tree lies outside/],
  ['leaves in another order', swapLeaves, /the keys of page \d+ \(byte \d+\) are not in order/],
  [
    'a key that its branch did not promise',
    (b) => (b[nodeAt(4, 1) + 15] = 0x39),
    /the keys of page 3 .* are not in order/,
  ],
  ['a key twice', (b) => (b[nodeAt(2, 1) + 15] = b[nodeAt(2, 0) + 15]!), /the keys of page 2 .* are not in order/],
  [
    'a flag that no record has',
    (b) => b.writeUInt16LE(8, small + 4),
    /node \d+ of page \d+ \(byte \d+\) has the flags 8/,
  ],
  [
    'a value that is shorter',
    (b) => b.writeUInt16LE(b.readUInt16LE(small) - 2, small),
    /nodes of page \d+ .* do not fill/,
  ],
  ['a value that needs more pages', (b) => b.writeUInt16LE(1, big + 2), /overflow page|two uses|lies outside/],
  ['two values on the same pages', sharedPages, /has two uses/],
  ['a count of overflow pages', (b) => b.writeUInt16LE(23, PAGE + 112), /22 overflow pages, but its meta page says 23/],
  ['a count of leaves', (b) => b.writeUInt16LE(4, PAGE + 104), /1 branch and 3 leaf pages, .* says 1 and 4/],
  ['a count of branches', (b) => b.writeUInt16LE(0, PAGE + 96), /1 branch and 3 leaf pages, .* says 0 and 3/],
  [
    'a transaction before the one before it',
    (b) => b.writeUInt8(64, 144),
    /transactions 64 and 1, which do not follow/,
  ],
])('finds %s', async (_, damage, message) => {
  const file = join(folder.path, 'data.mdb');
  writeFileSync(file, whole);
  checkLmdb(file);
  const bytes = Buffer.from(whole);
  damage(bytes);
  writeFileSync(file, bytes);
  const diagnostics = await diagnosticsOf(() => checkLmdb(file));
  expect(diagnostics).toEqual([expect.objectContaining({ file, message: expect.stringMatching(message) })]);
  expect(diagnostics[0]!.hint).toMatch(/copy the file again/);
});

it.each(['sizes', 'deep', 'rewritten'])('finds any wrong bit of pages and nodes: %s', async (name) => {
  const file = join(folder.path, 'data.mdb');
  const bytes = readFileSync(join(__dirname, 'fixtures', name, 'data.mdb'));
  writeFileSync(file, bytes);
  const content = contentOf(file);
  const places = structureOf(bytes);
  const found = { refused: 0, same: 0, silent: [] as number[] };
  for (let trial = 0; trial < TRIALS; trial++) {
    // Places and bits all over, the same in every run.
    const at = places[(trial * 7919) % places.length]!;
    const bit = 1 << (trial % 8);
    bytes[at]! ^= bit;
    writeFileSync(file, bytes);
    bytes[at]! ^= bit;
    try {
      if (contentOf(file) === content) found.same++;
      else found.silent.push(at);
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      found.refused++;
    }
  }
  if (process.env['CAFFE_QUANT_FLIPS']) process.stdout.write(`LMDB, structure, ${name}: ${JSON.stringify(found)}\n`);
  expect(found.silent).toEqual([]);
  expect(found.refused).toBeGreaterThan(TRIALS / 2);
});

function contentOf(file: string): string {
  const reader = new LmdbReader(file);
  try {
    const hash = createHash('sha256');
    for (let i = 0; i < reader.recordCount; i++) hash.update(reader.record(i).key).update(reader.record(i).value);
    return hash.digest('hex');
  } finally {
    reader.close();
  }
}

/** The bytes of the tree's page headers, offsets and node headers, and of what the newest meta page says of it. */
function structureOf(bytes: Buffer): number[] {
  const meta = bytes.readBigUInt64LE(PAGE + 144) > bytes.readBigUInt64LE(144) ? PAGE : 0;
  const range = (from: number, length: number) => Array.from({ length }, (_, i) => from + i);
  const places = range(meta + 92, 60);
  const waiting = [Number(bytes.readBigUInt64LE(meta + 128))];
  for (let page = waiting.pop(); page !== undefined; page = waiting.pop()) {
    const start = page * PAGE;
    const lower = bytes.readUInt16LE(start + 12);
    places.push(...range(start, lower));
    for (let at = start + 16; at < start + lower; at += 2) {
      const node = start + bytes.readUInt16LE(at);
      const isBranch = (bytes.readUInt16LE(start + 10) & 1) === 1;
      if (isBranch) waiting.push(bytes.readUInt32LE(node));
      // Nodes and overflow pages leave room behind a value: LMDB cannot tell a size that stays in it, the Datum can.
      places.push(...(isBranch ? [0, 1, 2, 3] : [2, 3]).map((i) => node + i), node + 4, node + 5, node + 7);
    }
  }
  return places;
}

function swapLeaves(bytes: Buffer): void {
  bytes.writeUInt16LE(5, nodeAt(4, 1));
  bytes.writeUInt16LE(3, nodeAt(4, 2));
}

function sharedPages(bytes: Buffer): void {
  bytes.writeBigUInt64LE(BigInt(overflowOf(big)), otherBig + 8 + whole.readUInt16LE(otherBig + 6));
}
