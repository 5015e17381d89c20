import { SolverError } from './solver-error.ts';
import { required, type SolverMessage } from './solver-message.ts';

const { floor, fround } = Math;

/** `lr_policy` with what it reads; numbers that Caffe keeps as float are float32. */
export type RatePolicy =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'step'; readonly gamma: number; readonly stepSize: number }
  | { readonly kind: 'exp'; readonly gamma: number }
  | { readonly kind: 'inv'; readonly gamma: number; readonly power: number }
  | { readonly kind: 'multistep'; readonly gamma: number; readonly steps: readonly number[] }
  | { readonly kind: 'poly'; readonly power: number; readonly iterations: number }
  | { readonly kind: 'sigmoid'; readonly gamma: number; readonly stepSize: number }
  /** The rate of each stage, and the last iteration of each. */
  | { readonly kind: 'multifixed'; readonly rates: readonly number[]; readonly lastIterations: readonly number[] }
  | PlateauPolicy;

/** The rate falls to gamma times itself each time that the loss has had no new minimum for a window of iterations. */
export interface PlateauPolicy {
  readonly kind: 'plateau';
  readonly gamma: number;
  /** Iterations without a new minimum after which the rate falls: the first time, the second time, ... */
  readonly windows: readonly number[];
  /** Iterations that the loss is a mean over. */
  readonly averageLoss: number;
}

/** How the learning rate goes from iteration to iteration; float32. */
export interface RateSchedule {
  /** `base_lr`. */
  readonly base: number;
  readonly policy: RatePolicy;
  /** intel/caffe: iterations on a straight line from `start` to `base`; 0: none. */
  readonly warmUp: { readonly iterations: number; readonly start: number };
  /** NVIDIA/caffe: iterations on a parabola from `start` to `base`; 0: none. */
  readonly rampUp: { readonly iterations: number; readonly start: number };
  /** NVIDIA/caffe: the rate never falls below it, and `poly` ends in it. */
  readonly minimum: number;
}

const POLICIES = ['fixed', 'step', 'exp', 'inv', 'multistep', 'poly', 'sigmoid', 'multifixed', 'plateau'] as const;

/** @throws SolverError for a policy that Caffe does not have, or one without the settings it needs */
export function rateSchedule(solver: SolverMessage): RateSchedule {
  const { warmup_iter = 0, warmup_start_lr = 0, rampup_interval = 0, rampup_lr = 0, min_lr = 0 } = solver;
  if (!(min_lr >= 0)) throw new SolverError(`min_lr must not be negative, but is ${min_lr}`, 'min_lr');
  const policy = ratePolicy(solver);
  // The stages have rates of their own.
  const hasNoBase = policy.kind === 'multifixed' && warmup_iter === 0 && rampup_interval === 0;
  const base = hasNoBase ? 0 : fround(required(solver, 'base_lr', askerOf(solver)));
  const minimum = fround(min_lr);
  if (policy.kind === 'poly' && minimum > base) {
    throw new SolverError(`min_lr ${minimum} is above base_lr ${base}`, 'min_lr');
  }
  return {
    base,
    policy,
    warmUp: { iterations: warmup_iter, start: fround(warmup_start_lr) },
    rampUp: { iterations: rampup_interval, start: fround(rampup_lr) },
    minimum,
  };
}

/** Whether an iteration lies before the policy's own time: in a warm-up or a ramp-up. */
export const isRising = ({ warmUp, rampUp }: RateSchedule, iteration: number): boolean =>
  iteration < warmUp.iterations || iteration < rampUp.iterations;

/**
 * The learning rate of an iteration (from 0), float32. Source: Caffe's `SGDSolver::GetLearningRate`, and those of
 * intel/caffe and NVIDIA/caffe.
 *
 * @param falls how often the policy `plateau` has let the rate fall
 */
export function learningRate(schedule: RateSchedule, iteration: number, falls = 0): number {
  const { base, warmUp, rampUp, minimum } = schedule;
  if (iteration < warmUp.iterations) {
    const rest = fround((warmUp.iterations - iteration) * warmUp.start);
    return fround(fround(fround(iteration * base) + rest) / warmUp.iterations);
  }
  if (iteration < rampUp.iterations) {
    const alpha = fround(iteration / rampUp.iterations);
    const rise = fround(base - rampUp.start);
    return Math.max(minimum, fround(rampUp.start + fround(fround(rise * alpha) * alpha)));
  }
  return Math.max(minimum, policyRate(schedule, iteration, falls));
}

