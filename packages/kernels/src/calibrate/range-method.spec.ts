import fc from 'fast-check';
import { ulqGrid } from '../quantizers/ulq.ts';
import { inputSqnr } from './input-noise.ts';
import { klRange } from './kl-range.ts';
import { mseRange } from './mse-range.ts';
import { observed, RangeSearchError } from './observed-values.ts';
import { percentileRange } from './percentile-range.ts';
import { searchedRange, type RangeMethod } from './range-method.ts';

const { abs, floor, fround, log, max: greater, min: lesser, round } = Math;

/** The same numbers every time, roughly normal, mean 0 and deviation 1. */
function normal(count: number, seed = 1): Float32Array {
  let state = seed;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return Float32Array.from({ length: count }, () => next() + next() + next() + next() + next() + next() - 3);
}
const relu = (values: Float32Array) => values.map((value) => Math.max(0, value));
const withOutlier = (values: Float32Array, outlier: number) => Float32Array.from([...values, outlier]);
const halves = (values: Float32Array) => observed(values.subarray(0, 7), values.subarray(7));

describe('percentile', () => {
  const float = fc.float({ noNaN: true, noDefaultInfinity: true });
  test('is the value that a sorted list has there, at both ends', async () => {
    const some = fc.array(fc.oneof(float, fc.constantFrom(-0, 0, 1, 1)), { minLength: 1, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(some, fc.constantFrom(50, 90, 99, 99.9, 100), async (values, percentile) => {
        const sorted = Float32Array.from(values).sort();
        const beyond = Math.floor((sorted.length * (1000 - percentile * 10)) / 1000);
        expect(await percentileRange(halves(Float32Array.from(values)), percentile)).toEqual({
          max: sorted[sorted.length - 1 - beyond]! + 0,
          min: sorted[beyond]! + 0,
        });
      }),
      { seed: 1 },
    );
  });

  test.each([
    [99.99, 10_000, 1],
    [99.99, 9_999, 0],
    [99.9, 3_000, 3],
    [99.7, 1_000, 3],
  ])('%d of %d values cuts off %d', async (percentile, count, beyond) => {
    const values = Float32Array.from({ length: count }, (_, i) => i);
    expect(await percentileRange(observed(values), percentile)).toEqual({ max: count - 1 - beyond, min: beyond });
  });
});

/** The least squared error of any range whose ends are hundredths of the extremes, by the definition. */
function leastSquaredError(values: Float32Array): number {
  const [most, least] = [Math.max(0, ...values), Math.min(0, ...values)];
  let best = Infinity;
  for (let i = 1; i <= 100; i++) {
    for (let j = 0; j <= (least === 0 ? 0 : 100); j++) {
      best = Math.min(best, squaredError(values, fround((most * i) / 100), fround((least * j) / 100)));
    }
  }
  return best;
}

function squaredError(values: Float32Array, max: number, min: number): number {
  const { scale, low, high } = ulqGrid({ max, min });
  return values.reduce((sum, value) => {
    const clipped = lesser(high, greater(low, value));
    return sum + (round(clipped / scale) * scale - value) ** 2;
  }, 0);
}

describe('mse', () => {
  test.each([
    ['a normal distribution', normal(3000)],
    ['one behind a ReLU', relu(normal(3000))],
    ['one with an outlier', withOutlier(normal(3000), 4)],
    ['one that is hardly ever negative', normal(3000).map((value) => (value < 0 ? value / 50 : value))],
  ])('of %s has the least error that there is on its grid of ends, within two hundredths', async (_name, values) => {
    const { max, min } = await mseRange(halves(values), false);
    const own = squaredError(values, fround(max), fround(min));
    expect(own / leastSquaredError(values)).toBeLessThan(1.02);
  });

  test('with a fixed minimum it is 0, and the upper end suits that', async () => {
    const values = withOutlier(normal(3000), 4);
    const { max, min } = await mseRange(observed(values), true);
    expect(min).toBe(0);
    const positive = relu(values);
    expect(squaredError(positive, fround(max), 0) / leastSquaredError(positive)).toBeLessThan(1.02);
  });
});

const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);

