import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { interleaved, planes } from './planes.ts';
import { type Interpolation, resizeImage } from './resize.ts';

interface Resized {
  size: [number, number];
  channels: number;
  newSize: [number, number];
  interpolation: Interpolation;
  pixels: string;
}

const { resized } = JSON.parse(readFileSync(join(__dirname, 'fixtures/opencv.json'), 'utf8')) as { resized: Resized[] };

/** As `noise` of tools/oracles/opencv-images.py. */
const noise = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7919 + Math.floor(i / 7) * 31) % 256);

it.each(resized.map((one) => [one.interpolation, one.size, one.newSize, one.channels, one.pixels] as const))(
  '%s, %s to %s, %d channels: the bytes of OpenCV',
  (interpolation, [height, width], [newHeight, newWidth], channels, pixels) => {
    const image = { channels, height, width, pixels: noise(height * width * channels) };
    const result = resizeImage(image, newHeight, newWidth, interpolation);
    expect([result.height, result.width, result.channels]).toEqual([newHeight, newWidth, channels]);
    expect(Buffer.from(result.pixels).toString('base64')).toBe(pixels);
  },
);

it('goes on as planes, and back', () => {
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6);
  expect([...planes({ channels: 3, height: 1, width: 2, pixels }).pixels]).toEqual([1, 4, 2, 5, 3, 6]);
  expect(interleaved(planes({ channels: 3, height: 1, width: 2, pixels })).pixels).toEqual(pixels);
  expect([...planes({ channels: 1, height: 3, width: 2, pixels }).pixels]).toEqual([...pixels]);
});
