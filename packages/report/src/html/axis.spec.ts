import fc from 'fast-check';
import { extentOf, linearAxis, logAxis } from './axis.ts';

const format = (value: number) => String(value);
const labels = ({ ticks }: { ticks: readonly { label: string }[] }) => ticks.map(({ label }) => label);

it.each<[[number, number], string[]]>([
  [
    [0, 1],
    ['0', '0.5', '1'],
  ],
  [
    [-6, 6],
    ['-5', '0', '5'],
  ],
  [
    [0, 0.0034],
    ['0', '0.001', '0.002', '0.003'],
  ],
  [
    [3, 3],
    ['2', '3', '4'],
  ],
  [
    [0, 0],
    ['-0.5', '0', '0.5'],
  ],
])('labels round values within %p', (domain, expected) => {
  expect(labels(linearAxis({ domain, range: [0, 100], format }))).toEqual(expected);
});

it('labels whole numbers where only these have a meaning', () => {
  expect(labels(linearAxis({ domain: [0, 2], range: [0, 100], whole: true, format }))).toEqual(['0', '1', '2']);
});

it('labels powers of ten', () => {
  const axis = logAxis({ domain: [1e-5, 0.0009], range: [100, 0], format: (value) => value.toExponential(0) });
  expect(axis.ticks).toEqual([
    { place: 100, label: '1e-5' },
    { place: 50, label: '1e-4' },
    { place: 0, label: '1e-3' },
  ]);
});

it('places values between the ends, rising or falling, and has few labels', () => {
  const value = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(value, value, (a, b) => {
      const axis = linearAxis({ domain: [Math.min(a, b), Math.max(a, b)], range: [100, 10], format });
      expect([axis.place(a), axis.place(b)].every((place) => place >= 10 && place <= 100)).toBe(true);
      if (a !== b) expect(axis.place(Math.min(a, b))).toBe(100);
      expect(axis.ticks.length).toBeLessThanOrEqual(10);
    }),
  );
});

it('the extent of values leaves out those that are none', () => {
  expect(extentOf([3, NaN, -1, Infinity])).toEqual([-1, 3]);
  expect(extentOf([])).toEqual([0, 1]);
});
