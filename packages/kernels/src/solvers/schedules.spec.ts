import { readSolverText, type SolverParameter } from '@caffe-quant/caffe-io';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { runGraph } from '../graph/run-once.ts';
import { larcRate } from './larc.ts';
import { SolverError } from './lr-policy.ts';
import { scheduledMomentum, scheduledWeightDecay } from './schedules.ts';

const solverOf = (text: string): SolverParameter =>
  readSolverText(`base_lr: 0.04 lr_policy: "fixed" max_iter: 4 ${text}`, 'solver.prototxt', { dialect: 'nvidia' })
    .solver;

/** By hand, after NVIDIA/caffe's `GetMomentum` and `GetWeightDecay`. */
test.each([
  ['momentum: 0.5', [undefined, undefined]],
  ['momentum: 0.5 momentum_policy: "poly" max_momentum: 0.9', [0.5, 0.6, 0.7, 0.8]],
  ['momentum: 0.5 momentum_policy: "poly" max_momentum: 0.9 momentum_power: 2', [0.5, 0.525, 0.6]],
  ['momentum_policy: "opt"', [0.81, 0.81]],
  ['momentum_policy: "opt" max_momentum: 0.8', [0.8]],
])('%s', (text, expected) => {
  expected.forEach((momentum, iteration) => {
    const actual = scheduledMomentum(solverOf(text), iteration);
    if (momentum === undefined) expect(actual).toBeUndefined();
    else expect(actual).toBeCloseTo(momentum, 6);
  });
});

test('weight decay grows to its value with weight_decay_policy poly', () => {
  const solver = solverOf('weight_decay: 0.4 weight_decay_policy: "poly"');
  [0, 0.1, 0.2, 0.3].forEach((decay, iteration) => {
    expect(scheduledWeightDecay(solver, iteration)).toBeCloseTo(decay, 6);
  });
  expect(scheduledWeightDecay(solverOf('weight_decay: 0.4'), 1)).toBeUndefined();
});

test.each([
  ['momentum_policy', () => scheduledMomentum(solverOf('momentum_policy: "up"'), 0)],
  ['weight_decay_policy', () => scheduledWeightDecay(solverOf('weight_decay_policy: "up"'), 0)],
])('%s that is none is refused', (_, schedule) => {
  expect(schedule).toThrow(SolverError);
});

test.each([
  ['scale', [3, 4], [0, 2], 0.04 * 0.01 * (5 / 2)],
  ['clip', [3, 4], [0, 2], 0.025],
  ['clip', [300, 400], [0, 2], 0.04],
  ['clip', [0, 0], [0, 2], 0.04],
  ['scale', [3, 4], [0, 0], 0.04],
])('larc %s: weights %j, gradient %j', async (policy, weights, gradient, expected) => {
  const solver = solverOf(`larc: true larc_policy: "${policy}" larc_eta: 0.01`);
  const { rate } = await runGraph(
    (g: GraphBuilder) => ({
      rate: larcRate(g, solver, { value: g.input('w', [2]), gradient: g.input('d', [2]), rate: g.input('r', []) })!,
    }),
    { w: Float32Array.from(weights), d: Float32Array.from(gradient), r: Float32Array.of(0.04) },
  );
  expect(rate![0]).toBeCloseTo(expected, 6);
});
