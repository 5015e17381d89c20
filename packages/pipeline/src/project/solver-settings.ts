import type { Dialect, SolverParameter } from '@caffe-quant/caffe-io';
import { createMessage, dialectSchema } from '@caffe-quant/caffe-io';
import type { ApVersion } from '@caffe-quant/kernels';
import { checkSolver, type SolverMessage, type SolverPlace, solverProblem } from '@caffe-quant/kernels/layer-types';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { formatFloat, formatMessage, hasErrors, nearest } from 'caffe-prototxt-parser';
import type { StageOptions } from '../stage-options.ts';

type Field = keyof SolverMessage & string;

/** What each `lr_policy` reads besides `base_lr`. Source: Caffe, SGDSolver::GetLearningRate. */
const POLICIES: Readonly<Record<string, readonly Field[]>> = {
  fixed: [],
  step: ['gamma', 'stepsize'],
  exp: ['gamma'],
  inv: ['gamma', 'power'],
  multistep: ['gamma', 'stepvalue'],
  poly: ['power'],
  sigmoid: ['gamma', 'stepsize'],
  multifixed: ['stagelr', 'stageiter'],
  plateau: ['gamma', 'plateau_winsize'],
};

/** What forks put before or beside the policy, by the field that asks for it; all of it decides the result. */
const SCHEDULES: Readonly<Partial<Record<Field, readonly Field[]>>> = {
  warmup_iter: ['warmup_start_lr'],
  rampup_interval: ['rampup_lr'],
  min_lr: [],
  momentum_policy: ['momentum_power', 'max_momentum'],
  weight_decay_policy: ['weight_decay_power', 'max_weight_decay'],
  larc: ['larc_policy', 'larc_eta'],
  local_lr_auto: ['local_gw_ratio'],
};

/** What each solver type reads, with Caffe's defaults. */
const TYPES: Readonly<Record<string, Partial<SolverParameter>>> = {
  SGD: { momentum: 0 },
  Nesterov: { momentum: 0 },
  AdaGrad: { delta: Math.fround(1e-8) },
  RMSProp: { rms_decay: Math.fround(0.99), delta: Math.fround(1e-8) },
  AdaDelta: { momentum: 0, delta: Math.fround(1e-8) },
  Adam: { momentum: 0, momentum2: Math.fround(0.999), delta: Math.fround(1e-8) },
};

/**
 * A base_lr from which on a solver of the type looks like one for training from scratch: what nets are commonly trained
 * with. Retraining with quantizers starts from a hundredth of that (AMCT's documentation). No rule for AdaGrad and AdaDelta.
 */
const HIGH_RATES: Readonly<Record<string, number>> = { SGD: 0.01, Nesterov: 0.01, RMSProp: 0.001, Adam: 0.001 };

/** Caffe's reference nets for ImageNet were trained for 310,000 to 450,000; retraining takes about a quarter. */
const MANY_ITERATIONS = 200_000;

/** What stands beside base_lr in its unit, or bends it: nothing that a rate which is found from the data could be held against. */
const BESIDE_RATE = ['warmup_iter', 'rampup_interval', 'min_lr', 'momentum_policy'] as const satisfies readonly Field[];

/** How SSD's solver can take average precision, `ap_version`. */
const AP_VERSIONS = ['Integral', 'MaxIntegral', '11point'] as const satisfies readonly ApVersion[];

/** The solver as training follows it. */
export interface SolverSettings {
  /** Only what decides the result, defaults filled in. Without a base_lr that is found from the data, before training. */
  readonly solver: SolverParameter;
  /** The same as text. */
  readonly text: string;
  /** Of everything that is random; 0 where the solver gives none. */
  readonly seed: number;
  /** How average precision is taken. */
  readonly apVersion: ApVersion;
  /** What training shows of itself: iterations between two lines, and how many the loss in them is a mean over. */
  readonly display: { readonly every: number; readonly averageLoss: number };
}

/**
 * Reduces a solver to what decides the result, the options put in: what the learning rate's policy and the solver's
 * type read, iterations, tests and the seed; not `display`, `snapshot_prefix`, `solver_mode` and the like.
 */
