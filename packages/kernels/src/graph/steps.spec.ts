import fc from 'fast-check';
import { runGraph } from '../testing/run-graph.ts';
import { channelBlock } from './channel-block.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';
import { intoBlocks } from './in-blocks.ts';
import { slopeAt, stepAbove, stepBelow, unitStep } from './steps.ts';

const SHAPE = [1, 16, 2, 2];
const COUNT = 64;

/** The float32 numbers around `value`, `steps` away from it. */
function neighbour(value: number, steps: number): number {
  const bits = new Int32Array(Float32Array.of(value).buffer);
  bits[0]! += steps;
  return new Float32Array(bits.buffer)[0]!;
}

async function stepsOf(x: Float32Array, threshold: number, isBlocked: boolean) {
  const build = (g: GraphBuilder): Record<string, Value> => {
    const value = g.input('x', SHAPE);
    if (isBlocked) intoBlocks(g, value);
    const [high, low] = [g.input('high', []), g.input('low', [])];
    const slope = g.input('slope', []);
    return {
      unit: unitStep(g, value),
      above: stepAbove(g, value, high, slope),
      below: stepBelow(g, value, low, slope),
    };
  };
  const scalars = { high: threshold, low: -threshold, slope: slopeAt(threshold) };
  const feeds = Object.fromEntries(Object.entries(scalars).map(([name, number]) => [name, Float32Array.of(number)]));
  return runGraph(build, { x, ...feeds }, 1, isBlocked ? await channelBlock() : 1);
}

test('a step is 0 or 1 exactly at its threshold, in blocks as without', async () => {
  const threshold = fc.oneof(fc.constant(0), fc.float({ min: Math.fround(1e-6), max: Math.fround(1e6), noNaN: true }));
  await fc.assert(
    fc.asyncProperty(threshold, fc.integer({ min: 0, max: 1000 }), async (limit, seed) => {
      const x = Float32Array.from({ length: COUNT }, (_, i) => {
        const near = limit === 0 ? (i % 7) * 1e-30 : neighbour(limit, (i % 9) - 4);
        return (i % 3 === 0 ? near * (1 + i + seed) : near) * (i % 2 === 0 ? 1 : -1);
      });
      const expected = {
        unit: x.map((value) => (value > 0 ? 1 : 0)),
        above: x.map((value) => (value > limit ? 1 : 0)),
        below: x.map((value) => (value < -limit ? 1 : 0)),
      };
      for (const isBlocked of [true, false]) {
        const steps = await stepsOf(x, limit, isBlocked);
        for (const [name, values] of Object.entries(expected)) {
          expect([name, isBlocked, ...steps[name]!]).toEqual([name, isBlocked, ...values]);
        }
      }
    }),
    { numRuns: 30, seed: 1 },
  );
});

test('what is infinite is above or below every threshold', async () => {
  const x = Float32Array.from({ length: COUNT }, (_, i) => (i % 2 === 0 ? Infinity : -Infinity));
  const { above, below } = await stepsOf(x, 3, true);
  expect(above).toEqual(x.map((value) => (value > 0 ? 1 : 0)));
  expect(below).toEqual(x.map((value) => (value < 0 ? 1 : 0)));
});
