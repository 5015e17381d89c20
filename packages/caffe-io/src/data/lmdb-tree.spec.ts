import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkLmdb } from './lmdb.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
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

function swapLeaves(bytes: Buffer): void {
  bytes.writeUInt16LE(5, nodeAt(4, 1));
  bytes.writeUInt16LE(3, nodeAt(4, 2));
}

function sharedPages(bytes: Buffer): void {
  bytes.writeBigUInt64LE(BigInt(overflowOf(big)), otherBig + 8 + whole.readUInt16LE(otherBig + 6));
}
