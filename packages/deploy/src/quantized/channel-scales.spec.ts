import fc from 'fast-check';
import { dequantizeWeights, quantizeWeights, type UlqGrid } from '@caffe-quant/kernels';
import { FLT_EPSILON, isUsableScale } from '../record/record-rules.ts';
import { biasSteps, scalesForBias } from './channel-scales.ts';
import type { QuantizedWeights } from './quantized-layer.ts';
import { Unexportable } from './unexportable.ts';

const { abs, fround, max } = Math;
const TAPS = 9;
const INT32_MAX = 2 ** 31 - 1;

/** Weights by ARQ, rows of `TAPS` for each output channel. */
function arq(rows: readonly (readonly number[])[], channelWise: boolean): QuantizedWeights {
  const master = Float32Array.from(rows.flat());
  const shape = [rows.length, 1, 3, 3];
  const axis = channelWise ? 0 : undefined;
  const result = quantizeWeights(master, shape, axis);
  return { shape, channelWise, axis: 0, master, ...result, fake: dequantizeWeights(result, shape, axis) };
}

const row = (size: number): number[] => Array.from({ length: TAPS }, (_, i) => (size * (i - 4)) / 4);

const grid = (scale: number, zeroPoint = -128): UlqGrid => ({ ...NO_GRID, scale: fround(scale), zeroPoint });
const NO_GRID = { offset: 0, low: 0, high: 0, width: 0, minResidue: 0, slopeAbove: 1, slopeBelow: 1 };

const choose = (rows: number[][], bias: number[], scaleD: number, channelWise = true) => {
  const weights = arq(rows, channelWise);
  return { arq: weights, ...scalesForBias(weights, weights.master, Float32Array.from(bias), grid(scaleD)) };
};

/** What the int32 bias of a channel stands for. */
function kept({ weights }: { weights: QuantizedWeights }, channel: number, bias: number, scaleD: number): number {
  const scale = weights.scales[weights.scales.length === 1 ? 0 : channel]!;
  const step = fround(fround(scaleD) * scale);
  return fround(biasSteps(fround(bias), step) * step);
}

test.each<[what: string, size: number, bias: number, scaleD: number, precision: number]>([
  ['a channel of zeros', 0, 0.4, 1, 1e-6],
  ['a channel of zeros and a coarse input', 0, 0.4, 80, 1e-4],
  ['a channel of zeros and a large bias', 0, -3e5, 0.01, 1e-6],
  ['weights that ARQ takes for zeros', 1e-9, 0.4, 1, 1e-6],
  ['a bias beyond int32 beside tiny weights', 1.6e-5, 5e5, 1e-3, 1e-6],
  ['a bias beyond int32 beside ordinary weights', 1, 1e9, 0.01, 1e-6],
])('the bias survives: %s', (_what, size, bias, scaleD, precision) => {
  const found = choose([row(size), row(0.5)], [bias, 0.25], scaleD);
  expect(abs(kept(found, 0, bias, scaleD) / bias - 1)).toBeLessThan(precision);
  expect(found.weights.scales[1]).toBe(found.arq.scales[1]);
});

test('ordinary channels keep the scale and the integers of ARQ, the same arrays where nothing changes', () => {
  const found = choose([row(1), row(0.01), row(3), row(0)], [0.3, -2, 0, 0], 0.02);
  expect(found.weights.scales).toEqual(found.arq.scales);
  expect(found.weights.quantized).toBe(found.arq.quantized);
  expect(found.weights.fake).toBe(found.arq.fake);
  expect(found.weights).toMatchObject({ deadChannels: [3] });
  expect(found).toMatchObject({ coarse: [], lost: [] });
});

test('a tensor of zeros with one scale serves the largest of its biases', () => {
  const found = choose([row(0), row(0)], [0.4, -7], 1, false);
  expect(found.weights.deadChannels).toEqual([0, 1]);
  expect(kept(found, 0, 0.4, 1)).toBeCloseTo(0.4, 5);
  expect(kept(found, 1, -7, 1)).toBeCloseTo(-7, 5);
  expect(found.lost).toEqual([]);
});

test('a row of zeros under the scale of others is named where its bias is lost', () => {
  expect(choose([row(0), row(400)], [0.4, 1], 1, false).lost).toEqual([{ channel: 0, bias: fround(0.4), kept: 0 }]);
  expect(choose([row(0), row(0.4)], [0.4, 1], 1, false).lost).toEqual([]);
});

