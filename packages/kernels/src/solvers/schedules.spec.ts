import { readSolverText, type SolverParameter } from '@caffe-quant/caffe-io';
import { rateSchedule } from './lr-policy.ts';
import { decaySchedule, momentumSchedule, scheduledMomentum, scheduledWeightDecay } from './schedules.ts';
import { SolverError } from './solver-error.ts';

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
    const solver = solverOf(text);
    const actual = scheduledMomentum(momentumSchedule(solver), rateSchedule(solver), iteration);
    if (momentum === undefined) expect(actual).toBeUndefined();
    else expect(actual).toBeCloseTo(momentum, 6);
  });
});

test.each([
  ['weight_decay: 0.4', [undefined, undefined]],
  ['weight_decay: 0.4 weight_decay_policy: "poly" max_weight_decay: 0', [0.4, 0.3, 0.2, 0.1]],
  ['weight_decay: 0.4 weight_decay_policy: "poly" max_weight_decay: 0.8', [0.4, 0.5, 0.6, 0.7]],
  ['weight_decay_policy: "poly" max_weight_decay: 0.8 weight_decay_power: 2', [0, 0.05, 0.2, 0.45]],
])('%s', (text, expected) => {
  const schedule = decaySchedule(solverOf(text));
  expected.forEach((decay, iteration) => {
    const actual = scheduledWeightDecay(schedule, iteration);
    if (decay === undefined) expect(actual).toBeUndefined();
    else expect(actual).toBeCloseTo(decay, 6);
  });
});

test.each([
  ['momentum_policy', () => momentumSchedule(solverOf('momentum_policy: "up"')), 'is not one of fixed, poly, opt'],
  ['weight_decay_policy', () => decaySchedule(solverOf('weight_decay_policy: "up"')), 'is not one of fixed, poly'],
  ['weight_decay_policy', () => decaySchedule(solverOf('weight_decay_policy: "poly"')), 'needs max_weight_decay here'],
  [
    'regularization_type',
    () => decaySchedule(solverOf('weight_decay: 1 regularization_type: "L3"')),
    'is not one of L1, L2',
  ],
])('%s that cannot be followed is refused', (field, schedule, message) => {
  expect(schedule).toThrow(SolverError);
  expect(schedule).toThrow(message);
  expect(schedule).toThrow(expect.objectContaining({ field }));
});
