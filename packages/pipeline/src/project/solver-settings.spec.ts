import { type Dialect, DIALECTS, dialectSchema, readSolverText, type SolverParameter } from '@caffe-quant/caffe-io';
import { SOLVER_FIELDS } from '@caffe-quant/kernels/layer-types';
import { type FieldSchema, formatDiagnostics } from 'caffe-prototxt-parser';
import type { StageOptions } from '../stage-options.ts';
import { solverSettings } from './solver-settings.ts';

const BASE = 'base_lr: 0.001 lr_policy: "fixed" max_iter: 10';

function settingsOf(text: string, options: StageOptions = {}) {
  const { solver, dialect, locate } = readSolverText(text, 'solver.prototxt');
  const { settings, diagnostics } = solverSettings(solver, options, { file: 'solver.prototxt', dialect, locate });
  return { ...settings, problems: formatDiagnostics(diagnostics) };
}

describe('what decides the result is kept, in one form', () => {
  const { text: base } = settingsOf(BASE);
  test.each([
    ['a comment', `# x\n${BASE}`],
    ['another order', 'max_iter: 10 lr_policy: "fixed" base_lr: 1e-3'],
    [
      'what is only shown or saved',
      `${BASE} display: 5 snapshot: 7 snapshot_prefix: "x" average_loss: 3 debug_info: true`,
    ],
    ['where it runs', `${BASE} solver_mode: CPU device_id: 3`],
    ['the defaults', `${BASE} type: "SGD" momentum: 0 iter_size: 1 weight_decay: 0 clip_gradients: -1`],
    ['the type as it was written before 2015', `${BASE} solver_type: SGD`],
    ['what another policy reads', `${BASE} gamma: 0.5 stepsize: 3`],
    ['how a decay of nothing is done', `${BASE} regularization_type: "L1"`],
    ['tests that never happen', `${BASE} test_iter: 5`],
  ])('%s makes no difference', (_, text) => expect(settingsOf(text)).toMatchObject({ text: base, problems: '' }));

  test.each([
    ['momentum', `${BASE} momentum: 0.9`],
    ['weight_decay', `${BASE} weight_decay: 0.1`],
    ['clip_gradients', `${BASE} clip_gradients: 5`],
    ['the seed', `${BASE} random_seed: 5`],
    ['tests', `${BASE} test_iter: 5 test_interval: 5`],
  ])('%s makes one', (_, text) => {
    expect(settingsOf(text).problems).toBe('');
    expect(settingsOf(text).text).not.toBe(base);
  });

  test('options come over it', () => {
    expect(settingsOf(BASE, { baseLr: 0.5, maxIter: 3 }).text).toContain('base_lr: 0.5\nmax_iter: 3\n');
    expect(settingsOf('lr_policy: "fixed"', { baseLr: 0.005, maxIter: 3 }).problems).toBe('');
  });
});

describe('problems', () => {
  test.each([
    ['', 'the solver has no lr_policy'],
    ['base_lr: 1 max_iter: 2', 'the solver has no lr_policy'],
    [
      'base_lr: 0.01 lr_policy: "stp" max_iter: 1',
      "solver.prototxt:1:15: error: there is no lr_policy 'stp'\n  hint: did you mean 'step'?",
    ],
    ['base_lr: 0.01 lr_policy: "step" max_iter: 1 gamma: 0.1', "lr_policy 'step' needs stepsize"],
    ['base_lr: 0.01 lr_policy: "step" max_iter: 1 gamma: 0.1 stepsize: 0', 'stepsize must be at least 1, but is 0'],
    ['base_lr: -1 lr_policy: "fixed" max_iter: 1', 'base_lr must not be negative, but is -1'],
    [
      'base_lr: nan lr_policy: "fixed" max_iter: 1',
      'solver.prototxt:1:1: error: base_lr must be a finite number, but is nan',
    ],
    [`${BASE} momentum: inf`, 'momentum must be a finite number, but is inf'],
    [`${BASE} weight_decay: -inf`, 'weight_decay must be a finite number, but is -inf'],
    [
      'lr_policy: "multifixed" max_iter: 2 stagelr: 0.1 stagelr: nan stageiter: 1 stageiter: 2',
      'solver.prototxt:1:59: error: stagelr must be a finite number, but is nan',
    ],
    ['base_lr: 1 lr_policy: "fixed" max_iter: 0', 'max_iter must be at least 1, but is 0'],
    [`${BASE} iter_size: 0`, 'iter_size must be at least 1, but is 0'],
    [`${BASE} type: "Adm"`, "there is no solver type 'Adm'\n  hint: did you mean 'Adam'?"],
  ])('%s: %s', (text, expected) => expect(settingsOf(text).problems).toContain(expected));
});

