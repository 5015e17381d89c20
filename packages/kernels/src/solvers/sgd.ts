import type { SolverParameter } from '@caffe-quant/caffe-io';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';

/** What one update takes of a blob: the blob itself, its gradient, its momentum, and its multipliers. */
export interface UpdateInput {
  value: Value;
  gradient: Value;
  history: Value;
  lrMult: number;
  decayMult: number;
}

export interface UpdateOutput {
  value: Value;
  history: Value;
}

/**
 * SGD with momentum: d = gradient + weight_decay * decay_mult * w (L1: its sign), h' = rate * lr_mult * d + momentum * h,
 * w' = w - h'. With `clip_gradients` all gradients are scaled together to at most that L2 norm, before the decay.
 * Source: Caffe's `sgd_solver.cpp`.
 *
 * @param rate the learning rate of the iteration, a scalar.
 */
export function sgdUpdates(
  g: GraphBuilder,
  solver: SolverParameter,
  rate: Value,
  inputs: readonly UpdateInput[],
): UpdateOutput[] {
  const clip = clippingFactor(
    g,
    Math.fround(solver.clip_gradients ?? -1),
    inputs.map(({ gradient }) => gradient),
  );
  const momentum = Math.fround(solver.momentum ?? 0);
  const weightDecay = Math.fround(solver.weight_decay ?? 0);
  const l1 = solver.regularization_type === 'L1';
  return inputs.map(({ value, gradient, history, lrMult, decayMult }) => {
    const clipped = clip ? ops.mul(g, gradient, clip) : gradient;
    const decay = Math.fround(weightDecay * decayMult);
    const penalty = () => ops.mul(g, l1 ? ops.sign(g, value) : value, g.scalar(decay));
    const difference = decay === 0 ? clipped : ops.add(g, clipped, penalty());
    const localRate = lrMult === 1 ? rate : ops.mul(g, rate, g.scalar(lrMult));
    const step = ops.mul(g, difference, localRate);
    const next = momentum === 0 ? step : ops.add(g, step, ops.mul(g, history, g.scalar(momentum)));
    return { value: ops.sub(g, value, next), history: next };
  });
}

/** min(1, limit / norm of all gradients); undefined where gradients are not clipped. */
function clippingFactor(g: GraphBuilder, limit: number, gradients: readonly Value[]): Value | undefined {
  if (limit < 0 || gradients.length === 0) return undefined;
  const squares = gradients.map((gradient) => ops.total(g, ops.mul(g, gradient, gradient)));
  const norm = ops.sqrt(g, ops.sum(g, squares));
  const factor = ops.div(g, g.scalar(limit), norm);
  return ops.where(g, ops.greater(g, norm, g.scalar(limit)), factor, g.scalar(1));
}
