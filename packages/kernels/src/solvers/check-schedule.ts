import type { SolverParameter } from '@caffe-quant/caffe-io';
import { checkLarcPolicy } from './larc.ts';
import { learningRate, SolverError } from './lr-policy.ts';
import { solverKernel } from './registry.ts';
import { scheduledMomentum, scheduledWeightDecay } from './schedules.ts';

/**
 * What keeps a solver's schedule from being followed, found without training: its rates, its momentum and weight decay, and
 * LARC, at the first iteration and the one before the last. `undefined` where nothing does.
 */
export function scheduleProblem(solver: SolverParameter): SolverError | undefined {
  try {
    for (const iteration of [0, Math.max(0, (solver.max_iter ?? 1) - 1)]) {
      learningRate(solver, iteration);
      checkMomentumPolicy(solver, iteration);
      scheduledWeightDecay(solver, iteration);
    }
    checkLarcPolicy(solver);
    return undefined;
  } catch (error) {
    if (error instanceof SolverError) return error;
    throw error;
  }
}

/** @throws SolverError for a momentum that changes with a solver type that cannot follow it */
export function checkMomentumPolicy(solver: SolverParameter, iteration = 0): void {
  const { type, takesMomentum } = solverKernel(solver);
  if (scheduledMomentum(solver, iteration) !== undefined && !takesMomentum) {
    throw new SolverError(`momentum_policy is not supported for the solver type '${type}'`, 'momentum_policy');
  }
}
