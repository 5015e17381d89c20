import { readAhead } from './read-ahead.ts';

test('items come in order, each next one read while the present one is worked on, none behind the last', async () => {
  const started: number[] = [];
  const next = readAhead((index) => {
    started.push(index);
    return Promise.resolve(`item ${index}`);
  }, 3);
  expect(await next(0)).toBe('item 0');
  expect(started).toEqual([0, 1]);
  expect(await next(1)).toBe('item 1');
  expect(await next(2)).toBe('item 2');
  expect(started).toEqual([0, 1, 2]);
});

test('it begins anywhere, and an item that was read ahead in vain is forgotten', async () => {
  const next = readAhead((index) => Promise.resolve(index), 100);
  expect(await next(40)).toBe(40);
  expect(await next(7)).toBe(7);
  expect(await next(8)).toBe(8);
});

test('an error comes with the item that has it, not before', async () => {
  const next = readAhead((index) => (index === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(index)), 3);
  expect(await next(0)).toBe(0);
  await new Promise((resolve) => setImmediate(resolve));
  await expect(next(1)).rejects.toThrow('broken');
});