describe('what looks like training from scratch is warned of', () => {
  const solver = (type: string, rate: number, iterations = 10) =>
    settingsOf(`type: "${type}" base_lr: ${rate} lr_policy: "fixed" max_iter: ${iterations}`).problems;

  test.each([
    ['SGD', 0.01],
    ['Nesterov', 0.05],
    ['Adam', 0.001],
    ['RMSProp', 0.01],
  ])('%s with base_lr %d', (type, rate) => {
    expect(solver(type, rate)).toContain(
      `solver.prototxt:1:${type.length + 10}: warning: base_lr ${rate} looks like training from scratch`,
    );
  });

  test.each([
    ['SGD', 0.0099],
    ['Adam', 0.0001],
    ['AdaDelta', 1],
  ])('%s with base_lr %d is not', (type, rate) => expect(solver(type, rate)).toBe(''));

  test('the highest rate of a stage', () => {
    const text =
      'base_lr: 0.0001 lr_policy: "multifixed" max_iter: 9 stagelr: 0.001 stagelr: 0.05 stageiter: 3 stageiter: 6';
    expect(settingsOf(text).problems).toContain('warning: stagelr 0.05 looks like training from scratch');
  });

  test('many iterations', () => {
    expect(solver('SGD', 0.001, 450_000)).toContain('warning: max_iter 450000 looks like training from scratch');
  });
});

describe('the solvers of forks', () => {
  test.each([
    ['warmup_iter: 5 warmup_start_lr: 0.0001', 'warmup_iter: 5\nwarmup_start_lr: 0.0001'],
    ['rampup_interval: 5 rampup_lr: 0.0001 min_lr: 0.00005', 'rampup_interval: 5\nrampup_lr: 0.0001\nmin_lr: 5e-05'],
    ['momentum: 0.5 momentum_policy: "poly" max_momentum: 0.9', 'momentum_policy: "poly"\nmax_momentum: 0.9'],
    ['larc: true larc_policy: "clip" larc_eta: 0.002', 'larc: true\nlarc_policy: "clip"\nlarc_eta: 0.002'],
    ['local_lr_auto: true local_gw_ratio: 0.002', 'local_lr_auto: true\nlocal_gw_ratio: 0.002'],
    ['clip_weights: 0', 'clip_weights: 0'],
    ['clamp_weights_lower: 0 clamp_weights_upper: 1', 'clamp_weights_lower: 0\nclamp_weights_upper: 1'],
    [
      'weight_decay: 0.5 weight_decay_policy: "poly" max_weight_decay: 0',
      'weight_decay_policy: "poly"\nmax_weight_decay: 0',
    ],
    [
      'weight_decay_policy: "poly" max_weight_decay: 0.5 regularization_type: "L1"',
      'regularization_type: "L1"\nmax_weight_decay: 0.5',
    ],
  ])('%s is followed, so it is kept', (fields, kept) => {
    const { text, problems } = settingsOf(`${BASE} ${fields}`);
    expect(problems).toBe('');
    for (const line of kept.split('\n')) expect(text).toContain(line);
  });

  test('what only prints makes no difference', () => {
    const { text, problems } = settingsOf(`${BASE} show_per_class_result: true`);
    expect(problems).toBe('');
    expect(text).toBe(settingsOf(BASE).text);
  });

  test.each([
    ['momentum_policy: "cubic"', "momentum_policy 'cubic' is not one of fixed, poly, opt"],
    [
      'type: "Adam" momentum_policy: "poly"',
      "momentum_policy is followed by the solver type 'SGD' alone, not by 'Adam'",
    ],
    ['type: "AdaGrad" momentum: 0.9', "momentum cannot be used with the solver type 'AdaGrad'"],
    ['weight_decay: 1 weight_decay_policy: "poly"', "weight_decay_policy 'poly' needs max_weight_decay here"],
    ['local_lr_auto: true iter_size: 2', 'local_lr_auto is not supported with iter_size above 1'],
    ['larc_turbo: true', 'larc_turbo, a field of NVIDIA/caffe'],
    ['weight_decay_policy: "cubic"', "weight_decay_policy 'cubic' is not one of fixed, poly"],
    ['larc: true larc_policy: "cubic"', "larc_policy 'cubic' is not one of scale, clip"],
    ['min_lr: -1', 'min_lr must not be negative, but is -1'],
    ['solver_type: SAG', "there is no solver type 'SAG'"],
  ])('%s: a schedule that cannot be followed is an error with its line', (fields, expected) => {
    const { problems } = settingsOf(`${BASE}\n${fields}`);
    expect(problems).toMatch(/^solver\.prototxt:2:\d+: error: /);
    expect(problems).toContain(expected);
  });

  test("NVIDIA's default is not to test before training", () => {
    const tests = 'test_iter: 5 test_interval: 5';
    expect(settingsOf(`${BASE} ${tests} min_lr: 0.0001`).text).toContain('test_initialization: false');
    expect(settingsOf(`${BASE} ${tests}`).text).toContain('test_initialization: true');
  });

  test('an option that would change nothing is an error', () => {
    const text = 'lr_policy: "multifixed" max_iter: 10 stagelr: 0.001 stageiter: 5';
    expect(settingsOf(text).problems).toBe('');
    expect(settingsOf(text, { baseLr: 0.01 }).problems).toContain(
      "solver.prototxt:1:1: error: the option baseLr changes nothing with lr_policy 'multifixed'",
    );
  });

  test('each stage needs its end', () => {
    const text = 'base_lr: 0.001 lr_policy: "multifixed" max_iter: 10 stagelr: 0.1 stagelr: 0.01 stageiter: 5';
    expect(settingsOf(text).problems).toContain(
      'needs one stageiter for each stagelr, but has 2 stagelr and 1 stageiter',
    );
  });

  test('what the loss of plateau is a mean over decides the rate, so it is kept', () => {
    const text = 'base_lr: 0.001 lr_policy: "plateau" max_iter: 10 gamma: 0.5 plateau_winsize: 5 plateau_winsize: 3';
    expect(settingsOf(text).problems).toBe('');
    expect(settingsOf(text).text).toContain('average_loss: 1\n');
    expect(settingsOf(text).text).toContain('plateau_winsize: 5\nplateau_winsize: 3\n');
    expect(settingsOf(`${text} average_loss: 20`).text).toContain('average_loss: 20\n');
  });

  test('what training does not follow is an error with its line, and the reason', () => {
    expect(settingsOf(`${BASE}\ndisabled_update: true`).problems).toContain(
      'solver.prototxt:2:1: error: disabled_update, a field of intel/caffe, is not supported: a training that updates',
    );
  });
});

