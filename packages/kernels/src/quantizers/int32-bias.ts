import * as ops from '../graph/ops.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { ArqValues } from './arq.ts';
import { FLT_EPSILON } from './rounding.ts';

/**
 * Biases as the deployed model has them, in int32 at the scale of the products that they are added to:
 *
 *   step = scale_d * scale_w;   b~ = round(b / step) * step, halves to even
 *
 * A step may be a good part of a small bias, and one number is added to a whole channel: what training does not see of it, it
 * cannot make up for. The gradient is straight through: dL/db = dL/db~. Channels whose weights are all 0 keep their bias,
 * since their scale_w is chosen for it.
 * Source: AMCT's `insert_bias_quant_pass`.
 */

/** b~ of biases [C], where `scaleIn` is scale_d, a scalar. */
export function roundedBias(g: GraphBuilder, bias: Value, scaleIn: Value, { scale, isZero }: ArqValues): Value {
  const step = ops.mul(g, scaleIn, flat(g, scale));
  return ops.where(g, flat(g, isZero), bias, roundedTo(g, bias, step));
}

/** What BatchNorm, Scale and Bias behind a layer do to its channels: y = factor * x + offset, [C] each. */
export interface ChannelMap {
  factor: Value;
  offset: Value;
}

/**
 * What rounding adds to each channel of a layer with a map folded into it, [C]: the folded bias is factor * bias + offset, and
 * the folded scale_w is scale_w * |factor|, but not less than the smallest there is.
 *
 * @param channelAxis of the weights
 */
export function foldedBiasError(
  g: GraphBuilder,
  { factor, offset }: ChannelMap,
  bias: Value | undefined,
  scaleIn: Value,
  { scale, isZero, weights }: ArqValues,
  channelAxis: number,
): Value {
  const folded = bias ? ops.add(g, ops.mul(g, factor, bias), offset) : offset;
  const foldedScale = ops.max(g, ops.mul(g, flat(g, scale), ops.abs(g, factor)), g.scalar(FLT_EPSILON));
  const error = ops.sub(g, roundedTo(g, folded, ops.mul(g, scaleIn, foldedScale)), folded);
  // With one scale for all channels each has its own once the map is folded in.
  const isDead =
    scale.shape[channelAxis] === weights.shape[channelAxis]
      ? flat(g, isZero)
      : ops.equal(g, ops.reduceMax(g, ops.abs(g, weights), axesBut(weights, channelAxis)), g.scalar(0));
  return ops.where(g, isDead, g.scalar(0), error);
}

const roundedTo = (g: GraphBuilder, value: Value, step: Value): Value =>
  ops.mul(g, ops.roundHalfEven(g, ops.div(g, value, step)), step);

const flat = (g: GraphBuilder, value: Value): Value =>
  ops.reshape(g, value, [value.shape.reduce((product, length) => product * length, 1)]);

const axesBut = (value: Value, axis: number): number[] => ops.allAxes(value).filter((each) => each !== axis);
