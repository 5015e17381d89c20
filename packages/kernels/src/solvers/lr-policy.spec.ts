import type { SolverParameter } from '@caffe-quant/caffe-io';
import { readSolverText } from '@caffe-quant/caffe-io';
import { readGoldens } from '../testing/goldens.ts';
import { learningRate, SolverError } from './lr-policy.ts';

const solverOf = (text: string): SolverParameter => readSolverText(text, 'solver.prototxt').solver;

describe("learningRate equals Caffe's", () => {
  const { cases } = readGoldens<{ name: string; solver: string; lr: number[] }>('lr');
  test.each(cases.map((golden) => [golden.name, golden] as const))('%s', (_name, golden) => {
    const solver = solverOf(golden.solver);
    const rates = golden.lr.map((_, iteration) => learningRate(solver, iteration));
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
])('%s is refused: %s', (text, message) => {
  const solver = solverOf(text);
  expect(() => learningRate(solver, 0)).toThrow(SolverError);
  expect(() => learningRate(solver, 0)).toThrow(message);
});
