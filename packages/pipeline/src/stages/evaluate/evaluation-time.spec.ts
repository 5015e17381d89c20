import { timeAhead } from './evaluation-time.ts';

test.each([
  [4_999, undefined],
  [5_000, 'the integer model: about 5 s'],
  [118_001, 'the integer model: about 119 s'],
  [119_001, 'the integer model: about 2 min'],
  [601_000, 'the integer model: about 11 min'],
])('of %i ms', (milliseconds, line) => {
  expect(timeAhead('the integer model', milliseconds)).toBe(line);
});
