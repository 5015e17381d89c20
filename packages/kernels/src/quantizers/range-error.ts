import { sumOfProducts } from '../graph/channel-affine.ts';
import { elementCount, type GraphBuilder, propagateSign, type Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import type { UlqInputs } from './ulq.ts';

/** Keeps 0 / 0 away for a blob of zeros in a range next to nothing. */
const TINY = 1e-30;

const PARTS = 8;

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
 * The sums go over the first of `PARTS` parts of the batch: a ratio needs no more, and whole ones would cost as much as all of ULQ's
 * backward pass.
 *
 * It is large where a range is far too tight, and the gradient of the loss says nothing any more: a net whose blobs are all cut
 * off tells no class from another, and its loss is best served by smaller answers. In a range that fits it is next to nothing.
 *
 * @param min whether the lower end is wanted
 */
export function rangeErrorGradients(
  g: GraphBuilder,
  batch: Value,
  { scale, low, high }: UlqInputs,
  want: { min: boolean },
): { max: Value; min?: Value } {
  const x = firstPart(g, batch);
  const count = elementCount(x.shape);
  const rounding = ops.mul(g, scale, g.scalar(count / (12 * 255)));
  const noise = ops.mul(g, ops.mul(g, scale, scale), g.scalar(count / 12));
  const power = ops.sum(g, [sumOfProducts(g, x, x), noise, g.scalar(TINY)]);
  const ofPower = (half: Value) => ops.div(g, ops.mul(g, half, g.scalar(2)), power);
  const excess = (over: Value) => ops.total(g, ops.relu(g, over));
  const max = ofPower(ops.sub(g, rounding, excess(ops.sub(g, x, high))));
  if (!want.min) return { max };
  if (x.nonNegative) return { max, min: ofPower(ops.neg(g, rounding)) };
  return { max, min: ofPower(ops.sub(g, excess(ops.sub(g, low, x)), rounding)) };
}

function firstPart(g: GraphBuilder, x: Value): Value {
  const [images = 1] = x.shape;
  const length = Math.ceil(images / PARTS);
  return x.shape.length < 2 || length === images
    ? x
    : propagateSign(ops.slice(g, x, [{ axis: 0, start: 0, length }]), x);
}
