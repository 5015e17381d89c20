import { layerRate, type LayerRate } from './layer-rate.ts';
import { rateSchedule, type RateSchedule } from './lr-policy.ts';
import { decaySchedule, type DecaySchedule, momentumSchedule, type MomentumSchedule } from './schedules.ts';
import { SolverError } from './solver-error.ts';
import type { SolverMessage } from './solver-message.ts';
import { SOLVER_TYPES, type SolverType } from './solver-types.ts';
import { weightBounds, type WeightBounds } from './weight-bounds.ts';

const { fround } = Math;

/** What training takes from a solver: checked, defaults filled in. Numbers that Caffe keeps as float are float32. */
export interface SolverSettings {
  readonly type: SolverType;
  readonly rate: RateSchedule;
  readonly momentum: MomentumSchedule;
  readonly decay: DecaySchedule;
  /** How a blob's own rate follows from its norms; absent: it is the iteration's, times `lr_mult`. */
  readonly layerRate: LayerRate | undefined;
  /** Adam's rate of its second moment. */
  readonly momentum2: number;
  /** RMSProp's rate of its mean of squares, in [0, 1). */
  readonly rmsDecay: number;
  /** What keeps divisions finite. */
  readonly delta: number;
  /** The largest L2 norm of all gradients together. */
  readonly clipGradients: number | undefined;
  /** What weights are held to before each update. */
  readonly weightBounds: WeightBounds | undefined;
  /** Batches that one iteration takes. */
  readonly iterSize: number;
  /** Of everything that is random. */
  readonly seed: number;
}

/**
 * Reads a solver once for all.
 * @throws SolverError for a setting that cannot be followed
 */
export function solverSettings(solver: SolverMessage): SolverSettings {
  const { momentum2 = 0.999, rms_decay = 0.99, delta = 1e-8, clip_gradients = -1, iter_size = 1 } = solver;
  const type = solverType(solver);
  if (iter_size < 1) throw new SolverError(`iter_size must be at least 1, but is ${iter_size}`, 'iter_size');
  if (type === 'RMSProp' && !(rms_decay >= 0 && rms_decay < 1)) {
    throw new SolverError(`rms_decay must be from 0 to below 1, but is ${rms_decay}`, 'rms_decay');
  }
  const settings = {
    type,
    rate: rateSchedule(solver),
    momentum: momentumSchedule(solver),
    decay: decaySchedule(solver),
    layerRate: layerRate(solver),
    momentum2: fround(momentum2),
    rmsDecay: fround(rms_decay),
    delta: fround(delta),
    clipGradients: clip_gradients < 0 ? undefined : fround(clip_gradients),
    weightBounds: weightBounds(solver),
    iterSize: iter_size,
    seed: solver.random_seed ?? 0,
  };
  checkTogether(settings);
  return settings;
}

/** What keeps a solver from being followed; `undefined` where nothing does. */
export function solverProblem(solver: SolverMessage): SolverError | undefined {
  try {
    solverSettings(solver);
    return undefined;
  } catch (error) {
    if (error instanceof SolverError) return error;
    throw error;
  }
}

function solverType({ type: asked = 'SGD' }: SolverMessage): SolverType {
  const type = SOLVER_TYPES.find((each) => each === asked);
  if (!type) throw new SolverError(`solver type '${asked}' is not one of ${SOLVER_TYPES.join(', ')}`, 'type');
  return type;
}

/** Settings that are right on their own and do not go together. Source of the first: Caffe's AdaGrad and RMSProp. */
function checkTogether({ type, rate, momentum, layerRate: own, iterSize }: SolverSettings): void {
  if ((type === 'AdaGrad' || type === 'RMSProp') && momentum.base !== 0) {
    throw new SolverError(`momentum cannot be used with the solver type '${type}'`, 'momentum');
  }
  if (momentum.policy.kind !== 'fixed' && type !== 'SGD') {
    throw new SolverError(
      `momentum_policy is followed by the solver type 'SGD' alone, not by '${type}'`,
      'momentum_policy',
    );
  }
  if (momentum.policy.kind === 'opt' && rate.policy.kind === 'plateau') {
    throw new SolverError("momentum_policy 'opt' does not go with lr_policy 'plateau'", 'momentum_policy');
  }
  if (own && type !== 'SGD') {
    throw new SolverError(`${own.field} is followed by the solver type 'SGD' alone, not by '${type}'`, own.field);
  }
  if (own?.kind === 'lars' && iterSize > 1) {
    throw new SolverError(
      'local_lr_auto is not supported with iter_size above 1: builds of intel/caffe differ in what norm of the gradient they take',
      'local_lr_auto',
    );
  }
}
