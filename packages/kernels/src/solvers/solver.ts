import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { SolverSettings } from './solver-settings.ts';
import type { SolverType } from './solver-types.ts';

/** What a solver takes of one blob in one iteration. */
export interface SolverInput {
  /** The gradient, clipped, divided by iter_size and with the weight decay added. */
  difference: Value;
  /** What the solver keeps of earlier iterations, each of the blob's shape, zero at first. */
  histories: readonly Value[];
  /** Learning rate of the iteration times the blob's multiplier, a scalar. */
  rate: Value;
  /** A scalar where the momentum changes from iteration to iteration; else it is the solver's. */
  momentum?: Value | undefined;
}

export interface SolverOutput {
  /** What is subtracted from the blob. */
  step: Value;
  histories: readonly Value[];
}

/** One solver type: how a difference becomes a step. */
export interface SolverKernel {
  type: SolverType;
  /** Tensors that it keeps for each blob. */
  historyCount: number;
  /** What the learning rate is multiplied by in an iteration (from 0); default 1. */
  rateFactor?(settings: SolverSettings, iteration: number): number;
  update(g: GraphBuilder, settings: SolverSettings, input: SolverInput): SolverOutput;
}
