import { elementByElement } from '../graph/in-blocks.ts';
import * as ops from '../graph/ops.ts';
import { propagateSign, type GraphBuilder, type Value } from '../graph/graph-builder.ts';
import { roundHalfAway } from './rounding.ts';

/**
 * ULQ (Universal Linear Quantization) of activations: 8 bit, asymmetric, with a learnable clip range [m, M].
 *
 *   s = (M - m) / 255          step of the grid
 *   o = round(m / s)           integer, halves away from zero; zero is on the grid because o is an integer
 *   lo = s * o, hi = s * (o + 255)
 *   y = rint(clamp(x, lo, hi) / s) * s
 *
 * and with p(v) = v * 255 / (M - m), e = (round(p(x)) - p(x)) / 255, e0 = (round(p(m)) - p(m)) / 255 the gradients are
 *
 *   | region       | dL/dx | dy/dM  | dy/dm  |
 *   | lo <= x <= hi | g    | e      | -e     |
 *   | x > hi       | 0     | 1 + e0 | -e0    |
 *   | x < lo       | 0     | e0     | 1 - e0 |
 *
 * summed over the whole batch for M and m. All is float32 in the order of AMCT's library, whose numbers this equals:
 * p(v) is not quite v / s, its halves are rounded away from zero and not to even, and symmetric clips of 6 or 3 give
 * o = -128, those of 1 or 10 give -127.
 * Source: `ulq.cpp` and `activation_qat_layer.cpp` of AMCT (Caffe edition).
 */

export interface ClipRange {
  max: number;
  min: number;
}

/** A quantizer's range as training carries it from step to step. */
export interface ClipState {
  clip: ClipRange;
  /** The range to fall back to when an update turns `clip` into no range. */
  lastGood: ClipRange;
}

const { fround } = Math;

/**
 * The check before each forward: a range that holds no zero or is empty goes back to the last good bound.
 * @returns the state to go on with, and whether a bound was restored.
 */
export function checkClip({ clip, lastGood }: ClipState): { state: ClipState; restored: boolean } {
  const { max, min } = clip;
  if (max <= min) return { state: { clip: lastGood, lastGood }, restored: true };
  if (max < 0) {
    return { state: { clip: { max: lastGood.max, min }, lastGood: { max: lastGood.max, min } }, restored: true };
  }
  if (min > 0) {
    return { state: { clip: { max, min: lastGood.min }, lastGood: { max, min: lastGood.min } }, restored: true };
  }
  return { state: { clip, lastGood: clip }, restored: false };
}

/** The grid of a clip range. All values are float32 numbers but the integers. */
export interface UlqGrid {
  /** s: the step, `scale_d` of the record. */
  scale: number;
  /** o: the grid index of the lower end, [-255, 0]. */
  offset: number;
  /** Zero point of the int8 grid, `offset_d` of the record: -o - 128, [-128, 127]. */
  zeroPoint: number;
  /** lo and hi: the ends of the grid. */
  low: number;
  high: number;
  /** M - m. */
  width: number;
  /** e0: (round(p(m)) - p(m)) / 255. */
  minResidue: number;
}

export function ulqGrid(clip: ClipRange): UlqGrid {
  const width = fround(clip.max - clip.min);
  const scale = fround(width / 255);
  const offset = roundHalfAway(fround(clip.min / scale)) + 0; // no negative zero
  const position = fround(fround(clip.min * 255) / width);
  return {
    scale,
    offset,
    zeroPoint: -offset - 128,
    low: fround(scale * offset),
    high: fround(scale * (offset + 255)),
    width,
    minResidue: fround(fround(roundHalfAway(position) - position) / 255),
  };
}

/** The grid of one quantizer as graph inputs, so that one graph serves every step of training. */
export interface UlqInputs {
  scale: Value;
  zeroPoint: Value;
  low: Value;
  high: Value;
  width: Value;
  minResidue: Value;
}

/** Declares the grid's graph inputs, scalars named `ulq/<name>/...`. */
export function ulqInputs(g: GraphBuilder, name: string): UlqInputs {
  return {
    scale: g.input(`ulq/${name}/scale`, []),
    zeroPoint: g.input(`ulq/${name}/zero_point`, [], 'int8'),
    low: g.input(`ulq/${name}/low`, []),
    high: g.input(`ulq/${name}/high`, []),
    width: g.input(`ulq/${name}/width`, []),
    minResidue: g.input(`ulq/${name}/min_residue`, []),
  };
}

/** The values to feed to `ulqInputs` of the same name. */
export function ulqFeeds(name: string, grid: UlqGrid): Record<string, Float32Array | Int8Array> {
  return {
    [`ulq/${name}/scale`]: Float32Array.of(grid.scale),
    [`ulq/${name}/zero_point`]: Int8Array.of(grid.zeroPoint),
    [`ulq/${name}/low`]: Float32Array.of(grid.low),
    [`ulq/${name}/high`]: Float32Array.of(grid.high),
    [`ulq/${name}/width`]: Float32Array.of(grid.width),
    [`ulq/${name}/min_residue`]: Float32Array.of(grid.minResidue),
  };
}

/** y of `x`, any shape. NaN and infinity are hidden by the clamp: test `x` for them before. */
export function ulqForward(g: GraphBuilder, x: Value, { scale, zeroPoint }: UlqInputs): Value {
  return elementByElement(g, [x], (value) => {
    const quantized = g.op('QuantizeLinear', [value, scale, zeroPoint], {}, x.shape, 'int8');
    return propagateSign(g.op('DequantizeLinear', [quantized, scale, zeroPoint], {}, x.shape, 'float'), x);
  });
}

export interface UlqGradients {
  /** Gradient of the loss by x, of x's shape; undefined where not asked for. */
  x?: Value;
  /** Gradients by M and m, scalars; `min` undefined with a fixed minimum. */
  max: Value;
  min?: Value;
}

/**
 * Gradients of `ulqForward` for the gradient `dy` of its output. The low end is never above zero, so that an `x` that is
 * known not to be negative never falls below it.
 */
export function ulqBackward(
  g: GraphBuilder,
  x: Value,
  dy: Value,
  { low, high, width, minResidue }: UlqInputs,
  want: { x: boolean; min: boolean },
): UlqGradients {
  const above = ops.masked(g, dy, ops.greater(g, x, high));
  const below = x.nonNegative ? undefined : ops.masked(g, dy, ops.less(g, x, low));
  const notAbove = ops.sub(g, dy, above);
  const inside = below ? ops.sub(g, notAbove, below) : notAbove;
  const position = ops.div(g, ops.mul(g, x, g.scalar(255)), width);
  const residue = ops.sub(g, ops.roundHalfAway(g, propagateSign(position, x)), position);
  const sumInside = ops.div(g, ops.total(g, ops.mul(g, inside, residue)), g.scalar(255));
  const sumAbove = ops.total(g, above);
  const sumBelow = below && ops.total(g, below);
  const one = g.scalar(1);
  const ofBelow = (factor: Value) => (sumBelow ? [ops.mul(g, sumBelow, factor)] : []);
  const max = ops.sum(g, [sumInside, ops.mul(g, sumAbove, ops.add(g, one, minResidue)), ...ofBelow(minResidue)]);
  const gradients: UlqGradients = { max };
  if (want.x) gradients.x = inside;
  if (want.min) {
    const ofInside = ops.add(g, sumInside, ops.mul(g, sumAbove, minResidue));
    gradients.min = ops.sub(g, ops.sum(g, [g.scalar(0), ...ofBelow(ops.sub(g, one, minResidue))]), ofInside);
  }
  return gradients;
}
