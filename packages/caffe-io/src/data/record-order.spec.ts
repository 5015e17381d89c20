import fc from 'fast-check';
import { randomSkip, shuffledOrder, skippingOrder, storedFirst, storedOrder } from './record-order.ts';
import type { RecordOrder } from './record-order.ts';

const walk = (order: RecordOrder, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => order.ordinal(from + i));
const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const upTo = (count: number) => [...Array(count).keys()];

it('stored order goes round', () => {
  expect(walk(storedOrder(3), 0, 7)).toEqual([0, 1, 2, 0, 1, 2, 0]);
});

describe('shuffledOrder', () => {
  const groups = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

  it('has each record once in a pass, groups together', () => {
    fc.assert(
      fc.property(groups, fc.integer(), fc.nat(5), (sizes, seed, pass) => {
        const count = sizes.reduce((a, b) => a + b);
        const ordinals = walk(shuffledOrder(sizes, seed), pass * count, (pass + 1) * count);
        expect(ascending(ordinals)).toEqual(upTo(count));
        const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
        const groupOf = (ordinal: number) => starts.findLastIndex((start) => start <= ordinal);
        const changes = ordinals.filter((o, i) => i > 0 && groupOf(o) !== groupOf(ordinals[i - 1]!)).length;
        expect(changes).toBe(sizes.length - 1);
      }),
    );
  });

  it('is the same whatever is asked for before', () => {
    const expected = walk(shuffledOrder([20, 30], 5), 0, 200);
    const order = shuffledOrder([20, 30], 5);
    for (const position of [199, 3, 120, 3, 55]) expect(order.ordinal(position)).toBe(expected[position]);
  });

  it('differs from pass to pass, and from seed to seed', () => {
    const passes = [0, 1, 2, 3].map((pass) => walk(shuffledOrder([50], 1), 50 * pass, 50 * pass + 50).join());
    const seeds = [2, 3].map((seed) => walk(shuffledOrder([50], seed), 0, 50).join());
    expect(new Set([...passes, ...seeds, upTo(50).join()]).size).toBe(7);
  });

  it('has no favourites', () => {
    const first = upTo(4000).map((seed) => shuffledOrder([4], seed).ordinal(0));
    for (const ordinal of upTo(4)) {
      expect(Math.abs(first.filter((o) => o === ordinal).length - 1000)).toBeLessThan(120);
    }
  });
});

it('skips less than rand_skip, by the seed', () => {
  const skips = upTo(200).map((seed) => randomSkip(5, seed));
  expect(ascending([...new Set(skips)])).toEqual([0, 1, 2, 3, 4]);
  expect(upTo(9).map((seed) => randomSkip(0, seed))).toEqual(Array(9).fill(0));
  expect(walk(skippingOrder(storedOrder(3), 2), 0, 5)).toEqual([2, 0, 1, 2, 0]);
});

it('walks once as stored, then in another order', () => {
  const order = storedFirst(shuffledOrder([20], 1), 20);
  expect(walk(order, 0, 20)).toEqual(upTo(20));
  expect(walk(order, 20, 60)).toEqual(walk(shuffledOrder([20], 1), 20, 60));
});
