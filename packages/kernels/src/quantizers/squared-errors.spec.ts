import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { squaredErrors } from './squared-errors.ts';
import { roundHalfAway } from './rounding.ts';
import { SearchThreads } from './search-threads.ts';

const { fround } = Math;

/** The same for one range, as AMCT's library writes it. */
function squaredError(values: readonly number[], low: number, high: number, scale: number): number {
  let sum = 0;
  for (const value of values) {
    const clipped = Math.min(Math.max(value, low), high);
    const difference = fround(fround(roundHalfAway(fround(clipped / scale)) * scale) - value);
    sum = fround(sum + fround(difference * difference));
  }
  return sum;
}

const float = (min: number, max: number) => fc.float({ min: fround(min), max: fround(max), noNaN: true });
const range = fc.tuple(float(-8, 0), float(0, 8), float(0.001, 0.1));

test('the bits of a plain loop, for any number of ranges', () => {
  // Whole and half steps of some of the grids are among the values.
  const value = fc.oneof(
    float(-10, 10),
    fc.integer({ min: -40, max: 40 }).map((steps) => steps / 16),
    fc.constant(-0),
  );
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 200 }),
      fc.array(range, { minLength: 1, maxLength: 9 }),
      (some, ranges) => {
        const grids = [...ranges, [-2, 2, 0.125] as const].map((numbers) => numbers.map(fround));
        const column = (index: number) => Float32Array.from(grids, (grid) => grid[index]!);
        const sums = squaredErrors(Float32Array.from(some), { low: column(0), high: column(1), scale: column(2) });
        expect([...sums]).toEqual(
          grids.map(([low, high, scale]) => squaredError(some.map(fround), low!, high!, scale!)),
        );
      },
    ),
    { seed: 1 },
  );
});

test('more values than are handed over at a time', () => {
  const values = Float32Array.from({ length: 200_001 }, (_, i) => Math.sin(i) * (i % 3));
  const [low, high, scale] = [-1.5, 1.25, 0.01].map((value) => Float32Array.of(value)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const expected = squaredError([...values], low[0]!, high[0]!, scale[0]!);
  expect([...squaredErrors(values, { low, high, scale })]).toEqual([expected]);
});

test.each([2, 3, 4, 7])('the same bits from %i threads', async (count) => {
  const threads = new SearchThreads(count);
  while (!threads.started) await setTimeout(1);
  const values = Float32Array.from({ length: 150_001 }, (_, i) => Math.sin(i) * (i % 4));
  // Fewer groups than threads, and more.
  for (const ranges of [1, 9, 60]) {
    const column = (number: (ratio: number) => number) =>
      Float32Array.from({ length: ranges }, (_, i) => number(0.7 + 0.01 * i));
    const grids = {
      low: column(() => -1),
      high: column((ratio) => 2 * ratio),
      scale: column((ratio) => (2 * ratio + 1) / 255),
    };
    expect(squaredErrors(values, grids, threads)).toEqual(squaredErrors(values, grids, new SearchThreads(1)));
  }
  threads.close();
});
