import { CONTINUOUS, differenceOf, STEPPED } from './device-check.ts';

const ones = (count: number) => new Float32Array(count).fill(1);
const replaced = (values: Float32Array, element: number, value: number) =>
  values.map((v, i) => (i === element ? value : v));
const compare = (processor: Float32Array, device: Float32Array, tolerance = CONTINUOUS) =>
  differenceOf({ what: 'x', shape: [processor.length], processor, device }, tolerance);

test.each([
  ['the same', ones(9), ones(9), undefined],
  ['another last bit', ones(9), replaced(ones(9), 3, 1 + 2 ** -23), undefined],
  ['one wrong element', ones(9), replaced(ones(9), 3, 1.01), { element: 3, processor: 1, device: Math.fround(1.01) }],
  [
    'NaN where there is a number',
    ones(9),
    replaced(ones(9), 8, Number.NaN),
    { element: 8, processor: 1, device: Number.NaN },
  ],
  [
    'infinite where there is a number',
    ones(2),
    replaced(ones(2), 0, Infinity),
    { element: 0, processor: 1, device: Infinity },
  ],
  ['a number where there is NaN', replaced(ones(9), 8, Number.NaN), replaced(ones(9), 8, 0), undefined],
  ['small beside a large element', replaced(ones(9), 0, 1e6), replaced(replaced(ones(9), 0, 1e6), 1, 2), undefined],
  [
    'something where all is 0',
    new Float32Array(4),
    replaced(new Float32Array(4), 1, 1e-9),
    { element: 1, processor: 0, device: Math.fround(1e-9) },
  ],
])('%s, element by element', (_, processor, device, expected) => {
  expect(compare(processor, device)).toEqual(expected);
});

test.each([
  ['a step in one element of many', ones(10_000), replaced(ones(10_000), 3, 1.5), undefined],
  ['another blob', ones(4), new Float32Array(4), { element: 0, processor: 1, device: 0 }],
  [
    'NaN in one element of many',
    ones(10_000),
    replaced(ones(10_000), 3, Number.NaN),
    { element: 3, processor: 1, device: Number.NaN },
  ],
])('%s, all together', (_, processor, device, expected) => {
  expect(compare(processor, device, STEPPED)).toEqual(expected);
});
