import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { decodeImage } from './decode-image.ts';
import type { ColorMode } from './color-mode.ts';
import { ImageError } from './image-error.ts';

const fixtures = join(__dirname, 'fixtures');
const { decoded } = JSON.parse(readFileSync(join(fixtures, 'opencv.json'), 'utf8')) as {
  decoded: Record<string, Partial<Record<ColorMode, { shape: [number, number, number]; pixels: string }>>>;
};
const bytesOf = (name: string) => readFileSync(join(fixtures, name));
/** Where OpenCV computes gray in 16 bits and drops the lower ones. */
const TOLERANCES: Record<string, number> = { 'c16.png gray': 1 };

const cases = Object.entries(decoded).flatMap(([name, modes]) =>
  Object.entries(modes).map(([mode, expected]) => [`${name} ${mode}`, name, mode as ColorMode, expected] as const),
);

it.each(cases)('%s is what OpenCV decodes', async (title, name, mode, { shape, pixels }) => {
  const image = await decodeImage(bytesOf(name), mode);
  expect([image.height, image.width, image.channels]).toEqual(shape);
  const expected = Buffer.from(pixels, 'base64');
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - image.pixels[i]!)), 0);
  expect(image.pixels.length).toBe(expected.length);
  expect(worst).toBeLessThanOrEqual(TOLERANCES[title] ?? 0);
});

it('decodes the same in any number of decodings at once', async () => {
  const bytes = bytesOf('c420.jpg');
  const images = await Promise.all(Array.from({ length: 40 }, () => decodeImage(bytes, 'color')));
  for (const { pixels } of images) expect(Buffer.from(pixels).equals(Buffer.from(images[0]!.pixels))).toBe(true);
});

it('leaves a colour profile aside, as OpenCV does', async () => {
  const plain = await sharp(bytesOf('c.png')).png().toBuffer();
  const tagged = await sharp(bytesOf('c.png')).withIccProfile('p3', { attach: true }).png().toBuffer();
  expect(tagged.length).toBeGreaterThan(plain.length);
  const stored = await sharp(tagged, { ignoreIcc: true }).raw().toBuffer();
  const { pixels } = await decodeImage(tagged, 'color');
  expect([pixels[2], pixels[1], pixels[0]]).toEqual([...stored.subarray(0, 3)]);
});

/** One bit of a chunk's data is another. */
function changed(name: string, chunk: string, offset: number): Uint8Array {
  const bytes = Buffer.from(bytesOf(name));
  bytes[bytes.indexOf(chunk) + offset]! ^= 1;
  return bytes;
}

function bmp(change: (bytes: Buffer) => unknown): Uint8Array {
  const bytes = Buffer.from(bytesOf('c.bmp'));
  change(bytes);
  return bytes;
}

/** libjpeg warns of what comes of it, and goes on. */
function flippedJpeg(name: string, offset: number, bit: number): Uint8Array {
  const bytes = Buffer.from(bytesOf(name));
  bytes[bytes.indexOf(Buffer.from([0xff, 0xda])) + offset]! ^= 1 << bit;
  return bytes;
}

const cut = (name: string, share: number) => bytesOf(name).subarray(0, Math.floor(bytesOf(name).length * share));

it.each<[string, () => Uint8Array, RegExp]>([
  ['nothing', () => new Uint8Array(0), /is empty/],
  ['text', () => Buffer.from('no image'), /is not a JPEG, PNG or BMP/],
  ['a GIF', () => Buffer.from('GIF89a'), /is not a JPEG, PNG or BMP/],
  ['a JPEG without its end', () => cut('c420.jpg', 0.8), /cannot be decoded/],
  ['a JPEG without a frame', () => bytesOf('c420.jpg').subarray(0, 20), /without a frame/],
  ['a PNG without its end', () => cut('c.png', 0.6), /cut off/],
  ['a PNG without its header', () => cut('c.png', 0.02), /cut off/],
  ['a BMP without its end', () => cut('c.bmp', 0.9), /cut off/],
  ['a PNG with a damaged chunk', () => changed('gamma.png', 'gAMA', 5), /checksum of the chunk 'gAMA' at byte 33/],
  [
    'a PNG with damaged pixels',
    () => changed('c.png', 'IDAT', 40),
    /checksum of the chunk 'IDAT' at byte \d+ does not/,
  ],
  ['a BMP that says it is longer', () => bmp((b) => b.writeUInt32LE(b.length + 1, 2)), /bytes that says it has \d+/],
  ['a BMP of fewer rows', () => bmp((b) => b.writeInt32LE(b.readInt32LE(22) - 1, 22)), /contradicts itself/],
  ['a BMP that begins later', () => bmp((b) => b.writeUInt32LE(20, 10)), /begin at byte 20, in its header/],
  ['a BMP of two planes', () => bmp((b) => b.writeUInt16LE(2, 26)), /2 planes/],
  ['a JPEG with a code that is in no table', () => flippedJpeg('g.jpg', 65, 3), /bad Huffman code/],
  ['a JPEG with fewer blocks than it has', () => flippedJpeg('c420.jpg', 42, 7), /premature end of data segment/],
  ['16 bits, unchanged', () => bytesOf('c16.png'), /16 bits a channel/],
])('refuses %s', async (_, bytes, message) => {
  const decoding = decodeImage(bytes(), 'unchanged');
  await expect(decoding).rejects.toThrow(ImageError);
  await expect(decoding).rejects.toThrow(message);
});

const photos = join(process.cwd(), '../shared/data/bvlc-images');
const real = existsSync(photos);
if (!real) console.warn('Caffe’s example photos are not beside the repository: they are not decoded');

// Sums of OpenCV 4.6.0's imread, blue, green, red, and of its grayscale.
(real ? it : it.skip).each([
  ['cat.jpg', [360, 480], [14801448, 23500496, 21732009], 21981978],
  ['cat_gray.jpg', [360, 480], [21732064, 21732064, 21732064], 21732064],
  ['fish-bike.jpg', [323, 481], [25838123, 27102444, 27793916], 27150985],
] as const)('the photo %s', async (name, size, color, gray) => {
  const bytes = readFileSync(join(photos, name));
  const image = await decodeImage(bytes, 'color');
  expect([image.height, image.width]).toEqual(size);
  const sums = [0, 0, 0];
  image.pixels.forEach((value, i) => (sums[i % 3]! += value));
  expect(sums).toEqual(color);
  const { pixels } = await decodeImage(bytes, 'gray');
  expect(pixels.reduce((a, b) => a + b, 0)).toBe(gray);
});
