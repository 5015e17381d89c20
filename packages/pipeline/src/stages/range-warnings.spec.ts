import { buildNetGraph, readNetText } from '@caffe-quant/caffe-io';
import type { CalibratedRange, ObservedValues } from '@caffe-quant/report';
import { asSentence, misfitWarnings, rangeWarnings } from './range-warnings.ts';

const NET = 'layer { name: "in" type: "Input" top: "x" } layer { name: "conv" type: "ReLU" bottom: "x" top: "y" }';
const { graph } = buildNetGraph(readNetText(NET, 'n.prototxt').net, { file: 'n.prototxt', phase: 'TEST' });
const evenly = (min: number, max: number): ObservedValues => ({
  count: 64,
  min,
  max,
  bins: new Array<number>(64).fill(1),
});
const range = (
  observed: ObservedValues,
  min: number,
  max: number,
  origin: 'ifmr' | 'config' = 'ifmr',
): CalibratedRange => ({
  ...{ name: 'conv', observed, origin, clip: { min, max } },
});

const cutOff = ([quantizer]: CalibratedRange[]) =>
  misfitWarnings([quantizer!], new Map([['conv', quantizer!.clip]]), graph);

test.each([
  [
    'zeros',
    range(evenly(0, 0), 0, 255),
    'warning',
    /input was 0 throughout calibration, and \[0, 255\] is a default.*; see whether .* dead.* skip the layer/,
  ],
  [
    'zeros and a range of the config',
    range(evenly(0, 0), -6, 6, 'config'),
    'warning',
    /input was 0 throughout calibration; see/,
  ],
  ['values that have no step', range(evenly(-1e-6, 2e-6), -128, 127), 'warning', /too small for a step of its own/],
  ['one value', range(evenly(3, 3), 0, 3), 'info', /input was 3 throughout/],
  [
    'a range of the config that is far too narrow',
    range(evenly(-10, 10), -1, 1, 'config'),
    'warning',
    /cuts off 90 % of its input, which spans \[-10, 10\]; leave clip_max/,
  ],
  [
    'a range of the config that is far too wide',
    range(evenly(-2, 3), -1e4, 1e4, 'config'),
    'warning',
    /range \[-10000, 10000\] is so wide that its input, which spans \[-2, 3\], falls into 1 of 256 steps; leave clip_max/,
  ],
  [
    'a range that leaves much more noise than IFMR would',
    { ...range(evenly(0, 10), 0, 1), origin: 'kl' as const, sqnr: 8.3, ifmrSqnr: 42 },
    'warning',
    /is at 8.3 dB with \[0, 1\], where IFMR's range has 42.0 dB; try another calibrationMethod/,
  ],
  ['a minimum fixed at 0 under negative values', range(evenly(-10, 5), 0, 5), 'warning', /cuts off 67 %.*fixed_min/],
])('%s', (_name, quantizer, severity, message) => {
  const found = rangeWarnings([quantizer], graph)[0] ?? cutOff([quantizer])[0];
  expect(found).toMatchObject({ severity, file: 'n.prototxt', layer: 'conv' });
  expect(asSentence(found!)).toMatch(message);
});

test('what training has widened cuts off no more', () => {
  const narrow = range(evenly(-10, 10), -1, 1, 'config');
  expect(rangeWarnings([narrow], graph)).toEqual([]);
  expect(misfitWarnings([narrow], new Map([['conv', { max: 9, min: -9 }]]), graph)).toEqual([]);
});

test('a range that holds most of the values says nothing', () => {
  expect(cutOff([range(evenly(-10, 10), -6, 6, 'config')])).toEqual([]);
  expect(rangeWarnings([range(evenly(-10, 10), -6, 6, 'config'), range(evenly(0, 9), 0, 8)], graph)).toEqual([]);
});

test('of a range that training drove away, training is the reason', () => {
  const start = range(evenly(-10, 10), -10, 10);
  const hintFor = (min: number, max: number) =>
    misfitWarnings([start], new Map([['conv', { min, max }]]), graph)[0]?.hint;
  expect(hintFor(-1, 1)).toBe('training moved it from [-10, 10]: try a tenth of base_lr');
  expect(hintFor(-1e4, 1e4)).toBe('training moved it from [-10, 10]: try a tenth of base_lr');
});
