import type { Datum } from './datum.ts';
import { imageSteps, preparation, stepProblems } from './image-steps.ts';
import { ImageError } from './image/image-error.ts';
import { interleaved, planes } from './image/planes.ts';
import { resizeImage } from './image/resize.ts';
import type { TransformFields } from './transform-fields.ts';

const datum = (channels: number, height: number, width: number): Datum => ({
  channels,
  height,
  width,
  label: 3,
  pixels: Uint8Array.from({ length: channels * height * width }, (_, i) => (i * 7919) % 256),
});

const prepared = (param: TransformFields, record: Datum, position = 0): Datum =>
  preparation(imageSteps(param, param.cvt_bgr2rgb ?? false), 1)!(record, position);

/** The sizes that come out of a record at many positions. */
const sizes = (param: TransformFields, record: Datum) =>
  Array.from({ length: 60 }, (_, position) => prepared(param, record, position)).map(({ height, width }) => ({
    height,
    width,
  }));

it('does nothing where nothing is asked for', () => {
  expect(preparation(imageSteps({ crop_size: 3, allow_upscale: true, mirror: true }, false), 1)).toBeUndefined();
});

it('swaps colours, then resizes; labels stay', () => {
  const record = datum(3, 4, 6);
  const swapped = planes(interleaved({ ...record, pixels: record.pixels as Uint8Array }));
  const [blue, green, red] = [0, 1, 2].map((c) => swapped.pixels.subarray(24 * c, 24 * (c + 1)));
  expect(prepared({ cvt_bgr2rgb: true }, record)).toEqual({
    ...record,
    pixels: Uint8Array.of(...red!, ...green!, ...blue!),
  });
  const result = prepared({ cvt_bgr2rgb: true, resize_param: { height: 2, width: 3 } }, record);
  const image = interleaved({ ...record, pixels: Uint8Array.of(...red!, ...green!, ...blue!) });
  expect(result).toEqual({ ...planes(resizeImage(image, 2, 3)), label: 3 });
});

it('takes the first resize_param of a list', () => {
  const param = {
    resize_param: [
      { height: 2, width: 3 },
      { height: 5, width: 5 },
    ],
  };
  expect(prepared(param, datum(1, 4, 6))).toMatchObject({ height: 2, width: 3 });
});

describe('random_resize_param', () => {
  it('makes the shorter side as long as is drawn, every length between the bounds', () => {
    const drawn = sizes({ random_resize_param: { min_size: 5, max_size: 7 } }, datum(1, 10, 15));
    expect(new Set(drawn.map(({ height }) => height))).toEqual(new Set([5, 6, 7]));
    for (const { height, width } of drawn) expect(width).toBe(Math.trunc(height * 1.5));
  });

  it('goes from the shorter side to the longer one without bounds', () => {
    const drawn = sizes({ random_resize_param: {} }, datum(1, 13, 10));
    expect(new Set(drawn.map(({ width }) => width))).toEqual(new Set([10, 11, 12, 13]));
  });

  it('draws nothing between equal bounds', () => {
    const record = datum(3, 10, 15);
    const image = interleaved({ ...record, pixels: record.pixels as Uint8Array });
    const param: TransformFields = {
      random_resize_param: { min_size: 6, max_size: 6, resize_param: { interp_mode: ['CUBIC'] } },
    };
    expect(prepared(param, record)).toEqual({ ...planes(resizeImage(image, 6, 9, 'CUBIC')), label: 3 });
  });
});

describe('random_aspect_ratio_param', () => {
  it('cuts out parts of the image and makes them squares', () => {
    const param: TransformFields = {
      crop_size: 4,
      random_aspect_ratio_param: { min_area_ratio: 0.1, aspect_ratio_change: 0.75 },
    };
    expect(new Set(sizes(param, datum(1, 12, 12)).map((size) => JSON.stringify(size)))).toEqual(
      new Set(['{"height":4,"width":4}']),
    );
    const results = [0, 1, 2, 3].map((position) => String(prepared(param, datum(1, 12, 12), position).pixels));
    expect(new Set(results).size).toBe(4);
  });

  it('resizes the whole image where no attempt is left', () => {
    const param: TransformFields = { crop_size: 4, random_aspect_ratio_param: { max_attempt: 0 } };
    expect(prepared(param, datum(1, 12, 18))).toMatchObject({ height: 4, width: 6 });
  });
});

