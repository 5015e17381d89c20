import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageError } from './image/image-error.ts';
import { resizeImage } from './image/resize.ts';
import { applyResize, type ResizeParam } from './resize-policy.ts';

interface Policy {
  size: [number, number];
  param: ResizeParam;
  newSize: [number, number];
  pixels: string;
}

const { policies } = JSON.parse(readFileSync(join(__dirname, 'image/fixtures/opencv.json'), 'utf8')) as {
  policies: Policy[];
};

/** As `noise` of tools/oracles/opencv-images.py. */
const noise = ([height, width]: readonly [number, number], channels = 3) => {
  const pixels = Uint8Array.from(
    { length: height * width * channels },
    (_, i) => (i * 7919 + Math.floor(i / 7) * 31) % 256,
  );
  return { channels, height, width, pixels };
};
const never = () => {
  throw new Error('nothing is drawn');
};

it.each(policies.map((one) => [one.size, one.param, one] as const))(
  '%s by %j: the bytes of OpenCV',
  (size, param, one) => {
    const result = applyResize(noise(size), param, never);
    expect([result.height, result.width]).toEqual(one.newSize);
    expect(Buffer.from(result.pixels).toString('base64')).toBe(one.pixels);
  },
);

it('draws one of several interpolations', () => {
  const image = noise([9, 7]);
  const param: ResizeParam = { height: 5, width: 4, interp_mode: ['NEAREST', 'CUBIC', 'AREA'] };
  const results = [0, 1, 2, 5].map((drawn) => applyResize(image, param, () => drawn));
  expect(results).toEqual(
    (['NEAREST', 'CUBIC', 'AREA', 'AREA'] as const).map((interpolation) => resizeImage(image, 5, 4, interpolation)),
  );
});

it.each<[string, number, readonly [number, number], ResizeParam, RegExp]>([
  [
    'nothing left of a long image',
    3,
    [1, 40],
    { height: 8, width: 8, resize_mode: 'FIT_LARGE_SIZE_AND_PAD' },
    /size 1x40, of which FIT_LARGE_SIZE_AND_PAD leaves nothing/,
  ],
  [
    'colours of another number',
    1,
    [4, 8],
    { height: 8, width: 8, resize_mode: 'FIT_LARGE_SIZE_AND_PAD', pad_value: [1, 2, 3] },
    /has 1 channels, but resize_param 3 pad_value/,
  ],
])('refuses %s', (_, channels, size, param, message) => {
  const resize = () => applyResize(noise(size, channels), param, never);
  expect(resize).toThrow(ImageError);
  expect(resize).toThrow(message);
});
