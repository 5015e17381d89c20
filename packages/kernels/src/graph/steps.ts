import { depthwise } from './channel-affine.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';
import { outOfBlocks } from './in-blocks.ts';
import * as ops from './ops.ts';

/**
 * Indicators of x against a threshold, as numbers 0 and 1 to multiply with. In blocks one is a convolution that ends in a cut to [0, 1]:
 * a third of the time of a comparison and a conversion.
 */

/** 2^126: times it every positive number that is not subnormal is above 1. */
const STEEP = 2 ** 126;

/** 1 where x is above 0, else 0; less than 1 for subnormal numbers. */
export function unitStep(g: GraphBuilder, x: Value): Value {
  const blocked = g.blockedForm(x);
  if (!blocked) return ops.indicator(g, ops.greater(g, x, g.scalar(0)));
  return cutInBlocks(g, blocked, g.scalar(STEEP), undefined);
}

/**
 * The power of two by which the distance of a float32 threshold to the next number that is farther from 0 becomes 1: times
 * it, x - threshold is exact there, and never between 0 and 1. Of a threshold nearer to 0 than 2^-103 it is 2^126, which is
 * less: no quantizer has such a range.
 */
export function slopeAt(threshold: number): number {
  const [bits] = new Uint32Array(Float32Array.of(threshold).buffer) as unknown as [number];
  const exponent = ((bits >>> 23) & 255) - 127;
  return 2 ** Math.min(126, 23 - exponent);
}

/** 1 where x is above a threshold that is not negative, else 0; both are scalars, `slope` the threshold's `slopeAt`. */
export function stepAbove(g: GraphBuilder, x: Value, threshold: Value, slope: Value): Value {
  const blocked = g.blockedForm(x);
  if (!blocked) return ops.indicator(g, ops.greater(g, x, threshold));
  return cutInBlocks(g, blocked, slope, ops.neg(g, ops.mul(g, threshold, slope)));
}

/** 1 where x is below a threshold that is not positive, else 0. */
export function stepBelow(g: GraphBuilder, x: Value, threshold: Value, slope: Value): Value {
  const blocked = g.blockedForm(x);
  if (!blocked) return ops.indicator(g, ops.less(g, x, threshold));
  return cutInBlocks(g, blocked, ops.neg(g, slope), ops.mul(g, threshold, slope));
}

/** x * slope + shift, scalars, cut to [0, 1]. */
function cutInBlocks(g: GraphBuilder, x: Value, slope: Value, shift: Value | undefined): Value {
  const channels = x.shape[1]!;
  const kernel = ops.expand(g, ops.reshape(g, slope, [1, 1, 1, 1]), [channels, 1, 1, 1]);
  const shifts = shift && ops.expand(g, ops.reshape(g, shift, [1]), [channels]);
  return outOfBlocks(g, depthwise(g, x, kernel, shifts, { isCut: true }));
}
