import { shareOutside } from './observed-share.ts';

/** A hundred values, a quarter in each of [0, 1), [1, 2), [2, 3) and [3, 4]. */
const even = { count: 100, min: 0, max: 4, bins: [25, 25, 25, 25] };

it.each([
  ['all of it', { min: 0, max: 4 }, 0],
  ['more than it', { min: -6, max: 6 }, 0],
  ['three bins', { min: 0, max: 3 }, 0.25],
  ['a part of a bin', { min: 0, max: 3.5 }, 0.125],
  ['the middle', { min: 1, max: 3 }, 0.5],
  ['a piece of one bin', { min: 1.25, max: 1.75 }, 0.875],
  ['nothing of it', { min: -2, max: -1 }, 1],
])('of a range that holds %s', (_, clip, share) => expect(shareOutside(even, clip)).toBeCloseTo(share, 12));

it('of values that are all equal', () => {
  const zeros = { count: 10, min: 0, max: 0, bins: [10, 0] };
  expect(shareOutside(zeros, { min: 0, max: 1 })).toBe(0);
  expect(shareOutside({ ...zeros, min: 2, max: 2 }, { min: 0, max: 1 })).toBe(1);
});

it('of no values', () => expect(shareOutside({ count: 0, min: 0, max: 1, bins: [0] }, { min: 0, max: 1 })).toBe(0));