export function solverSettings(
  read: SolverMessage,
  options: StageOptions,
  place: SolverPlace,
): { settings: SolverSettings; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const report = (field: Field, code: string, message: string, hint?: string): void => {
    const position = (read[field] === undefined ? undefined : place.locate(read, field)) ?? {};
    diagnostics.push({ code, severity: 'error', message, file: place.file, ...position, ...(hint && { hint }) });
  };
  diagnostics.push(...checkSolver(read, place));
  const given: SolverMessage = {
    ...read,
    ...(options.baseLr !== undefined && { base_lr: Math.fround(options.baseLr) }),
    ...(options.maxIter !== undefined && { max_iter: options.maxIter }),
  };
  const { lr_policy: policy = '', type = 'SGD' } = given;
  const needed = policy === 'multifixed' ? (['max_iter'] as const) : (['lr_policy', 'max_iter'] as const);
  for (const field of needed) {
    if (given[field] === undefined) report(field, 'solver-incomplete', `the solver has no ${field}`);
  }
  const isFound = given.base_lr === undefined && policy !== 'multifixed';
  const besideRate = BESIDE_RATE.find((field) => given[field]);
  if (isFound && besideRate !== undefined) {
    const message = `the solver has no base_lr, and one that is found from the data does not go with ${besideRate}`;
    report(besideRate, 'solver-incomplete', message, 'write base_lr into the solver, or give the option baseLr');
  }
  if (given.base_lr !== undefined && !(given.base_lr >= 0)) {
    report('base_lr', 'solver-value', `base_lr must not be negative, but is ${given.base_lr}`);
  }
  if (given.max_iter !== undefined && given.max_iter < 1) {
    report('max_iter', 'solver-value', `max_iter must be at least 1, but is ${given.max_iter}`);
  }
  const policyFields = Object.hasOwn(POLICIES, policy) ? POLICIES[policy]! : undefined;
  if (policyFields === undefined && policy !== '') {
    report(
      'lr_policy',
      'solver-policy',
      `there is no lr_policy '${policy}'`,
      didYouMean(policy, Object.keys(POLICIES)),
    );
  }
  if (policy === 'multifixed' && options.baseLr !== undefined) {
    const message =
      "the option baseLr changes nothing with lr_policy 'multifixed', whose stages have rates of their own";
    report('lr_policy', 'solver-policy', message, 'leave the option out, and set stagelr in the solver');
  }
  for (const field of policyFields ?? []) {
    if (given[field] === undefined) {
      report('lr_policy', 'solver-incomplete', `lr_policy '${policy}' needs ${field}`);
    }
  }
  if (policyFields?.includes('stepsize') && given.stepsize !== undefined && given.stepsize < 1) {
    report('stepsize', 'solver-value', `stepsize must be at least 1, but is ${given.stepsize}`);
  }
  if (given.iter_size !== undefined && given.iter_size < 1) {
    report('iter_size', 'solver-value', `iter_size must be at least 1, but is ${given.iter_size}`);
  }
  if (!Object.hasOwn(TYPES, type)) {
    report('type', 'solver-type', `there is no solver type '${type}'`, didYouMean(type, Object.keys(TYPES)));
  }
  const { ap_version: asked = AP_VERSIONS[0] } = read as SolverParameter & { ap_version?: string };
  const apVersion = AP_VERSIONS.find((version) => version === asked) ?? AP_VERSIONS[0];
  if (asked !== apVersion) {
    report('ap_version' as Field, 'solver-value', `there is no ap_version '${asked}'`, didYouMean(asked, AP_VERSIONS));
  }
  const problem = hasErrors(diagnostics) ? undefined : solverProblem(isFound ? { ...given, base_lr: 1 } : given);
  if (problem) report(problem.field as Field, 'solver-value', problem.message);
  if (!hasErrors(diagnostics)) diagnostics.push(...fromScratch(read, given, place));
  const seed = given.random_seed !== undefined && given.random_seed >= 0 ? Number(given.random_seed) : 0;
  const solver = decisive(given, policyFields ?? [], seed, place.dialect);
  const text = formatMessage(solver, dialectSchema(place.dialect, 'SolverParameter'));
  return { settings: { solver, text, seed, apVersion, display: displayOf(read) }, diagnostics };
}

