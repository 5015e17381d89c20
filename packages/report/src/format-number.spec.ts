import fc from 'fast-check';
import {
  formatBytes,
  formatCount,
  formatDifference,
  formatFloat32,
  formatPoints,
  formatRange,
  formatShare,
  formatValue,
} from './format-number.ts';

it.each([
  [0, '0'],
  [-0, '0'],
  [6, '6'],
  [-2.317, '-2.317'],
  [0.027958216, '0.027958'],
  [123456.7, '1.2346e5'],
  [12345.6, '12346'],
  [0.00012345678, '0.00012346'],
  [0.000012, '1.2e-5'],
  [1e-20, '1e-20'],
  [NaN, 'NaN'],
  [-Infinity, '-Infinity'],
])('%p in five digits is %s', (value, text) => expect(formatValue(value)).toBe(text));

it('in nine digits a float32 loses nothing', () => {
  const value = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(fc.property(value, (float) => Number(formatValue(float, 17)) === float || float === 0));
  fc.assert(fc.property(value, (float) => Math.fround(Number(formatFloat32(float))) === Math.fround(float)));
});

it.each([
  [0.1, '0.1'],
  [0.027958216, '0.027958216'],
  [-6, '-6'],
  [3.4028234663852886e38, '3.4028235e+38'],
])('float32 %p in full is %s', (value, text) => expect(formatFloat32(value)).toBe(text));

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
])('%p records are %s', (value, text) => expect(formatCount(value)).toBe(text));

it.each([
  [0.9125, '91.25 %'],
  [1, '100.00 %'],
  [0.99999, '99.99 %'],
  [0.00001, '< 0.01 %'],
  [0, '0.00 %'],
])('a share of %p is %s', (value, text) => expect(formatShare(value)).toBe(text));

it.each([
  [-0.0035, '-0.35'],
  [0.012, '+1.20'],
  [-0.00001, '0.00'],
])('a difference of %p is %s points', (value, text) => expect(formatPoints(value)).toBe(text));

it('writes differences, ranges and sizes', () => {
  expect(formatDifference(0.02649)).toBe('+0.0265');
  expect(formatRange({ max: 6, min: -0 })).toBe('[0, 6]');
  expect([999, 1000, 12_345, 999_600, 4_210_688].map(formatBytes)).toEqual([
    '999 B',
    '1.0 kB',
    '12 kB',
    '1.0 MB',
    '4.2 MB',
  ]);
});
