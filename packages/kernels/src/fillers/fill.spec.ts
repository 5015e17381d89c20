import { type FillerParameter, LayerError } from '@caffe-quant/caffe-io';
import { parseLayer } from '../testing/parse-layer.ts';
import { fill } from './fill.ts';
import { randomOf } from './random.ts';

const fillerOf = (text: string): FillerParameter =>
  parseLayer(`layer { convolution_param { weight_filler { ${text} } } }`).convolution_param!.weight_filler!;
const SHAPE = [40, 30, 5, 5];
const filled = (text: string) => fill(fillerOf(text), SHAPE, randomOf('seed'));
const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: Float32Array) => Math.sqrt(mean(values.map((value) => value * value)) - mean(values) ** 2);

test('constant fills with its value, and is the default', () => {
  expect(new Set(filled('type: "constant" value: 0.25'))).toEqual(new Set([0.25]));
  expect(fill(undefined, [2], randomOf('x'))).toEqual(new Float32Array(2));
});

test.each([
  ['type: "xavier"', Math.sqrt(3 / 750) / Math.sqrt(3)],
  ['type: "xavier" variance_norm: FAN_OUT', Math.sqrt(3 / 1000) / Math.sqrt(3)],
  ['type: "xavier" variance_norm: AVERAGE', Math.sqrt(3 / 875) / Math.sqrt(3)],
  ['type: "msra"', Math.sqrt(2 / 750)],
  ['type: "gaussian" std: 0.01', 0.01],
  ['type: "uniform" min: -1 max: 1', 1 / Math.sqrt(3)],
])('%s has mean 0 and deviation %d', (text, expected) => {
  const values = filled(text);
  expect(Math.abs(mean(values))).toBeLessThan(0.03 * expected);
  expect(Math.abs(deviation(values) / expected - 1)).toBeLessThan(0.02);
});

test('the same seed gives the same numbers, another seed others', () => {
  const xavier = fillerOf('type: "xavier"');
  expect(fill(xavier, SHAPE, randomOf('a'))).toEqual(fill(xavier, SHAPE, randomOf('a')));
  expect(fill(xavier, SHAPE, randomOf('a'))).not.toEqual(fill(xavier, SHAPE, randomOf('b')));
});

test('positive_unitball fills rows that sum to one', () => {
  const rows = fill(fillerOf('type: "positive_unitball"'), [3, 50], randomOf('seed'));
  for (const row of [0, 1, 2]) {
    const part = rows.subarray(row * 50, (row + 1) * 50);
    expect(part.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
    expect(Math.min(...part)).toBeGreaterThanOrEqual(0);
  }
});

test('bilinear fills kernels that interpolate', () => {
  const kernel = fill(fillerOf('type: "bilinear"'), [2, 1, 4, 4], randomOf('seed'));
  const line = [0.25, 0.75, 0.75, 0.25];
  expect([...kernel.subarray(16)]).toEqual(line.flatMap((y) => line.map((x) => x * y)));
  for (const size of [2, 3, 6, 7]) {
    const other = [...fill(fillerOf('type: "bilinear"'), [1, 1, size, size], randomOf('seed'))];
    expect(other.toReversed()).toEqual(other.map((value) => expect.closeTo(value, 6) as number));
  }
  expect(() => fill(fillerOf('type: "bilinear"'), [2, 1, 4, 3], randomOf('seed'))).toThrow(/no square kernels/);
});

test('an unknown filler is refused by name', () => {
  expect(() => filled('type: "constantly"')).toThrow(LayerError);
  expect(() => filled('type: "constantly"')).toThrow("filler 'constantly' is not supported");
});