/** The threshold by the definition, over plain lists; values of both signs count by their magnitudes. */
function leastDivergence(values: Float32Array): number {
  const levels = values.some((value) => value < 0) ? 128 : 255;
  const magnitudes = [...values].map(abs).filter((value) => value !== 0);
  const width = Math.max(...magnitudes) / 2048;
  const histogram = new Array<number>(2048).fill(0);
  for (const value of magnitudes) histogram[lesser(2047, floor(value / width))]!++;
  const candidates = Array.from({ length: 2048 - levels + 1 }, (_, i) => {
    const bins = levels + i;
    const kept = histogram.slice(0, bins);
    const beyond = sum(histogram.slice(bins));
    const reference = kept.map((count, bin) => (bin === bins - 1 ? count + beyond : count));
    const quantized = new Array<number>(bins).fill(0);
    for (let level = 0; level < levels; level++) {
      const [start, end] = [floor((level * bins) / levels), floor(((level + 1) * bins) / levels)];
      const own = reference.slice(start, end);
      const share = sum(kept.slice(start, end)) / own.filter((count) => count > 0).length;
      own.forEach((count, i) => (quantized[start + i] = count > 0 ? share : 0));
    }
    const [ofReference, ofQuantized] = [sum(reference), sum(quantized)];
    const divergence = sum(
      reference.map((count, bin) =>
        count === 0
          ? 0
          : (count / ofReference) *
            log(count / ofReference / (quantized[bin]! / ofQuantized || lesser(1e-4, count / ofReference))),
      ),
    );
    return { bins, divergence };
  });
  const least = Math.min(...candidates.map(({ divergence }) => divergence));
  return candidates.findLast(({ divergence }) => divergence <= least + 1e-12)!.bins * width;
}

describe('kl', () => {
  test.each([
    ['both signs', withOutlier(normal(4000), 20), [-1, 1]],
    ['a ReLU before it', relu(withOutlier(normal(4000), 20)), [0, 1]],
  ])('with %s is the threshold of least divergence', async (_name, values, [low, high]) => {
    const threshold = leastDivergence(values);
    const { max, min } = await klRange(halves(values));
    expect(max).toBeCloseTo(threshold * high!, 5);
    expect(min).toBeCloseTo(Math.max(threshold * low!, Math.min(...values, 0)), 5);
    expect(max).toBeLessThan(10);
  });
});

const METHODS: readonly RangeMethod[] = [
  { name: 'ifmr' },
  { name: 'percentile', percentile: 99.9 },
  { name: 'mse' },
  { name: 'kl' },
];

describe.each(METHODS)('$name', (method) => {
  test('ends on a grid with zero on it, which quantizes what it was found on well', async () => {
    const values = observed(normal(5000));
    const clip = await searchedRange(values, method, false);
    const { low, high } = ulqGrid(clip);
    expect(low).toBeCloseTo(clip.min, 5);
    expect(high).toBeCloseTo(clip.max, 5);
    expect(await inputSqnr(values, clip)).toBeGreaterThan(30);
  });

  test('takes 1 as the step of values that are all zero, as AMCT does', async () => {
    const { max, min } = await searchedRange(observed(new Float32Array(8)), method, false);
    expect([max, min + 0]).toEqual([255, 0]);
  });

  test.each([[[]], [[Number.NaN, 1]], [[Infinity, 1]], [[3.4e38, -3.4e38]]])('refuses %j', async (values) => {
    await expect(searchedRange(observed(Float32Array.from(values)), method, false)).rejects.toThrow(RangeSearchError);
  });

  test('is a single value for a single value, and 0 below with a fixed minimum', async () => {
    const { max, min } = await searchedRange(observed(Float32Array.of(-2, -2)), method, false);
    expect(min).toBeCloseTo(-2, 5);
    expect(max).toBeCloseTo(0, 5);
    expect((await searchedRange(observed(normal(100)), method, true)).min).toBe(0);
  });
});

test('the ratio of a quantized input is that of its definition', async () => {
  const values = Float32Array.of(0.1, 0.26, 3, -1);
  const clip = { max: 2.55, min: 0 };
  const [signal, noise] = [0.01 + 0.26 ** 2 + 9 + 1, 0 + 0 + 0.45 ** 2 + 1];
  expect(await inputSqnr(observed(values), clip)).toBeCloseTo(10 * Math.log10(signal / noise), 3);
  expect(await inputSqnr(observed(Float32Array.of(0, 0)), clip)).toBe(200);
});
