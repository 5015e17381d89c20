import type { NetGraph, SolverParameter } from '@caffe-quant/caffe-io';
import type { Shape } from '../graph/graph-builder.ts';
import type { DeviceUse } from '../net/kept-checks.ts';
import type { NetWeights } from '../net/net-params.ts';
import type { CanonicalPlan, ClipRange } from '../quantizers/canonical-plan.ts';
import type { CheckedClip } from './clip-ranges.ts';

/** A training: what is trained, and by what. */
export interface TrainerOptions extends DeviceUse {
  graph: NetGraph;
  solver: SolverParameter;
  /** Shapes of the data layers' tops, by name. */
  inputShapes: ReadonlyMap<string, Shape>;
  weights: NetWeights;
  /** Absent: float training. */
  plan?: CanonicalPlan;
  /** The range that each quantizer of the plan starts from. */
  clips?: ReadonlyMap<string, ClipRange>;
  threads?: number;
  /** Whether the first step on another device than `cpu` is held against the processor's. Default true. */
  checksDevice?: boolean;
  /** Whether what is carried from step to step stays in the device's memory, where the device keeps any. Default true. */
  keepsState?: boolean;
}

/** What one quantizer did in one iteration: its range in force in the forward pass. */
export interface ClipStep extends CheckedClip {
  /** Gradients of the range; 0 for an end that does not learn. */
  gradient: ClipRange;
}

/** What one iteration gives. */
export interface StepResult {
  /** Iterations done before this one. */
  iteration: number;
  /** Objective before the update; the mean over the `iter_size` batches. */
  loss: number;
  learningRate: number;
  clips: ReadonlyMap<string, ClipStep>;
}