describe('img_rand_resize and stretches', () => {
  const record = datum(1, 20, 30);

  it('makes the shorter side as long as is drawn', () => {
    const param: TransformFields = { crop_size: 4, img_rand_resize_lower: 8, img_rand_resize_upper: 10 };
    const drawn = sizes(param, record);
    expect(new Set(drawn.map(({ height, width }) => `${height}x${width}`))).toEqual(new Set(['8x12', '9x14', '10x15']));
  });

  it('enlarges nothing unless that is allowed', () => {
    const param: TransformFields = { crop_size: 4, img_rand_resize_lower: 40, img_rand_resize_upper: 40 };
    expect(prepared(param, record)).toMatchObject({ height: 20, width: 30 });
    expect(prepared({ ...param, allow_upscale: true }, record)).toMatchObject({ height: 40, width: 60 });
  });

  it('stretches height and width apart, down to the crop', () => {
    const vertical: TransformFields = { crop_size: 12, vertical_stretch_lower: 0.5, vertical_stretch_upper: 0.8 };
    for (const { height, width } of sizes(vertical, record)) {
      expect(height).toBeGreaterThanOrEqual(12);
      expect(height).toBeLessThanOrEqual(16);
      expect(width).toBe(30);
    }
    expect(Math.min(...sizes(vertical, record).map(({ height }) => height))).toBe(12);
    const horizontal: TransformFields = { crop_size: 4, horizontal_stretch_lower: 0.5, horizontal_stretch_upper: 0.5 };
    expect(prepared(horizontal, record)).toMatchObject({ height: 20, width: 15 });
  });

  it('sets the proportions', () => {
    const param: TransformFields = { crop_size: 4, rand_resize_ratio_lower: 1.2, rand_resize_ratio_upper: 1.201 };
    expect(prepared(param, record)).toMatchObject({ height: 20, width: 24 });
    expect(prepared(param, datum(1, 30, 20))).toMatchObject({ height: 24, width: 20 });
  });

  it('interpolates as is said for larger and for smaller images', () => {
    const smaller: TransformFields = { crop_size: 4, img_rand_resize_lower: 10, img_rand_resize_upper: 10 };
    const larger: TransformFields = {
      ...smaller,
      img_rand_resize_lower: 40,
      img_rand_resize_upper: 40,
      allow_upscale: true,
    };
    const image = { ...record, pixels: record.pixels as Uint8Array };
    expect(prepared(smaller, record).pixels).toEqual(resizeImage(image, 10, 15, 'NEAREST').pixels);
    expect(prepared({ ...smaller, interpolation_algo_down: 'INTER_AREA' }, record).pixels).toEqual(
      resizeImage(image, 10, 15, 'AREA').pixels,
    );
    expect(prepared(larger, record).pixels).toEqual(resizeImage(image, 40, 60, 'CUBIC').pixels);
    expect(prepared({ ...larger, interpolation_algo_up: 'INTER_LINEAR' }, record).pixels).toEqual(
      resizeImage(image, 40, 60, 'LINEAR').pixels,
    );
  });
});

it.each<[string, TransformFields, Datum, RegExp]>([
  [
    'float32 pixels',
    { resize_param: { height: 2, width: 2 } },
    { ...datum(1, 2, 2), pixels: new Float32Array(4) },
    /float32 pixels/,
  ],
  ['gray, whose colours would be swapped', { cvt_bgr2rgb: true }, datum(1, 2, 2), /has 1 channels/],
])('refuses a record with %s', (_, param, record, message) => {
  expect(() => prepared(param, record)).toThrow(ImageError);
  expect(() => prepared(param, record)).toThrow(message);
});

it.each<[TransformFields, RegExp]>([
  [{ resize_param: { height: 2 } }, /resize_param has height 2 and width 0; give both/],
  [{ random_resize_param: { min_size: 3, max_size: 2 }, crop_size: 1 }, /min_size 3, more than its max_size 2/],
  [{ random_resize_param: { min_size: 3 } }, /random_resize_param, which need a crop_size/],
  [{ random_aspect_ratio_param: { min_area_ratio: 0.9, max_area_ratio: 0.8 }, crop_size: 1 }, /min_area_ratio 0.9/],
  [{ random_aspect_ratio_param: { aspect_ratio_change: 1.5 }, crop_size: 1 }, /aspect_ratio_change 1.5/],
  [{ img_rand_resize_lower: 3, crop_size: 1 }, /img_rand_resize_lower 3 and img_rand_resize_upper 0/],
  [{ rand_resize_ratio_lower: 0.5, rand_resize_ratio_upper: 2, crop_size: 1 }, /rand_resize_ratio_lower 0.5/],
  [{ vertical_stretch_lower: -1, crop_size: 1 }, /vertical_stretch_lower and vertical_stretch_upper are above 0/],
  [
    { resize_param: { height: 2, width: 2 }, random_resize_param: {}, crop_size: 1 },
    /random_resize_param and resize_param, and no fork uses all of them/,
  ],
])('%j is refused before anything is read', (param, message) => {
  expect(stepProblems(param)).toEqual([expect.stringMatching(message)]);
});
