import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import { SolverError } from './solver-error.ts';
import type { SolverMessage } from './solver-message.ts';

const { fround } = Math;

/**
 * How a blob's own learning rate follows from the norms of its weights w and its gradient d (without weight decay, divided
 * by `iter_size`); `lr_mult` then only says whether it learns. Numbers are float32.
 */
export type LayerRate =
  /**
   * Layer-wise adaptive rate control: r = (1 - momentum) eta |w| / |d|, and the blob learns at r times the rate of the
   * iteration (`scale`), or at r, but at most at that rate (`clip`). Source: NVIDIA/caffe 0.17.3,
   * `SGDSolver::GetLocalRate` and `ComputeUpdateValue`; earlier revisions have no factor of the momentum.
   */
  | { readonly kind: 'larc'; readonly field: 'larc'; readonly policy: 'scale' | 'clip'; readonly eta: number }
  /**
   * Layer-wise adaptive rate scaling: r = ratio |w| / (|d| + weight_decay |w|), and the blob learns at r times the rate of
   * the iteration. Source: intel/caffe's `SGDSolver::GetLocalRate`, in a build with SGD fusion, which is as in You,
   * Gitman and Ginsburg, Large Batch Training of Convolutional Networks.
   */
  | { readonly kind: 'lars'; readonly field: 'local_lr_auto'; readonly ratio: number; readonly weightDecay: number };

/** @throws SolverError for a policy that NVIDIA/caffe does not have */
export function layerRate(solver: SolverMessage): LayerRate | undefined {
  const { larc = false, larc_policy: policy = 'scale', larc_eta: eta = 0.001 } = solver;
  const { local_lr_auto: lars = false, local_gw_ratio: ratio = 0.001, weight_decay = 0 } = solver;
  if (lars) return { kind: 'lars', field: 'local_lr_auto', ratio: fround(ratio), weightDecay: fround(weight_decay) };
  if (!larc) return undefined;
  if (policy !== 'scale' && policy !== 'clip') {
    throw new SolverError(`larc_policy '${policy}' is not one of scale, clip`, 'larc_policy');
  }
  return { kind: 'larc', field: 'larc', policy, eta: fround(eta) };
}

/** A blob that has a rate of its own; `gradient` is without weight decay, `rate` and `momentum` are the iteration's. */
export interface RatedBlob {
  value: Value;
  gradient: Value;
  rate: Value;
  momentum: Value | number;
}

/** The rate that a blob learns at, a scalar; r is 1 where one of the norms is 0. */
export function ownRate(g: GraphBuilder, own: LayerRate, { value, gradient, rate, momentum }: RatedBlob): Value {
  const ofWeights = norm(g, value);
  const ofGradient = norm(g, gradient);
  const areBoth = ops.greater(g, ops.mul(g, ofWeights, ofGradient), g.scalar(0));
  const orOne = (ratio: Value) => ops.where(g, areBoth, ratio, g.scalar(1));
  if (own.kind === 'lars') {
    const below = ops.add(g, ofGradient, ops.mul(g, ofWeights, g.scalar(own.weightDecay)));
    return ops.mul(g, rate, orOne(ops.div(g, ops.mul(g, ofWeights, g.scalar(own.ratio)), below)));
  }
  const onward = typeof momentum === 'number' ? g.scalar(fround(1 - momentum)) : ops.sub(g, g.scalar(1), momentum);
  const factor = ops.mul(g, onward, g.scalar(own.eta));
  const local = orOne(ops.div(g, ops.mul(g, factor, ofWeights), ofGradient));
  return own.policy === 'scale' ? ops.mul(g, rate, local) : ops.min(g, rate, local);
}

const norm = (g: GraphBuilder, x: Value): Value => ops.sqrt(g, ops.total(g, ops.mul(g, x, x)));
