import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import { learningRate, type RateSchedule } from './lr-policy.ts';

/**
 * How a clip range [m, M] learns where nobody says by which multiple of the solver's rate. With d = (dL/dM, dL/dm), L the loss plus
 * the quantizer's own error (`rangeErrorGradients`), the width R = M - m of the range before the step, and u = R d the change of L
 * per share of the width,
 *
 *   v' = v + |u|^2,   (M, m)' = (M, m) - r R u / sqrt(v')
 *
 * v begins at 0; r is `CLIP_STEP`, rises to it over `WARM_UP` iterations, falls as the solver lets its rate fall, and is less the better
 * the range fits already (`RangeError`): one that calibration measured well stays near where it was. With a
 * fixed minimum d is its first part alone.
 *
 * Why not the solver's step: d is a sum over all elements of the blob, and the unit of M is that of the blob. A range of 100
 * next to one of 0.1 needs steps a million times as large for the same effect (u is R d, and a step is a share of R), while the
 * solver's rate was found for weights. The aim is that of LSQ, a step in proportion to the parameter's own size whatever the
 * number of elements and the precision (Esser et al., Learned Step Size Quantization, 2020, section 2.2); but where LSQ divides
 * by an estimate of the gradient's size, sqrt(N Q), for blobs of about unit size, this divides by the size that the gradients
 * had, which knows the scales of the blob and of the loss too. The sum of squares is AdaGrad's (Duchi, Hazan and Singer,
 * Adaptive Subgradient Methods, 2011): gradients that agree move a range by r sqrt(t) shares of its width and more, while those
 * that are mere noise move it by r sqrt(ln t), so that a range which was measured well stays near where it was.
 */

/** The largest share of its width that a range moves by in one step. */
export const CLIP_STEP = 0.1;

/** Iterations over which the share rises: the first gradients alone say little of how large gradients are. */
const WARM_UP = 10;

/** Keeps 0 / 0 away while all gradients have been 0. */
const TINY = 1e-20;

/** The share of an iteration (from 0): `CLIP_STEP` times the solver's rate as a part of the one that it begins with. */
export function clipRate(rate: RateSchedule, iteration: number, falls?: number): number {
  const { base, policy } = rate;
  const start = policy.kind === 'multifixed' ? policy.rates[0]! : base;
  if (!(start > 0)) return 0;
  const ofStart = Math.min(1, learningRate(rate, iteration, falls) / start);
  return CLIP_STEP * ofStart * Math.min(1, (iteration + 1) / WARM_UP);
}

/** One end of a range: its value and the gradient of the loss by it, with weight decay if it has any; scalars. */
export interface ClipEnd {
  readonly value: Value;
  readonly gradient: Value;
}

/**
 * One step of a range.
 *
 * @param max the upper end
 * @param min the lower end; absent where it stays 0
 * @param squares v, a scalar
 * @param rate r, a scalar
 * @returns the ends after the step, and v'
 */
export function clipStep(
  g: GraphBuilder,
  { max, min, squares, rate }: { max: ClipEnd; min?: ClipEnd | undefined; squares: Value; rate: Value },
): { max: Value; min?: Value; squares: Value } {
  const width = min ? ops.sub(g, max.value, min.value) : max.value;
  const relative = ({ gradient }: ClipEnd) => ops.mul(g, gradient, width);
  const own = { max: relative(max), min: min && relative(min) };
  const square = (value: Value) => ops.mul(g, value, value);
  const next = ops.sum(g, [squares, square(own.max), ...(own.min ? [square(own.min)] : [])]);
  const share = ops.div(g, ops.mul(g, rate, width), ops.add(g, ops.sqrt(g, next), g.scalar(TINY)));
  const moved = (end: ClipEnd, of: Value) => ops.sub(g, end.value, ops.mul(g, of, share));
  return { max: moved(max, own.max), ...(min && own.min && { min: moved(min, own.min) }), squares: next };
}
