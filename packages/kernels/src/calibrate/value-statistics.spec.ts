import fc from 'fast-check';
import { addNoise, countsOf, extremesOf } from './value-statistics.ts';

const { fround } = Math;

const value = fc.oneof(
  fc.float({ min: fround(-10), max: fround(10), noNaN: true }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  // Halves of the grids' steps, and zero.
  fc.integer({ min: -40, max: 40 }).map((steps) => steps / 16),
);
/** Fewer than a vector, and more than are handed over at a time. */
const values = fc
  .tuple(fc.array(value, { minLength: 1, maxLength: 40 }), fc.constantFrom(1, 30, 4000))
  .map(([some, times]) => Float32Array.from({ length: some.length * times }, (_, i) => some[i % some.length]!));

/** Rounded to the nearest integer, halves to even. */
function nearest(position: number): number {
  const below = Math.floor(position);
  const rest = position - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

test('the sums of squares have the bits of a plain loop', () => {
  const grid = fc.record({
    scale: fc.double({ min: 0.001, max: 2, noNaN: true }),
    low: fc.integer({ min: -255, max: 0 }),
  });
  fc.assert(
    fc.property(values, grid, (all, { scale, low }) => {
      const sums = { noise: 0.25, signal: 3 };
      addNoise(sums, all, { scale, low, high: low + 255 });
      let [noise, signal] = [0.25, 3];
      for (const x of all) {
        const difference = Math.min(Math.max(nearest(x / scale), low), low + 255) * scale - x;
        noise += difference ** 2;
        signal += x ** 2;
      }
      expect(sums).toEqual({ noise, signal });
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('extremes and counts are those of a plain loop', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 64 }), (all, bins) => {
      const { min, max } = extremesOf(all);
      expect([min + 0, max + 0]).toEqual([
        all.reduce((least, x) => Math.min(least, x), Infinity) + 0,
        all.reduce((greatest, x) => Math.max(greatest, x), -Infinity) + 0,
      ]);
      const perUnit = max > min ? bins / (max - min) : 0;
      const expected = new Float64Array(bins);
      for (const x of all) expected[Math.min(bins - 1, Math.trunc((x - min) * perUnit))]!++;
      expect(countsOf(all, bins, min, perUnit)).toEqual(expected);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('there are no values', () => {
  expect(extremesOf(new Float32Array(0))).toEqual({ min: Infinity, max: -Infinity });
  expect(countsOf(new Float32Array(0), 4, 0, 1)).toEqual(new Float64Array(4));
});
