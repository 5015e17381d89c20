import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import { scaledSum } from '../graph/scaled-sum.ts';
import type { SolverSettings } from './solver-settings.ts';

/** A blob that learns, with its gradient summed over the `iter_size` batches of the iteration. */
export interface Learnable {
  value: Value;
  gradient: Value;
  decayMult: number;
}

/** A gradient as a solver takes it, without and with weight decay. */
export interface Difference {
  gradient: Value;
  decayed: Value;
}

/**
 * What a solver sees of the gradients: all scaled together to at most `clip_gradients` (their L2 norm), divided by
 * `iter_size`, and with weight_decay * decay_mult * w added (L1: its sign). In this order, as Caffe's
 * `SGDSolver::ApplyUpdate`.
 *
 * @param scheduledDecay a scalar where the weight decay changes from iteration to iteration; else it is the solver's
 */
export function differences(
  g: GraphBuilder,
  { clipGradients, iterSize, decay: { base, regularization } }: SolverSettings,
  blobs: readonly Learnable[],
  scheduledDecay?: Value,
): Difference[] {
  const clip = clippingFactor(
    g,
    clipGradients,
    blobs.map(({ gradient }) => gradient),
  );
  const share = Math.fround(1 / iterSize);
  const l1 = regularization === 'L1';
  return blobs.map(({ value, gradient, decayMult }) => {
    const clipped = clip ? ops.mul(g, gradient, clip) : gradient;
    const normalized = share === 1 ? clipped : ops.mul(g, clipped, g.scalar(share));
    const fixed = Math.fround(base * decayMult);
    if (scheduledDecay ? decayMult === 0 : fixed === 0) return { gradient: normalized, decayed: normalized };
    const decay = scheduledDecay ? ops.mul(g, scheduledDecay, g.scalar(decayMult)) : g.scalar(fixed);
    const decayed = scaledSum(g, l1 ? ops.sign(g, value) : value, decay, normalized);
    return { gradient: normalized, decayed };
  });
}

/** min(1, limit / norm of all gradients); undefined where gradients are not clipped. */
function clippingFactor(g: GraphBuilder, limit: number | undefined, gradients: readonly Value[]): Value | undefined {
  if (limit === undefined || gradients.length === 0) return undefined;
  const squares = gradients.map((gradient) => ops.total(g, ops.mul(g, gradient, gradient)));
  const norm = ops.sqrt(g, ops.sum(g, squares));
  const factor = ops.div(g, g.scalar(limit), norm);
  return ops.where(g, ops.greater(g, norm, g.scalar(limit)), factor, g.scalar(1));
}
