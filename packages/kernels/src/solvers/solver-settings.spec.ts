import { readSolverText } from '@caffe-quant/caffe-io';
import { solverProblem, solverSettings } from './solver-settings.ts';

const solverOf = (text: string) =>
  readSolverText(`base_lr: 0.1 lr_policy: "fixed" max_iter: 4 ${text}`, 'solver.prototxt').solver;

test("what a solver does not say is Caffe's default", () => {
  expect(solverSettings(solverOf(''))).toMatchObject({
    type: 'SGD',
    rate: { base: Math.fround(0.1), policy: { kind: 'fixed' }, minimum: 0 },
    momentum: { base: 0, policy: { kind: 'fixed' } },
    decay: { base: 0, regularization: 'L2', policy: { kind: 'fixed' } },
    momentum2: Math.fround(0.999),
    rmsDecay: Math.fround(0.99),
    delta: Math.fround(1e-8),
    iterSize: 1,
    seed: 0,
  });
  expect(solverSettings(solverOf(''))).toMatchObject({ clipGradients: undefined, layerRate: undefined });
});

test.each([
  ['type: "Adm"', 'type', "solver type 'Adm' is not one of SGD, Nesterov"],
  ['iter_size: 0', 'iter_size', 'iter_size must be at least 1, but is 0'],
  ['type: "RMSProp" rms_decay: 1', 'rms_decay', 'rms_decay must be from 0 to below 1, but is 1'],
  ['type: "AdaGrad" momentum: 0.9', 'momentum', "momentum cannot be used with the solver type 'AdaGrad'"],
  ['type: "RMSProp" momentum: 0.9', 'momentum', "momentum cannot be used with the solver type 'RMSProp'"],
  ['type: "Nesterov" momentum_policy: "poly"', 'momentum_policy', "'SGD' alone, not by 'Nesterov'"],
  ['type: "Adam" larc: true', 'larc', "larc is followed by the solver type 'SGD' alone, not by 'Adam'"],
  ['larc: true larc_policy: "cubic"', 'larc_policy', "larc_policy 'cubic' is not one of scale, clip"],
  ['local_lr_auto: true iter_size: 2', 'local_lr_auto', 'not supported with iter_size above 1'],
  ['local_lr_auto: true type: "Adam"', 'local_lr_auto', "local_lr_auto is followed by the solver type 'SGD' alone"],
])('%s is refused', (text, field, message) => {
  const problem = solverProblem(solverOf(text));
  expect(problem).toMatchObject({ field });
  expect(problem!.message).toContain(message);
});

test.each([
  ['gamma: 0.1', 'needs plateau_winsize'],
  ['plateau_winsize: 5', 'needs gamma'],
  ['gamma: 0.1 plateau_winsize: 5 plateau_winsize: 0', 'plateau_winsize must be at least 1, but is 0'],
  ['gamma: 0.1 plateau_winsize: 5 average_loss: 0', 'average_loss must be at least 1, but is 0'],
])('lr_policy plateau with %s is refused', (text, message) => {
  const { solver } = readSolverText(`base_lr: 0.1 lr_policy: "plateau" max_iter: 4 ${text}`, 'solver.prototxt');
  expect(solverProblem(solver)!.message).toContain(message);
});
