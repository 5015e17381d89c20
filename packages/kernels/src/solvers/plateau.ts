import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import { isRising, learningRate, type PlateauPolicy, type RateSchedule } from './lr-policy.ts';

const { fround } = Math;

/**
 * What `lr_policy: "plateau"` knows between two iterations. The rate of an iteration depends on the loss of that same
 * iteration: on a new minimum it stays, and where there has been none for a window it falls. Source: SSD's Caffe and
 * intel/caffe, `SGDSolver::GetLearningRate` and `Solver::UpdateSmoothedLoss`. Losses are float32.
 */
export interface PlateauState {
  /** How often the rate has fallen. */
  readonly falls: number;
  /** The lowest mean so far. */
  readonly minimum: number;
  /** The iteration of the last new minimum or fall. */
  readonly lastEvent: number;
  /** The mean over the last `average_loss` iterations, and the losses in it, each at its iteration modulo their number. */
  readonly mean: number;
  readonly losses: readonly number[];
}

const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

export const PLATEAU_START: PlateauState = { falls: 0, minimum: LARGEST_FLOAT, lastEvent: 0, mean: 0, losses: [] };

/** A scalar of each name: what a step needs to choose its rate by its own loss. */
export const PLATEAU_INPUTS = [
  /** The rate where the mean is not below the minimum; `learning_rate` is that where it is. */
  'plateau/rate_without_minimum',
  'plateau/minimum',
  /** Losses of the earlier batches of this iteration, summed up. */
  'plateau/earlier_losses',
  /** mean = base + (loss + offset) / count. */
  'plateau/base',
  'plateau/offset',
  'plateau/count',
] as const;

type PlateauInput = (typeof PLATEAU_INPUTS)[number];

/** Name of the output with the mean of the losses, this iteration's among them. */
export const PLATEAU_MEAN = 'plateau/mean';
/** Name of the output with the loss of this iteration. */
export const PLATEAU_LOSS = 'plateau/loss';

/** The rates between which an iteration chooses, and what it chooses by. */
export interface PlateauChoice {
  readonly onMinimum: number;
  readonly otherwise: number;
  readonly scalars: Readonly<Record<Exclude<PlateauInput, 'plateau/rate_without_minimum'>, number>>;
}

/** @param earlierLosses of the batches of this iteration before the last one */
export function plateauChoice(
  schedule: RateSchedule,
  policy: PlateauPolicy,
  state: PlateauState,
  iteration: number,
  earlierLosses: readonly number[],
): PlateauChoice {
  const { mean, losses, minimum, falls } = state;
  const isFull = losses.length >= policy.averageLoss;
  const oldest = losses[iteration % policy.averageLoss] ?? 0;
  return {
    onMinimum: learningRate(schedule, iteration, falls),
    otherwise: learningRate(schedule, iteration, falls + (isDue(schedule, policy, state, iteration) ? 1 : 0)),
    scalars: {
      'plateau/minimum': minimum,
      'plateau/earlier_losses': earlierLosses.reduce((sum, loss) => fround(sum + loss), 0),
      'plateau/base': isFull ? mean : 0,
      'plateau/offset': isFull ? -oldest : fround(mean * losses.length),
      'plateau/count': isFull ? policy.averageLoss : losses.length + 1,
    },
  };
}

/** The state after an iteration that had this loss and made this mean of it. */
export function afterPlateauStep(
  schedule: RateSchedule,
  policy: PlateauPolicy,
  state: PlateauState,
  iteration: number,
  { loss, mean }: { loss: number; mean: number },
): PlateauState {
  const losses = [...state.losses];
  losses[losses.length < policy.averageLoss ? losses.length : iteration % policy.averageLoss] = loss;
  const smoothed = { ...state, mean, losses };
  if (isRising(schedule, iteration)) return smoothed;
  if (mean < state.minimum) return { ...smoothed, minimum: mean, lastEvent: iteration };
  if (!isDue(schedule, policy, state, iteration)) return smoothed;
  return { ...smoothed, falls: state.falls + 1, lastEvent: iteration };
}

/** Whether the rate falls in an iteration without a new minimum. */
function isDue(schedule: RateSchedule, { windows }: PlateauPolicy, state: PlateauState, iteration: number): boolean {
  const window = windows[state.falls];
  return !isRising(schedule, iteration) && window !== undefined && iteration >= state.lastEvent + window;
}

/**
 * The rate that an iteration chooses by its own loss.
 *
 * @param rate where the mean is a new minimum
 * @param loss of the last batch
 */
export function plateauRate(g: GraphBuilder, rate: Value, loss: Value, iterSize: number): Value {
  const input = (name: PlateauInput) => g.input(name, []);
  const own = ops.div(g, ops.add(g, input('plateau/earlier_losses'), loss), g.scalar(iterSize));
  const share = ops.div(g, ops.add(g, own, input('plateau/offset')), input('plateau/count'));
  const mean = ops.add(g, input('plateau/base'), share);
  g.output(PLATEAU_LOSS, own);
  g.output(PLATEAU_MEAN, mean);
  const isMinimum = ops.less(g, mean, input('plateau/minimum'));
  return ops.where(g, isMinimum, rate, input('plateau/rate_without_minimum'));
}