test('the larger scale is the smallest that fits, and the weights follow it', () => {
  const found = choose([row(1)], [1e9], 0.01);
  const [{ from, to }] = found.coarse as [(typeof found.coarse)[number]];
  expect(from).toBe(found.arq.scales[0]);
  expect(to).toBe(found.weights.scales[0]);
  expect(to).toBeGreaterThan(from);
  const sum = found.weights.quantized.reduce((total, q) => total + abs(q), 0);
  const room = (scale: number) => sum * 255 + abs(biasSteps(1e9, fround(fround(0.01) * fround(scale))));
  expect(room(to)).toBeLessThanOrEqual(INT32_MAX);
  expect(room(to * (1 - 1e-5))).toBeGreaterThan(INT32_MAX);
  found.weights.fake.forEach((weight, i) => expect(abs(weight - found.arq.master[i]!)).toBeLessThanOrEqual(to / 2));
});

test('sums of products that would leave int32 have a larger scale, too', () => {
  const inputs = 70_000;
  const master = new Float32Array(inputs).fill(1);
  const shape = [1, inputs];
  const result = quantizeWeights(master, shape, undefined);
  const weights = { shape, channelWise: false, axis: 0, master, ...result, fake: master };
  const found = scalesForBias(weights, master, undefined, grid(0.1));
  expect(found.coarse).toHaveLength(1);
  expect(found.weights.quantized[0]! * inputs * 255).toBeLessThanOrEqual(INT32_MAX);
});

test('a bias that no scale holds is refused by its channel', () => {
  expect(() => choose([row(1), row(0)], [0, 1e30], 0.01)).toThrow(Unexportable);
  expect(() => choose([row(1), row(1)], [0, -1e30], 0.01)).toThrow(/has a bias of -1e\+30 in channel 1, which int32/);
});

const size = fc.oneof(
  fc.constantFrom(0, 1e-12, 1e-8, 1e-6),
  fc.double({ min: -5, max: 5, noNaN: true }).map((exponent) => 10 ** exponent),
);
const biasValue = fc
  .tuple(fc.boolean(), fc.oneof(fc.constant(-Infinity), fc.double({ min: -8, max: 7, noNaN: true })))
  .map(([negative, exponent]) => fround((negative ? -1 : 1) * 10 ** exponent));

test('any channel: legal scales, no accumulator beyond int32, every bias within half a step', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(size, biasValue), { minLength: 1, maxLength: 5 }),
      fc.double({ min: -4, max: 2, noNaN: true }),
      fc.integer({ min: -128, max: 127 }),
      fc.boolean(),
      (channels, exponent, zeroPoint, channelWise) => {
        const own = arq(
          channels.map(([each]) => row(each)),
          channelWise,
        );
        const bias = Float32Array.from(channels, ([, each]) => each);
        const data = grid(10 ** exponent, zeroPoint);
        const { weights, coarse } = scalesForBias(own, own.master, bias, data);
        const largestInput = max(127 - zeroPoint, 128 + zeroPoint);
        bias.forEach((wanted, channel) => {
          const index = weights.scales.length === 1 ? 0 : channel;
          const scale = weights.scales[index]!;
          expect(isUsableScale(scale)).toBe(true);
          const step = fround(data.scale * scale);
          const steps = biasSteps(wanted, step);
          // y is computed in float32: no bias is more exact than that.
          const float32 = abs(wanted) * FLT_EPSILON;
          expect(abs(fround(steps * step) - wanted)).toBeLessThanOrEqual(step / 2 + float32);
          const q = weights.quantized.subarray(channel * TAPS, (channel + 1) * TAPS);
          const products = q.reduce((sum, each) => sum + abs(each), 0) * largestInput;
          expect(products + abs(steps)).toBeLessThanOrEqual(INT32_MAX);
          const isDead = q.every((each) => each === 0);
          const mayChange = isDead || coarse.some((each) => each.channels.includes(channel));
          if (!mayChange && weights.scales.length > 1) expect(scale).toBe(own.scales[channel]);
          // Small beside what the channel gives: its bias alone, or with it products of up to 127 steps each.
          if (isDead && channelWise && coarse.length === 0)
            expect(step).toBeLessThanOrEqual(
              max(abs(wanted) * 2 ** -21, data.scale * FLT_EPSILON, wanted === 0 ? step : 0),
            );
        });
        const expected = dequantizeWeights(weights, weights.shape, weights.scales.length === 1 ? undefined : 0);
        expect(weights.fake).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});
