import type { SolverParameter } from '@caffe-quant/caffe-io';

const { floor, fround } = Math;

/** A solver whose settings cannot be followed; the caller adds the file. */
export class SolverError extends Error {
  /** The setting that it is about. */
  readonly field: string;

  constructor(message: string, field: string) {
    super(message);
    this.field = field;
  }
}

/** What forks add to a solver's schedule. */
interface ForkSchedule {
  /** intel/caffe: iterations on a straight line from `warmup_start_lr` to `base_lr`. */
  warmup_iter?: number;
  warmup_start_lr?: number;
  /** NVIDIA/caffe 0.17: iterations on a parabola from `rampup_lr` to `base_lr`. */
  rampup_interval?: number;
  rampup_lr?: number;
  /** NVIDIA/caffe: the rate never falls below it; `poly` ends in it. */
  min_lr?: number;
  /** `multifixed` of intel/caffe and MobileNet-YOLO: the rate of each stage, and the last iteration of each. */
  stagelr?: readonly number[];
  stageiter?: readonly number[];
}

/**
 * The learning rate of an iteration (from 0), float32, by `lr_policy` and what forks let precede it. Source: Caffe's
 * `SGDSolver::GetLearningRate`, and those of intel/caffe and NVIDIA/caffe.
 * @throws SolverError for a policy that Caffe does not have, or one without the settings it needs.
 */
export function learningRate(solver: SolverParameter, iteration: number): number {
  const {
    warmup_iter = 0,
    warmup_start_lr = 0,
    rampup_interval = 0,
    rampup_lr = 0,
    min_lr = 0,
  } = solver as ForkSchedule;
  if (!(min_lr >= 0)) throw new SolverError(`min_lr must not be negative, but is ${min_lr}`, 'min_lr');
  if (iteration < warmup_iter) {
    const base = fround(required(solver, 'base_lr'));
    const parts = fround(fround(iteration * base) + fround((warmup_iter - iteration) * fround(warmup_start_lr)));
    return fround(parts / warmup_iter);
  }
  const minimum = fround(min_lr);
  if (iteration < rampup_interval) {
    const start = fround(rampup_lr);
    const alpha = fround(iteration / rampup_interval);
    const rise = fround(fround(required(solver, 'base_lr')) - start);
    return Math.max(minimum, fround(start + fround(fround(rise * alpha) * alpha)));
  }
  return Math.max(minimum, policyRate(solver, iteration, minimum));
}

function policyRate(solver: SolverParameter, iteration: number, minimum: number): number {
  if (solver.lr_policy === 'multifixed') return stageRate(solver as ForkSchedule, iteration);
  const base = fround(required(solver, 'base_lr'));
  switch (solver.lr_policy ?? '') {
    case 'fixed':
      return base;
    case 'step':
      return fround(base * powf(gamma(solver), floor(iteration / positive(solver, 'stepsize'))));
    case 'exp':
      return fround(base * powf(gamma(solver), iteration));
    case 'inv':
      return fround(base * powf(fround(1 + fround(gamma(solver) * iteration)), -fround(required(solver, 'power'))));
    case 'multistep': {
      const passed = solver.stepvalue.filter((step) => iteration >= step).length;
      return fround(base * powf(gamma(solver), passed));
    }
    case 'poly': {
      const rest = fround(1 - fround(iteration / positive(solver, 'max_iter')));
      if (minimum > base) throw new SolverError(`min_lr ${minimum} is above base_lr ${base}`, 'min_lr');
      return fround(fround(fround(base - minimum) * powf(rest, fround(required(solver, 'power')))) + minimum);
    }
    case 'sigmoid': {
      const exponent = fround(-gamma(solver) * (iteration - positive(solver, 'stepsize')));
      return fround(base * fround(1 / fround(1 + fround(Math.exp(exponent)))));
    }
    default:
      throw new SolverError(
        `lr_policy '${solver.lr_policy ?? ''}' is not one of fixed, step, exp, inv, multistep, poly, sigmoid, multifixed`,
        'lr_policy',
      );
  }
}

function stageRate({ stagelr = [], stageiter = [] }: ForkSchedule, iteration: number): number {
  if (stagelr.length === 0 || stagelr.length !== stageiter.length) {
    const counts = `${stagelr.length} stagelr and ${stageiter.length} stageiter`;
    throw new SolverError(`lr_policy 'multifixed' needs one stageiter for each stagelr, but has ${counts}`, 'stagelr');
  }
  const stage = stageiter.findIndex((last) => iteration <= last);
  return fround(stagelr.at(stage)!);
}

const powf = (base: number, exponent: number): number => fround(Math.pow(base, exponent));

type NumberField = 'base_lr' | 'gamma' | 'power' | 'stepsize' | 'max_iter';

function required(solver: SolverParameter, field: NumberField): number {
  const value = solver[field];
  if (value === undefined) throw new SolverError(`lr_policy '${solver.lr_policy}' needs ${field}`, 'lr_policy');
  return value;
}

function positive(solver: SolverParameter, field: NumberField): number {
  const value = required(solver, field);
  if (!(value > 0)) throw new SolverError(`${field} must be positive, but is ${value}`, field);
  return value;
}

function gamma(solver: SolverParameter): number {
  const value = fround(required(solver, 'gamma'));
  if (!(value >= 0)) throw new SolverError(`gamma must not be negative, but is ${value}`, 'gamma');
  return value;
}
