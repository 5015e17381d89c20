import fc from 'fast-check';
import type { MeanImage } from './mean-file.ts';
import { DataTransformer, transformProblems } from './transform.ts';
import type { RecordShape, TransformSettings } from './transform.ts';

const plain: TransformSettings = { phase: 'TEST', scale: 1, mirror: false, crop: [0, 0], meanValues: [], seed: 1 };

function transform(
  settings: TransformSettings,
  shape: RecordShape,
  pixels: Uint8Array | Float32Array,
  position = 0,
): number[] {
  expect(transformProblems(settings, shape)).toEqual([]);
  const transformer = new DataTransformer(settings, shape);
  const [channels, height, width] = transformer.outputShape;
  const output = new Float32Array(channels * height * width);
  transformer.transform(pixels, position, output, 0);
  return [...output];
}

function meanImage([channels, height, width]: RecordShape, value: (i: number) => number): MeanImage {
  return {
    channels,
    height,
    width,
    data: Float32Array.from({ length: channels * height * width }, (_, i) => value(i)),
  };
}

describe('one pixel, in float32', () => {
  const fround = Math.fround;
  it.each([
    ['as it is', {}, 200, 200],
    ['scale 1/256', { scale: 0.00390625 }, 255, 0.99609375],
    ['scale 0.017, rounded', { scale: 0.017 }, 255, fround(255 * fround(0.017))],
    ['mean_value', { meanValues: [104] }, 7, -97],
    [
      'mean_value rounded before and after the difference',
      { meanValues: [104.00698793] },
      7,
      fround(7 - fround(104.00698793)),
    ],
    [
      'mean_value and scale, rounded in between',
      { meanValues: [103.94], scale: 0.017 },
      7,
      fround(fround(7 - fround(103.94)) * fround(0.017)),
    ],
    ['mean image', { meanImage: meanImage([1, 1, 1], () => 103.94) }, 7, fround(7 - fround(103.94))],
  ])('%s', (_, settings, pixel, expected) => {
    const all = { ...plain, ...settings };
    expect(transform(all, [1, 1, 1], Uint8Array.of(pixel))).toEqual([expected]);
    expect(transform(all, [1, 1, 1], Float32Array.of(pixel))).toEqual([expected]);
  });

  it('every uint8 value comes out as its float does', () => {
    const settings = { ...plain, scale: 0.0078125 / 3, meanValues: [127.5, 1 / 3] };
    const bytes = Uint8Array.from({ length: 512 }, (_, i) => i);
    expect(transform(settings, [2, 1, 256], bytes)).toEqual(transform(settings, [2, 1, 256], Float32Array.from(bytes)));
  });
});

describe('places', () => {
  const pixels = Uint8Array.from({ length: 30 }, (_, i) => i);

  it.each([
    ['crop in TEST: the middle', [1, 5, 6], 3, [7, 8, 9, 13, 14, 15, 19, 20, 21]],
    ['crop of an odd rest: rounded down', [1, 5, 6], 2, [8, 9, 14, 15]],
    ['crop of the whole height', [1, 5, 6], 5, [...Array(5)].flatMap((_, h) => [0, 1, 2, 3, 4].map((w) => 6 * h + w))],
    ['crop of each channel', [3, 2, 5], 1, [2, 12, 22]],
  ])('%s', (_, shape, crop, expected) => {
    expect(transform({ ...plain, crop: [crop, crop] }, shape as unknown as RecordShape, pixels)).toEqual(expected);
  });

  it('a rectangle is cut from the middle, in TRAIN too where that is said', () => {
    const settings = { ...plain, crop: [1, 4] as const };
    expect(transform(settings, [1, 5, 6], pixels)).toEqual([13, 14, 15, 16]);
    const trained = { ...settings, phase: 'TRAIN' as const, isCropCentred: true };
    expect([0, 1, 2].map((position) => transform(trained, [1, 5, 6], pixels, position))).toEqual(
      [0, 1, 2].map(() => [13, 14, 15, 16]),
    );
  });

  it("the mean image's middle counts for every crop where that is said", () => {
    const settings = {
      ...plain,
      crop: [1, 2] as const,
      isMeanCentred: true,
      meanImage: meanImage([1, 3, 4], (i) => i),
    };
    expect(transform(settings, [1, 5, 6], pixels)).toEqual([14 - 5, 15 - 6]);
  });

  it('the mean image is cropped with the record', () => {
    const settings = { ...plain, crop: [2, 2] as const, meanImage: meanImage([1, 5, 6], (i) => i) };
    expect(transform(settings, [1, 5, 6], pixels)).toEqual([0, 0, 0, 0]);
  });

  it('mirror flips left and right, for about half of the records, in both phases', () => {
    for (const phase of ['TRAIN', 'TEST'] as const) {
      const rows = [...Array(400)].map((_, i) =>
        transform({ ...plain, phase, mirror: true }, [1, 2, 3], pixels.subarray(0, 6), i).join(),
      );
      expect(new Set(rows)).toEqual(new Set(['0,1,2,3,4,5', '2,1,0,5,4,3']));
      expect(rows.filter((row) => row.startsWith('2')).length).toBeGreaterThan(150);
      expect(rows.filter((row) => row.startsWith('2')).length).toBeLessThan(250);
    }
  });

  it('crop in TRAIN takes every place', () => {
    const settings = { ...plain, phase: 'TRAIN' as const, crop: [4, 4] as const };
    const corners = [...Array(300)].map((_, i) => transform(settings, [1, 5, 6], pixels, i)[0]);
    expect([...new Set(corners)].sort((a, b) => a! - b!)).toEqual([0, 1, 2, 6, 7, 8]);
  });

  it('random places depend on seed and position alone', () => {
    const draws = (seed: number, positions: number[]) => {
      const transformer = new DataTransformer({ ...plain, phase: 'TRAIN', crop: [1, 1], seed }, [1, 1, 30]);
      return positions.map((position) => {
        const output = new Float32Array(1);
        transformer.transform(pixels, position, output, 0);
        return output[0]!;
      });
    };
    expect(draws(1, [5, 3, 4])).toEqual([draws(1, [5])[0], draws(1, [3])[0], draws(1, [4])[0]]);
    const positions = [...Array(50).keys()];
    expect(draws(1, positions)).not.toEqual(draws(2, positions));
    expect(draws(1, positions)).not.toEqual(draws(2 ** 32 + 1, positions));
    expect(draws(1, positions)).not.toEqual(
      draws(
        1,
        positions.map((p) => p + 2 ** 32),
      ),
    );
    // Pinned: other numbers would train other weights from the same settings.
    expect(draws(1, [0, 1, 2, 3, 4, 5, 6, 7])).toEqual([18, 4, 16, 27, 21, 2, 15, 6]);
  });
});

