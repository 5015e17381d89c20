import fc from 'fast-check';
import { downsample, movingAverage, type Point } from './downsample.ts';

const curve: fc.Arbitrary<Point[]> = fc
  .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 300 })
  .map((values) => values.map((y, x) => ({ x, y })));
const limits = fc.integer({ min: 4, max: 60 });
const ys = (points: readonly Point[]) => points.map(({ y }) => y);

it('keeps a short curve as it is', () => {
  const points = [1, 2, 3].map((y, x) => ({ x, y }));
  expect(downsample(points, 3)).toEqual(points);
  expect(downsample([], 4)).toEqual([]);
});

it('keeps a spike among a million points', () => {
  const points = Array.from({ length: 1_000_000 }, (_, x) => ({ x, y: x === 777_777 ? 9 : 0 }));
  const kept = downsample(points);
  expect(kept.length).toBeLessThanOrEqual(400);
  expect(kept).toContainEqual({ x: 777_777, y: 9 });
});

it('gives points of the curve, in order, with its ends and its extremes, and no more than asked for', () => {
  fc.assert(
    fc.property(curve, limits, (points, limit) => {
      const kept = downsample(points, limit);
      expect(kept.length).toBeLessThanOrEqual(limit);
      expect(kept).toEqual(points.filter((point) => kept.includes(point)));
      if (points.length === 0) return;
      expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
      expect(Math.max(...ys(kept))).toBe(Math.max(...ys(points)));
      expect(Math.min(...ys(kept))).toBe(Math.min(...ys(points)));
    }),
  );
});

describe('movingAverage', () => {
  const points = [1, 2, 6, 1].map((y, x) => ({ x, y }));

  it('takes the points around each one, and at the ends those that are there', () => {
    expect(ys(movingAverage(points, 3))).toEqual([1.5, 3, 3, 3.5]);
    expect(ys(movingAverage(points, 2))).toEqual([1.5, 4, 3.5, 1]);
  });

  it('of one point is the curve itself', () => expect(movingAverage(points, 1)).toEqual(points));
});
