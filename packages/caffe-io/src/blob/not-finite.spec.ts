import { describeNotFinite, elementPlace, findNotFinite } from './not-finite.ts';

const LARGEST = 3.4028234663852886e38;

test.each([
  ['nothing', []],
  ['zeros of both signs', [0, -0]],
  ['numbers whose sum is none', [LARGEST, LARGEST, LARGEST]],
  ['denormal ones', [1e-45, -1e-45]],
])('%s are finite', (_name, values) => {
  expect(findNotFinite(Float32Array.from(values))).toBeUndefined();
});

test.each([NaN, Infinity, -Infinity])('%p is found among any number of others, at any place', (value) => {
  for (const length of [1, 2, 7, 64, 1000]) {
    for (const element of [0, length >> 1, length - 1]) {
      const numbers = Float32Array.from({ length }, (_, i) => Math.sin(i) * LARGEST);
      numbers[element] = value;
      expect(findNotFinite(numbers)).toEqual({ element, value, count: 1 });
    }
  }
});

test('infinities that cancel are found, the first by its place', () => {
  const found = findNotFinite(Float32Array.of(1, Infinity, 2, -Infinity, NaN, 0));
  expect(describeNotFinite(found!, [1, 3, 2])).toBe(
    'element [0, 0, 1] is Infinity, the first of 3 that are not finite',
  );
});

test.each([
  [0, [2, 3], '[0, 0]'],
  [5, [2, 3], '[1, 2]'],
  [23, [2, 3, 4], '[1, 2, 3]'],
  [4, [5], '[4]'],
])('element %d of %j is %s', (element, shape, place) => {
  expect(elementPlace(element, shape)).toBe(place);
});

test('a scalar has no place', () => {
  expect(describeNotFinite({ element: 0, value: NaN, count: 1 }, [])).toBe('is NaN');
});