it("agrees with Caffe's loops, written out, on any settings", () => {
  const size = fc.integer({ min: 1, max: 6 });
  const settings = fc.record({
    shape: fc.tuple(fc.integer({ min: 1, max: 3 }), size, size),
    crop: fc.nat(6),
    mean: fc.constantFrom('none', 'one', 'each', 'image'),
    scale: fc.float({ noNaN: true, noDefaultInfinity: true, min: -10, max: 10 }),
    floats: fc.boolean(),
    mirror: fc.boolean(),
  });
  fc.assert(
    fc.property(settings, fc.infiniteStream(fc.nat(255)), ({ shape, crop, mean, scale, floats, mirror }, stream) => {
      const [channels, height, width] = shape;
      const numbers = [...stream.take(2 * channels * height * width)];
      const bytes = Uint8Array.from(numbers.slice(0, channels * height * width));
      const image = meanImage(shape, (i) => numbers[numbers.length - 1 - i]! / 3);
      const chosen: TransformSettings = {
        ...plain,
        scale,
        mirror,
        crop: [Math.min(crop, height), Math.min(crop, width)],
        meanValues: mean === 'one' ? [1.1] : mean === 'each' ? [1.1, 2.2, 3.3].slice(0, channels) : [],
        meanImage: mean === 'image' ? image : undefined,
      };
      const pixels = floats ? Float32Array.from(bytes, (b) => b / 7) : bytes;
      const result = transform(chosen, shape, pixels);
      const expected = caffeTransform(chosen, shape, pixels);
      expect([expected(false), expected(true)]).toContainEqual(result);
      if (!mirror) expect(result).toEqual(expected(false));
    }),
  );
});

/** DataTransformer::Transform of data_transformer.cpp in TEST, line by line. */
function caffeTransform(
  settings: TransformSettings,
  [channels, datumHeight, datumWidth]: RecordShape,
  data: ArrayLike<number>,
) {
  return (doMirror: boolean): number[] => {
    const { crop, meanImage: mean, meanValues } = settings;
    const height = crop[0] || datumHeight;
    const width = crop[1] || datumWidth;
    const hOff = crop[0] ? Math.trunc((datumHeight - crop[0]) / 2) : 0;
    const wOff = crop[1] ? Math.trunc((datumWidth - crop[1]) / 2) : 0;
    const transformed = new Float32Array(channels * height * width);
    for (let c = 0; c < channels; c++) {
      for (let h = 0; h < height; h++) {
        for (let w = 0; w < width; w++) {
          const dataIndex = (c * datumHeight + hOff + h) * datumWidth + wOff + w;
          const topIndex = doMirror ? (c * height + h) * width + (width - 1 - w) : (c * height + h) * width + w;
          const element = data[dataIndex]!;
          if (mean) transformed[topIndex] = Math.fround(element - mean.data[dataIndex]!) * Math.fround(settings.scale);
          else if (meanValues.length > 0) {
            const value = Math.fround(meanValues.length === 1 ? meanValues[0]! : meanValues[c]!);
            transformed[topIndex] = Math.fround(element - value) * Math.fround(settings.scale);
          } else transformed[topIndex] = element * Math.fround(settings.scale);
        }
      }
    }
    return [...transformed];
  };
}

describe('settings that do not fit the records', () => {
  it.each([
    ['crop_size', { crop: [5, 5] as const }, /crop_size 5 is larger than the records, which are 4 high and 6 wide/],
    ['mean file', { meanImage: meanImage([1, 4, 6], () => 0) }, /mean file has the shape \[1, 4, 6\].*\[2, 4, 6\]/],
    ['mean values', { meanValues: [1, 2, 3] }, /3 mean_value for 2 channels/],
    ['a mean that is not a number', { meanValues: [1, NaN] }, /mean_value is NaN/],
    ['a scale that is none', { scale: Infinity }, /scale is Infinity/],
    ['a scale beyond float32', { scale: 1e39 }, /scale is 1e\+39/],
  ])('%s', (_, settings, message) => {
    expect(transformProblems({ ...plain, ...settings }, [2, 4, 6])).toEqual([expect.stringMatching(message)]);
  });
});
