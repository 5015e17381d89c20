import { readSolverText } from '@caffe-quant/caffe-io';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { runGraph } from '../graph/run-once.ts';
import { CLIP_STEP, clipRate, clipStep } from './clip-steps.ts';
import { rateSchedule } from './lr-policy.ts';

interface Range {
  max: number;
  min: number;
  squares: number;
}

/** One step, computed by the graph. */
async function step(from: Range, gradient: { max: number; min?: number }, rate: number): Promise<Range> {
  const scalars = { M: from.max, m: from.min, dM: gradient.max, dm: gradient.min ?? 0, v: from.squares, r: rate };
  const out = await runGraph(
    (g: GraphBuilder) => {
      const input = (name: keyof typeof scalars) => g.input(name, []);
      const max = { value: input('M'), gradient: input('dM') };
      const lower = { value: input('m'), gradient: input('dm') };
      const min = gradient.min === undefined ? undefined : lower;
      const next = clipStep(g, { max, min, squares: input('v'), rate: input('r') });
      return { max: next.max, min: next.min ?? lower.value, squares: next.squares };
    },
    Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, Float32Array.of(value)])),
  );
  return { max: out['max']![0]!, min: out['min']![0]!, squares: out['squares']![0]! };
}

test('steps of both ends, and of one alone, by hand', async () => {
  // R = 4, u = 4 (0.3, -0.4) = (1.2, -1.6), |u|^2 = 4, v' = 16: a step of 0.1 * 4 * u / 4.
  const both = await step({ max: 3, min: -1, squares: 12 }, { max: 0.3, min: -0.4 }, 0.1);
  expect(both.max).toBeCloseTo(3 - 0.12, 6);
  expect(both.min).toBeCloseTo(-1 + 0.16, 6);
  expect(both.squares).toBeCloseTo(16, 5);
  // The first gradient moves a range by the whole share, whatever its size.
  const one = await step({ max: 3, min: 0, squares: 0 }, { max: -1e-6 }, 0.1);
  expect(one).toMatchObject({ max: expect.closeTo(3.3, 6) as number, min: 0 });
});

test('no gradient moves nothing', async () => {
  expect(await step({ max: 3, min: -1, squares: 0 }, { max: 0, min: 0 }, 0.1)).toEqual({ max: 3, min: -1, squares: 0 });
});

test.each([
  ['blob of 1,000 times the size: gradients of a thousandth', 1000, 1 / 1000],
  ['loss of 1,000 times the weight', 1, 1000],
  ['both', 0.001, 1000],
])('a %s gives the same shares of the width', async (_, size, gradientSize) => {
  const gradients = [
    { max: -0.5, min: 0.2 },
    { max: -0.3, min: -0.1 },
    { max: 0.1, min: 0.3 },
  ];
  let [plain, scaled] = [
    { max: 2, min: -1, squares: 0 },
    { max: 2 * size, min: -size, squares: 0 },
  ];
  for (const { max, min } of gradients) {
    plain = await step(plain, { max, min }, 0.1);
    scaled = await step(scaled, { max: max * gradientSize, min: min * gradientSize }, 0.1);
    expect(scaled.max / size).toBeCloseTo(plain.max, 5);
    expect(scaled.min / size).toBeCloseTo(plain.min, 5);
  }
});

const SOLVER = 'base_lr: 0.02 max_iter: 100';

test.each([
  ['a fixed rate: rises over ten iterations', 'lr_policy: "fixed"', [0, 4, 9, 50], [0.1, 0.5, 1, 1]],
  [
    'follows a rate that falls',
    'lr_policy: "multistep" gamma: 0.1 stepvalue: 20 stepvalue: 40',
    [19, 20, 40],
    [1, 0.1, 0.01],
  ],
  ['stages', 'lr_policy: "multifixed" stagelr: 0.04 stagelr: 0.01 stageiter: 50 stageiter: 100', [20, 60], [1, 0.25]],
  ['a rate of 0 trains no range', 'lr_policy: "fixed" base_lr: 0', [0, 20], [0, 0]],
])('%s', (_, policy, iterations, shares) => {
  const rate = rateSchedule(readSolverText(`${SOLVER} ${policy}`, 'solver.prototxt').solver);
  iterations.forEach((iteration, i) => expect(clipRate(rate, iteration) / CLIP_STEP).toBeCloseTo(shares[i]!, 5));
});
