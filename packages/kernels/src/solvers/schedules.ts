import { learningRate, type RateSchedule } from './lr-policy.ts';
import { SolverError } from './solver-error.ts';
import { required, type SolverMessage } from './solver-message.ts';

const { fround, min, pow, sqrt } = Math;

/** The momentum, float32; NVIDIA/caffe lets it change while a net is trained. */
export interface MomentumSchedule {
  /** `momentum`: that of all iterations where the policy is `fixed`. */
  readonly base: number;
  readonly policy:
    | { readonly kind: 'fixed' }
    | { readonly kind: 'poly'; readonly most: number; readonly power: number; readonly iterations: number }
    /** Of the learning rate. */
    | { readonly kind: 'opt'; readonly most: number | undefined };
}

/** The weight decay, float32; NVIDIA/caffe lets it change while a net is trained. */
export interface DecaySchedule {
  /** `weight_decay`: that of all iterations where the policy is `fixed`. */
  readonly base: number;
  readonly regularization: 'L1' | 'L2';
  readonly policy:
    | { readonly kind: 'fixed' }
    | { readonly kind: 'poly'; readonly last: number; readonly power: number; readonly iterations: number };
}

/** @throws SolverError for a policy that NVIDIA/caffe does not have */
export function momentumSchedule(solver: SolverMessage): MomentumSchedule {
  const { momentum = 0, momentum_policy: policy = 'fixed', momentum_power: power = 1, max_momentum: most } = solver;
  const base = fround(momentum);
  switch (policy) {
    case 'fixed':
      return { base, policy: { kind: policy } };
    case 'poly': {
      const iterations = required(solver, 'max_iter', { name: "momentum_policy 'poly'", field: 'momentum_policy' });
      return { base, policy: { kind: policy, most: fround(most ?? 0.99), power, iterations } };
    }
    case 'opt':
      return { base, policy: { kind: policy, most: most === undefined ? undefined : fround(most) } };
    default:
      throw new SolverError(`momentum_policy '${policy}' is not one of fixed, poly, opt`, 'momentum_policy');
  }
}

/**
 * The momentum of an iteration (from 0), float32; `undefined` where it is the same throughout. Source: NVIDIA/caffe's
 * `SGDSolver::GetMomentum`.
 */
export function scheduledMomentum(
  { base, policy }: MomentumSchedule,
  rate: RateSchedule,
  iteration: number,
): number | undefined {
  switch (policy.kind) {
    case 'fixed':
      return undefined;
    case 'poly':
      return fround(base + fround(fround(policy.most - base) * progress(policy, iteration)));
    case 'opt': {
      const best = fround((1 - 0.5 * sqrt(learningRate(rate, iteration))) ** 2);
      return policy.most === undefined ? best : min(policy.most, best);
    }
  }
}

/** @throws SolverError for a policy that NVIDIA/caffe does not have, or one whose end is not said */
export function decaySchedule(solver: SolverMessage): DecaySchedule {
  const { weight_decay = 0, regularization_type: regularization = 'L2' } = solver;
  const { weight_decay_policy: policy = 'fixed', weight_decay_power: power = 1, max_weight_decay: last } = solver;
  const base = fround(weight_decay);
  if (policy !== 'fixed' && policy !== 'poly') {
    throw new SolverError(`weight_decay_policy '${policy}' is not one of fixed, poly`, 'weight_decay_policy');
  }
  if (weight_decay === 0 && policy === 'fixed') return { base, regularization: 'L2', policy: { kind: policy } };
  if (regularization !== 'L1' && regularization !== 'L2') {
    throw new SolverError(`regularization_type '${regularization}' is not one of L1, L2`, 'regularization_type');
  }
  if (policy === 'fixed') return { base, regularization, policy: { kind: policy } };
  if (last === undefined) {
    throw new SolverError(
      "weight_decay_policy 'poly' needs max_weight_decay here: without it the weight decay rises from 0 in NVIDIA's Caffe 0.17.0, and falls to 0 in 0.17.3",
      'weight_decay_policy',
    );
  }
  const iterations = required(solver, 'max_iter', { name: "weight_decay_policy 'poly'", field: 'weight_decay_policy' });
  return { base, regularization, policy: { kind: policy, last: fround(last), power, iterations } };
}

/**
 * The weight decay of an iteration (from 0), float32; `undefined` where it is the same throughout. `poly` goes from
 * `weight_decay` to `max_weight_decay`. Source: NVIDIA/caffe 0.17.3, `SGDSolver::GetWeightDecay`.
 */
export function scheduledWeightDecay({ base, policy }: DecaySchedule, iteration: number): number | undefined {
  if (policy.kind === 'fixed') return undefined;
  return fround(base + fround(fround(policy.last - base) * progress(policy, iteration)));
}

const progress = ({ power, iterations }: { power: number; iterations: number }, iteration: number): number =>
  fround(pow(fround(iteration / iterations), power));
