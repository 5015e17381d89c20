import { sumOfProducts } from '../graph/channel-affine.ts';
import { elementCount, type GraphBuilder, propagateSign, type Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import type { UlqInputs } from './ulq.ts';

/** Keeps 0 / 0 away for a blob of zeros in a range next to nothing. */
const TINY = 1e-30;

const PARTS = 8;

/** How a quantizer's own error depends on its range. */
export interface RangeError {
  /** Gradients by M and m; `min` only where it is wanted. */
  readonly max: Value;
  readonly min?: Value;
  /** How badly the range fits, 0 to 1: `FULL` times the root of the error that a share of the width stands for, at most 1. */
  readonly misfit: Value;
}

/** A tenth of the signal is lost, 20 dB: from there on a range is far from where it should be. */
const FULL = 10;

/**
 * Gradients, by the ends of its range [m, M], of a quantizer's own error: the noise-to-signal ratio
 *
 *   E = sum (y - x)^2 / P,   P = sum x^2 + n s^2 / 12
 *
 * over the n elements x of its blob, y being what it makes of them and P taken as given. An element above the range has
 * y - x = hi - x and dy/dM = 1, one below it y - x = lo - x and dy/dm = 1; of one inside y - x is spread evenly over a step
 * s = (M - m) / 255 of the grid, so that n of them have the squares n s^2 / 12 (Widrow and Kollar, Quantization Noise, 2008,
 * section 5.1) of which d/dM is n s / (6 255):
 *
 *   dE/dM = 2 (n s / (12 255) - sum max(x - hi, 0)) / P
 *   dE/dm = 2 (sum max(lo - x, 0) - n s / (12 255)) / P
 *
 * The sums go over the first of `PARTS` parts of the batch: a ratio needs no more, and whole ones are several more passes over
 * the blob.
 *
 * It is large where a range is far too tight, and the gradient of the loss says nothing any more: a net whose blobs are all cut
 * off tells no class from another, and its loss is best served by smaller answers. In a range that fits it is next to nothing.
 *
 * @param min whether the lower end is wanted
 */
export function rangeErrorGradients(
  g: GraphBuilder,
  batch: Value,
  { scale, low, high, width }: UlqInputs,
  want: { min: boolean },
): RangeError {
  const x = firstPart(g, batch);
  const count = elementCount(x.shape);
  const rounding = ops.mul(g, scale, g.scalar(count / (12 * 255)));
  const noise = ops.mul(g, ops.mul(g, scale, scale), g.scalar(count / 12));
  const power = ops.sum(g, [sumOfProducts(g, x, x), noise, g.scalar(TINY)]);
  const ofPower = (half: Value) => ops.div(g, ops.mul(g, half, g.scalar(2)), power);
  const excess = (over: Value) => ops.total(g, ops.relu(g, over));
  const max = ofPower(ops.sub(g, rounding, excess(ops.sub(g, x, high))));
  // In a range that fits, the width times a gradient is twice the error.
  const misfitOf = (gradient: Value) => {
    const ofWidth = ops.mul(g, ops.mul(g, ops.abs(g, gradient), width), g.scalar(0.5));
    return ops.min(g, ops.mul(g, ops.sqrt(g, ofWidth), g.scalar(FULL)), g.scalar(1));
  };
  if (!want.min) return { max, misfit: misfitOf(max) };
  const min = ofPower(x.nonNegative ? ops.neg(g, rounding) : ops.sub(g, excess(ops.sub(g, low, x)), rounding));
  return { max, min, misfit: ops.max(g, misfitOf(max), misfitOf(min)) };
}

function firstPart(g: GraphBuilder, x: Value): Value {
  const [images = 1] = x.shape;
  const length = Math.ceil(images / PARTS);
  return x.shape.length < 2 || length === images
    ? x
    : propagateSign(ops.slice(g, x, [{ axis: 0, start: 0, length }]), x);
}
