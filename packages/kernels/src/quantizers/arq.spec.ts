import fc from 'fast-check';
import { FLOAT32_BELOW_HALF } from '../graph/ops.ts';
import type { ArqCase } from '@caffe-quant/goldens';
import { readGoldens } from '../testing/goldens.ts';
import { runGraph } from '../testing/run-graph.ts';
import { ArqError, arqForward, dequantizeWeights, quantizeWeights } from './arq.ts';
import { channelAxisOf } from '../layers/registry.ts';
import { roundHalfAway, roundHalfEven } from './rounding.ts';

const goldens = readGoldens<ArqCase>('arq');
const axisOf = (golden: ArqCase) => (golden.channel_wise ? channelAxisOf(golden.layer_type) : undefined);
const withoutNegativeZero = (values: Iterable<number>) => Array.from(values, (value) => value + 0);

describe('ARQ equals the AMCT library', () => {
  test.each(goldens.cases.filter(({ status }) => status === 0).map((golden) => [golden.name, golden] as const))(
    '%s',
    async (_name, golden) => {
      const weights = goldens.f32(golden.w);
      const result = quantizeWeights(weights, golden.shape, axisOf(golden));
      expect([...result.scales]).toEqual([...goldens.f32(golden.scale_w!)]);
      expect([...result.quantized]).toEqual([...goldens.i8(golden.q!)]);
      const fake = withoutNegativeZero(goldens.f32(golden.fake!));
      expect(withoutNegativeZero(dequantizeWeights(result, golden.shape, axisOf(golden)))).toEqual(fake);
      const out = await runGraph((g) => ({ fake: arqForward(g, g.input('w', golden.shape), axisOf(golden)).weights }), {
        w: weights,
      });
      expect(withoutNegativeZero(out['fake']!)).toEqual(fake);
    },
  );

  test.each(goldens.cases.filter(({ status }) => status !== 0).map((golden) => [golden.name, golden] as const))(
    '%s is an error',
    (_name, golden) => {
      expect(() => quantizeWeights(goldens.f32(golden.w), golden.shape, axisOf(golden))).toThrow(ArqError);
    },
  );
});

describe('rounding', () => {
  test.each([
    [-127.5, -128, -128],
    [-0.5, -1, 0],
    [0.5, 1, 0],
    [1.5, 2, 2],
    [2.5, 3, 2],
    [-2.5, -3, -2],
    [FLOAT32_BELOW_HALF, 0, 0],
  ])('%d rounds away to %d and to even %d', (value, away, even) => {
    expect(roundHalfAway(value) + 0).toBe(away);
    expect(roundHalfEven(value) + 0).toBe(even);
  });

  test("the graph's rounding is exact for every float32", () => {
    fc.assert(
      fc.property(fc.float({ min: -200, max: 200, noNaN: true }), (value) => {
        const inGraph = Math.sign(value) * Math.floor(Math.fround(Math.abs(value) + Math.fround(FLOAT32_BELOW_HALF)));
        expect(inGraph + 0).toBe(roundHalfAway(value) + 0);
      }),
      { numRuns: 2000, examples: [[FLOAT32_BELOW_HALF], [0.5], [1.4999998807907104], [127.5]] },
    );
  });
});
