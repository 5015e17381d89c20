import type { SolverParameter } from '@caffe-quant/caffe-io';

const { floor, fround } = Math;

/** A solver whose settings cannot be followed; the caller adds the file. */
export class SolverError extends Error {}

/**
 * The learning rate of an iteration (from 0), float32, by `lr_policy`. Source: Caffe's `SGDSolver::GetLearningRate`.
 * @throws SolverError for a policy that Caffe does not have, or one without the settings it needs.
 */
export function learningRate(solver: SolverParameter, iteration: number): number {
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
      return fround(base * powf(rest, fround(required(solver, 'power'))));
    }
    case 'sigmoid': {
      const exponent = fround(-gamma(solver) * (iteration - positive(solver, 'stepsize')));
      return fround(base * fround(1 / fround(1 + fround(Math.exp(exponent)))));
    }
    default:
      throw new SolverError(
        `lr_policy '${solver.lr_policy ?? ''}' is not one of fixed, step, exp, inv, multistep, poly, sigmoid`,
      );
  }
}

const powf = (base: number, exponent: number): number => fround(Math.pow(base, exponent));

type NumberField = 'base_lr' | 'gamma' | 'power' | 'stepsize' | 'max_iter';

function required(solver: SolverParameter, field: NumberField): number {
  const value = solver[field];
  if (value === undefined) throw new SolverError(`lr_policy '${solver.lr_policy}' needs ${field}`);
  return value;
}

function positive(solver: SolverParameter, field: NumberField): number {
  const value = required(solver, field);
  if (!(value > 0)) throw new SolverError(`${field} must be positive, but is ${value}`);
  return value;
}

function gamma(solver: SolverParameter): number {
  const value = fround(required(solver, 'gamma'));
  if (!(value >= 0)) throw new SolverError(`gamma must not be negative, but is ${value}`);
  return value;
}