function policyRate({ base, policy, minimum }: RateSchedule, iteration: number, falls: number): number {
  switch (policy.kind) {
    case 'fixed':
      return base;
    case 'step':
      return fround(base * powf(policy.gamma, floor(iteration / policy.stepSize)));
    case 'exp':
      return fround(base * powf(policy.gamma, iteration));
    case 'inv':
      return fround(base * powf(fround(1 + fround(policy.gamma * iteration)), -policy.power));
    case 'multistep':
      return fround(base * powf(policy.gamma, stepsPassed(policy.steps, iteration)));
    case 'poly': {
      const rest = fround(1 - fround(iteration / policy.iterations));
      return fround(fround(fround(base - minimum) * powf(rest, policy.power)) + minimum);
    }
    case 'sigmoid': {
      const exponent = fround(-policy.gamma * (iteration - policy.stepSize));
      return fround(base * fround(1 / fround(1 + fround(Math.exp(exponent)))));
    }
    case 'multifixed':
      return policy.rates.at(policy.lastIterations.findIndex((last) => iteration <= last))!;
    case 'plateau':
      return fround(base * powf(policy.gamma, falls));
  }
}

/** How many of the steps of `multistep` an iteration has behind it. */
export const stepsPassed = (steps: readonly number[], iteration: number): number =>
  steps.filter((step) => iteration >= step).length;

function ratePolicy(solver: SolverMessage): RatePolicy {
  const asked = solver.lr_policy ?? '';
  const kind = POLICIES.find((policy) => policy === asked);
  const power = () => fround(required(solver, 'power', askerOf(solver)));
  switch (kind) {
    case undefined:
      throw new SolverError(`lr_policy '${asked}' is not one of ${POLICIES.join(', ')}`, 'lr_policy');
    case 'fixed':
      return { kind };
    case 'step':
    case 'sigmoid':
      return { kind, gamma: gammaOf(solver), stepSize: positive(solver, 'stepsize') };
    case 'exp':
      return { kind, gamma: gammaOf(solver) };
    case 'inv':
      return { kind, gamma: gammaOf(solver), power: power() };
    case 'multistep':
      return { kind, gamma: gammaOf(solver), steps: solver.stepvalue };
    case 'poly':
      return { kind, power: power(), iterations: positive(solver, 'max_iter') };
    case 'multifixed':
      return stages(solver);
    case 'plateau':
      return plateau(solver);
  }
}

function stages({ stagelr = [], stageiter = [] }: SolverMessage): RatePolicy {
  if (stagelr.length === 0 || stagelr.length !== stageiter.length) {
    const counts = `${stagelr.length} stagelr and ${stageiter.length} stageiter`;
    throw new SolverError(`lr_policy 'multifixed' needs one stageiter for each stagelr, but has ${counts}`, 'stagelr');
  }
  return { kind: 'multifixed', rates: stagelr.map(fround), lastIterations: stageiter };
}

function plateau(solver: SolverMessage): PlateauPolicy {
  const { plateau_winsize: windows = [], average_loss: averageLoss = 1 } = solver;
  if (windows.length === 0) throw new SolverError("lr_policy 'plateau' needs plateau_winsize", 'lr_policy');
  const bad = windows.find((window) => window < 1);
  if (bad !== undefined) throw new SolverError(`plateau_winsize must be at least 1, but is ${bad}`, 'plateau_winsize');
  if (averageLoss < 1) throw new SolverError(`average_loss must be at least 1, but is ${averageLoss}`, 'average_loss');
  return { kind: 'plateau', gamma: gammaOf(solver), windows, averageLoss };
}

const powf = (base: number, exponent: number): number => fround(Math.pow(base, exponent));

const askerOf = ({ lr_policy }: SolverMessage) => ({ name: `lr_policy '${lr_policy}'`, field: 'lr_policy' });

function positive(solver: SolverMessage, field: 'stepsize' | 'max_iter'): number {
  const value = required(solver, field, askerOf(solver));
  if (!(value > 0)) throw new SolverError(`${field} must be positive, but is ${value}`, field);
  return value;
}

function gammaOf(solver: SolverMessage): number {
  const value = fround(required(solver, 'gamma', askerOf(solver)));
  if (!(value >= 0)) throw new SolverError(`gamma must not be negative, but is ${value}`, 'gamma');
  return value;
}
