import type { SolverParameter } from '@caffe-quant/caffe-io';
import { readSolverText } from '@caffe-quant/caffe-io';
import { readGoldens } from '../testing/goldens.ts';
import { learningRate, rateSchedule } from './lr-policy.ts';
import { SolverError } from './solver-error.ts';

const solverOf = (text: string): SolverParameter => readSolverText(text, 'solver.prototxt').solver;

describe("learningRate equals Caffe's", () => {
  const { cases } = readGoldens<{ name: string; solver: string; lr: number[] }>('lr');
  test.each(cases.map((golden) => [golden.name, golden] as const))('%s', (_name, golden) => {
    const schedule = rateSchedule(solverOf(golden.solver));
    const rates = golden.lr.map((_, iteration) => learningRate(schedule, iteration));
    // pow and exp of C and of JavaScript may differ in the last bit.
    rates.forEach((rate, i) => expect(Math.abs(rate / golden.lr[i]! - 1)).toBeLessThan(3e-7));
  });
});

test.each([
  ['lr_policy: "stp" base_lr: 0.1', "lr_policy 'stp' is not one of fixed"],
  ['base_lr: 0.1', "lr_policy '' is not one of"],
  ['lr_policy: "step" base_lr: 0.1 stepsize: 5', "lr_policy 'step' needs gamma"],
  ['lr_policy: "step" base_lr: 0.1 gamma: -0.1 stepsize: 5', 'gamma must not be negative'],
  ['lr_policy: "step" base_lr: 0.1 gamma: 0.1 stepsize: 0', 'stepsize must be positive'],
  ['lr_policy: "fixed"', "lr_policy 'fixed' needs base_lr"],
  ['lr_policy: "multifixed" stagelr: 1 stageiter: 3 warmup_iter: 2', "lr_policy 'multifixed' needs base_lr"],
])('%s is refused: %s', (text, message) => {
  const solver = solverOf(text);
  expect(() => rateSchedule(solver)).toThrow(SolverError);
  expect(() => rateSchedule(solver)).toThrow(message);
});

/** By hand, after the sources of intel/caffe and NVIDIA/caffe 0.17. */
test.each([
  ['a straight line up to base_lr', 'base_lr: 0.8 lr_policy: "fixed" warmup_iter: 4', [0, 0.2, 0.4, 0.6, 0.8, 0.8]],
  [
    'a straight line from warmup_start_lr, then the policy of the iteration',
    'base_lr: 0.8 lr_policy: "step" gamma: 0.5 stepsize: 2 warmup_iter: 2 warmup_start_lr: 0.4',
    [0.4, 0.6, 0.4, 0.4, 0.2],
  ],
  ['a parabola', 'base_lr: 0.9 lr_policy: "fixed" rampup_interval: 2 rampup_lr: 0.1', [0.1, 0.3, 0.9]],
  [
    'poly that ends in min_lr',
    'base_lr: 1 lr_policy: "poly" power: 1 max_iter: 4 min_lr: 0.2',
    [1, 0.8, 0.6, 0.4, 0.2],
  ],
  [
    'min_lr under another policy',
    'base_lr: 1 lr_policy: "step" gamma: 0.1 stepsize: 1 min_lr: 0.05',
    [1, 0.1, 0.05, 0.05],
  ],
  [
    'stages, each up to its last iteration',
    'lr_policy: "multifixed" stagelr: 0.3 stagelr: 0.2 stageiter: 1 stageiter: 3',
    [0.3, 0.3, 0.2, 0.2, 0.2],
  ],
])('%s', (_, text, rates) => {
  const schedule = rateSchedule(solverOf(text));
  rates.forEach((rate, iteration) => expect(learningRate(schedule, iteration)).toBeCloseTo(rate, 6));
});