/** What of a solver is read elsewhere: `solverNets`, `statesOf`, `upgradeSolver`, `otherWeights`. */
const READ_ELSEWHERE = new Set([
  ...['net', 'net_param', 'train_net', 'train_net_param', 'test_net', 'test_net_param', 'train_state', 'test_state'],
  'solver_type',
  'weights',
]);

const SOLVERS = [
  'lr_policy: "fixed"',
  'lr_policy: "step" gamma: 0.5 stepsize: 4',
  'lr_policy: "multistep" gamma: 0.5 stepvalue: 4',
  'lr_policy: "inv" gamma: 0.5 power: 4',
  'lr_policy: "multifixed" stagelr: 0.5 stageiter: 4',
  'lr_policy: "fixed" type: "Adam"',
  'lr_policy: "fixed" type: "RMSProp"',
  'lr_policy: "fixed" weight_decay: 0.25',
  'lr_policy: "fixed" warmup_iter: 4',
  'lr_policy: "fixed" rampup_interval: 4',
  'lr_policy: "plateau" gamma: 0.5 plateau_winsize: 4',
  'lr_policy: "fixed" momentum_policy: "poly" weight_decay_policy: "poly" max_weight_decay: 0.5 larc: true',
  'lr_policy: "fixed" local_lr_auto: true',
  'lr_policy: "fixed" test_iter: 3 test_interval: 4',
];

test('every field that training is said to follow changes its settings, or is refused', () => {
  const fields = DIALECTS.flatMap((dialect) => [...dialectSchema(dialect, 'SolverParameter').fields.values()]);
  const read = new Map(
    fields
      .filter(({ name }) => SOLVER_FIELDS[name] === true && !READ_ELSEWHERE.has(name))
      .map((field) => [field.name, field]),
  );
  const outcome = (solver: SolverParameter, dialect: Dialect): string =>
    JSON.stringify(solverSettings(solver, {}, { file: 'solver.prototxt', dialect, locate: () => undefined }));
  const has = (dialect: Dialect, names: string[]) =>
    names.every((name) => dialectSchema(dialect, 'SolverParameter').fields.has(name));
  const valuesOf = (field: FieldSchema): unknown[] => {
    if (field.kind !== 'scalar') return [];
    if (field.type === 'bool') return [true, false];
    return field.type === 'string' ? ['poly', 'L1', 'Adam', '11point'] : [7];
  };
  const idle = [...read.values()].filter((field) => {
    const { name, cardinality } = field;
    return SOLVERS.every((text) => {
      const { solver } = readSolverText(`base_lr: 0.001 max_iter: 10 ${text}`, 'solver.prototxt');
      const dialect = DIALECTS.find((each) => has(each, [...Object.keys(solver), name]));
      if (dialect === undefined) return true;
      const before = outcome(solver, dialect);
      return valuesOf(field).every((value) => {
        const set = { ...solver, [name]: cardinality === 'repeated' ? [value] : value };
        return outcome(set as SolverParameter, dialect) === before;
      });
    });
  });
  expect(idle.map(({ name }) => name)).toEqual([]);
});