/** Warnings where a solver looks like the one that the float net was trained with. */
function fromScratch(read: SolverMessage, given: SolverMessage, place: SolverPlace): Diagnostic[] {
  const { base_lr = 0, stagelr = [], max_iter: iterations = 0, type = 'SGD' } = given;
  const field = given.lr_policy === 'multifixed' ? 'stagelr' : 'base_lr';
  const rate = field === 'stagelr' ? Math.max(...stagelr) : base_lr;
  const warning = (field: Field, message: string, hint: string): Diagnostic => {
    const position = (read[field] === undefined ? undefined : place.locate(read, field)) ?? {};
    return { code: 'solver-from-scratch', severity: 'warning', message, file: place.file, ...position, hint };
  };
  const high = HIGH_RATES[type];
  const found: Diagnostic[] = [];
  if (high !== undefined && rate >= Math.fround(high)) {
    const message = `${field} ${formatFloat(rate)} looks like training from scratch`;
    found.push(warning(field, message, 'retraining with quantizers needs about a hundredth of the float base_lr'));
  }
  if (iterations > MANY_ITERATIONS) {
    const message = `max_iter ${iterations} looks like training from scratch`;
    found.push(warning('max_iter', message, 'retraining with quantizers needs about a quarter of the iterations'));
  }
  return found;
}

export function displayOf({ display = 0, average_loss = 1 }: SolverParameter): SolverSettings['display'] {
  return { every: display, averageLoss: average_loss };
}

function decisive(
  given: SolverMessage,
  policyFields: readonly Field[],
  seed: number,
  dialect: Dialect,
): SolverParameter {
  const { type = 'SGD', weight_decay = 0, max_weight_decay = 0, clip_gradients = -1, clip_weights = -1 } = given;
  const tests = (given.test_interval ?? 0) > 0 && given.test_iter.length > 0;
  const typeFields = Object.hasOwn(TYPES, type) ? TYPES[type]! : {};
  const asked = (Object.keys(SCHEDULES) as Field[]).filter((field) => given[field]);
  return createMessage('SolverParameter', {
    type,
    base_lr: given.base_lr,
    lr_policy: given.lr_policy,
    max_iter: given.max_iter,
    iter_size: given.iter_size ?? 1,
    random_seed: seed,
    ...pick(given, policyFields),
    ...pick(given, asked),
    ...pick(
      given,
      asked.flatMap((field) => SCHEDULES[field]!),
    ),
    ...typeFields,
    ...pick(given, Object.keys(typeFields) as Field[]),
    // The rate of this policy depends on the loss that it is told.
    ...(given.lr_policy === 'plateau' && { average_loss: given.average_loss ?? 1 }),
    ...((weight_decay !== 0 || max_weight_decay !== 0) && {
      weight_decay,
      regularization_type: given.regularization_type ?? 'L2',
    }),
    ...(clip_gradients >= 0 && { clip_gradients }),
    ...(clip_weights >= 0 && { clip_weights }),
    ...pick(given, ['clamp_weights_lower', 'clamp_weights_upper']),
    ...(tests && {
      test_iter: given.test_iter.slice(0, 1),
      test_interval: given.test_interval,
      test_initialization: given.test_initialization ?? testsFirst(dialect),
    }),
  });
}

/** Whether a solver that says nothing of it tests before it trains: in NVIDIA's Caffe it does not. */
const testsFirst = (dialect: Dialect): boolean =>
  dialectSchema(dialect, 'SolverParameter').fields.get('test_initialization')?.default !== false;

function pick(solver: SolverMessage, fields: readonly Field[]): Partial<SolverMessage> {
  return Object.fromEntries(
    fields.filter((field) => solver[field] !== undefined).map((field) => [field, solver[field]]),
  );
}

function didYouMean(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === undefined ? `it can be ${candidates.join(', ')}` : `did you mean '${near}'?`;
}
