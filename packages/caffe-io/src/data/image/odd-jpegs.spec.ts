import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeImage } from './decode-image.ts';

/** What is odd in a JPEG without a pixel being lost hides no damage behind it. */
const fixtures = join(__dirname, 'fixtures');
const jpegs = readdirSync(fixtures)
  .filter((name) => name.endsWith('.jpg'))
  .map((name) => [name, readFileSync(join(fixtures, name))] as const);

/** The place of a byte behind a marker's length; undefined where the file has no such segment. */
function placeOf(bytes: Buffer, marker: number, text: string, offset: number): number | undefined {
  const at = bytes.indexOf(Buffer.concat([Buffer.of(0xff, marker), Buffer.alloc(0)]));
  return at >= 0 && bytes.subarray(at + 4, at + 4 + text.length).toString('latin1') === text
    ? at + 4 + offset
    : undefined;
}

const ODDITIES = [
  ['a JFIF of revision 7', (bytes: Buffer) => placeOf(bytes, 0xe0, 'JFIF', 5), 7],
  ['an unknown transformation of Adobe', (bytes: Buffer) => placeOf(bytes, 0xee, 'Adobe', 11), 5],
  [
    'a scan of half of the coefficients',
    (bytes: Buffer) => (isSequential(bytes) ? endOfScanHeader(bytes) - 2 : undefined),
    31,
  ],
] as const;

const isSequential = (bytes: Buffer): boolean =>
  bytes.includes(Buffer.of(0xff, 0xc0)) && !bytes.includes(Buffer.of(0xff, 0xc2));

function endOfScanHeader(bytes: Buffer): number {
  const at = bytes.indexOf(Buffer.of(0xff, 0xda));
  return at + 2 + bytes.readUInt16BE(at + 2);
}

/** The first place among the pixels at which a wrong byte is found to be damage. */
async function damaged(bytes: Buffer): Promise<Buffer | undefined> {
  for (let at = endOfScanHeader(bytes) + 20; at < bytes.length - 20; at += 7) {
    const copy = Buffer.from(bytes);
    copy[at]! ^= 0x55;
    if (
      await decodeImage(copy, 'color').then(
        () => false,
        () => true,
      )
    )
      return copy;
  }
  return undefined;
}

test.each(ODDITIES)('%s is read, and damage behind it is found', async (_, find, value) => {
  let tried = 0;
  for (const [name, whole] of jpegs) {
    const at = find(whole);
    if (at === undefined) continue;
    const odd = (bytes: Buffer): Buffer => {
      const copy = Buffer.from(bytes);
      copy[at] = value;
      return copy;
    };
    const [before, after] = [await decodeImage(whole, 'color'), await decodeImage(odd(whole), 'color')];
    // Where Adobe had said that there is no transformation, the unknown one is another.
    if (whole[at] !== 0 || value !== 5)
      expect([name, Buffer.from(after.pixels).equals(before.pixels)]).toEqual([name, true]);
    const broken = await damaged(whole);
    if (!broken) continue;
    await expect(decodeImage(odd(broken), 'color')).rejects.toThrow(/cannot be decoded/);
    tried++;
  }
  expect(tried).toBeGreaterThan(0);
});
