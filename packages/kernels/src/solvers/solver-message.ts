import type { SolverParameter } from '@caffe-quant/caffe-io';
import { SolverError } from './solver-error.ts';

/** What forks of Caffe add to SolverParameter and training follows. */
interface ForkFields {
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
  /** `plateau` of SSD's Caffe and intel/caffe: iterations without a new minimum of the loss before the rate falls. */
  plateau_winsize?: readonly number[];
  /** NVIDIA/caffe: how momentum and weight decay change while a net is trained. */
  momentum_policy?: string;
  momentum_power?: number;
  max_momentum?: number;
  weight_decay_policy?: string;
  weight_decay_power?: number;
  max_weight_decay?: number;
  /** NVIDIA/caffe: layer-wise adaptive rate control. */
  larc?: boolean;
  larc_policy?: string;
  larc_eta?: number;
  /** intel/caffe: layer-wise adaptive rate scaling. */
  local_lr_auto?: boolean;
  local_gw_ratio?: number;
  /** caffe-windows: bounds of the weights, before each update. */
  clip_weights?: number;
  clamp_weights_lower?: number;
  clamp_weights_upper?: number;
}

/** A SolverParameter of any fork. */
export type SolverMessage = SolverParameter & ForkFields;

/** A field that `asker`, such as an lr_policy, needs. @throws SolverError where it is not set */
export function required(
  solver: SolverMessage,
  field: 'base_lr' | 'gamma' | 'power' | 'stepsize' | 'max_iter',
  asker: { name: string; field: string },
): number {
  const value = solver[field];
  if (value === undefined) throw new SolverError(`${asker.name} needs ${field}`, asker.field);
  return value;
}
