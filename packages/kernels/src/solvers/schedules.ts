import type { SolverParameter } from '@caffe-quant/caffe-io';
import { learningRate, SolverError } from './lr-policy.ts';
import { momentumOf } from './solver.ts';

const { fround, min, pow, sqrt } = Math;

/** What NVIDIA/caffe lets change while a net is trained, besides the learning rate. */
interface Schedules {
  momentum_policy?: string;
  momentum_power?: number;
  max_momentum?: number;
  weight_decay_policy?: string;
  weight_decay_power?: number;
}

/**
 * The momentum of an iteration (from 0), float32; `undefined` where it is `momentum` throughout. Source: NVIDIA/caffe's
 * `SGDSolver::GetMomentum`.
 * @throws SolverError for a policy that it does not have
 */
export function scheduledMomentum(solver: SolverParameter, iteration: number): number | undefined {
  const { momentum_policy: policy = 'fixed', momentum_power: power = 1, max_momentum: most } = solver as Schedules;
  switch (policy) {
    case 'fixed':
      return undefined;
    case 'poly': {
      const base = momentumOf(solver);
      const rise = fround(fround(most ?? 0.99) - base);
      return fround(base + fround(rise * fround(pow(fround(iteration / solver.max_iter!), power))));
    }
    case 'opt': {
      const best = fround((1 - 0.5 * sqrt(learningRate(solver, iteration))) ** 2);
      return most === undefined ? best : min(fround(most), best);
    }
    default:
      throw new SolverError(`momentum_policy '${policy}' is not one of fixed, poly, opt`, 'momentum_policy');
  }
}

/**
 * The weight decay of an iteration (from 0), float32; `undefined` where it is `weight_decay` throughout. Source:
 * NVIDIA/caffe's `SGDSolver::GetWeightDecay`.
 * @throws SolverError for a policy that it does not have
 */
export function scheduledWeightDecay(solver: SolverParameter, iteration: number): number | undefined {
  const { weight_decay_policy: policy = 'fixed', weight_decay_power: power = 1 } = solver as Schedules;
  if (policy === 'fixed') return undefined;
  if (policy !== 'poly')
    throw new SolverError(`weight_decay_policy '${policy}' is not one of fixed, poly`, 'weight_decay_policy');
  return fround(fround(solver.weight_decay ?? 0) * pow(fround(iteration / solver.max_iter!), power));
}
