import { channelSum } from '../../graph/channel-affine.ts';
import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Shape, Value } from '../../graph/graph-builder.ts';
import { canonicalAxis, check } from '../layer.ts';

/**
 * How the operand of Scale and Bias lies over the axes of x: its axes are those of x from `axis` on. A blob of one
 * element with no axes is broadcast to all of x.
 */
export interface BroadcastAxes {
  /** Shape of the operand. */
  shape: Shape;
  /** Its shape with ones for the axes of x after it: broadcasts to x. */
  broadcastShape: Shape;
  /** Axes of x over which the operand's gradient is summed. */
  summed: number[];
}

/** Where the operand of a layer lies. */
export interface OperandAxes {
  /** The first axis of x that it has; negative: from the end. */
  readonly axis: number;
  /** How many axes of x an operand that the layer owns has: 0 or more, or all the others. One that is a bottom has its own. */
  readonly numAxes: number | 'all';
}

/** @throws LayerError unless `num_axes` is a number of axes, or -1 */
export function operandAxes({
  axis = 1,
  num_axes = 1,
}: { axis?: number | undefined; num_axes?: number | undefined } = {}): OperandAxes {
  check(num_axes >= -1, () => `num_axes ${num_axes} is less than -1`);
  return { axis, numAxes: num_axes === -1 ? 'all' : num_axes };
}

/** The axes of the operand over the bottoms: of the second of them, or, without one, of what the layer owns. */
export const axesOver = (axes: OperandAxes, [x, operand]: readonly Shape[]): BroadcastAxes =>
  operand ? bottomAxes(x!, operand, axes.axis) : ownAxes(x!, axes);

function ownAxes(x: Shape, { axis, numAxes }: OperandAxes): BroadcastAxes {
  const first = canonicalAxis(axis, x.length);
  const count = numAxes === 'all' ? x.length - first : numAxes;
  check(first + count <= x.length, () => `axis ${axis} and num_axes ${numAxes} are more than the ${x.length} axes`);
  return broadcastAxes(x, x.slice(first, first + count), first);
}

function bottomAxes(x: Shape, operand: Shape, axis: number): BroadcastAxes {
  // A scalar may stand anywhere; Caffe makes its axis 0.
  const first = operand.length === 0 ? 0 : canonicalAxis(axis, x.length);
  check(
    operand.every((dim, i) => x[first + i] === dim),
    () => `the second bottom [${operand.join(', ')}] does not lie over [${x.join(', ')}] from axis ${axis} on`,
  );
  return broadcastAxes(x, operand, first);
}

function broadcastAxes(x: Shape, shape: Shape, first: number): BroadcastAxes {
  const end = first + shape.length;
  return {
    shape,
    broadcastShape: [...shape, ...x.slice(end).map(() => 1)],
    summed: x.map((_, axis) => axis).filter((axis) => axis < first || axis >= end),
  };
}

/** The gradient of an operand: `gradient` [as x] summed over all that the operand was broadcast to. */
export const reduceToOperand = (g: GraphBuilder, gradient: Value, { summed }: BroadcastAxes): Value =>
  summed.length === 0
    ? gradient
    : summed.length === gradient.shape.length - 1 && !summed.includes(1)
      ? channelSum(g, gradient)
      : ops.reduceSum(g, gradient, summed);

/** The operand, ready to be broadcast to x. */
export const broadcastOperand = (g: GraphBuilder, operand: Value, axes: BroadcastAxes): Value =>
  ops.reshape(g, operand, axes.shape.length === 0 ? [] : axes.broadcastShape);

/** Whether the operand has one number for each channel of x [N, C, ...], and no other axis. */
export const isPerChannel = ({ shape, summed }: BroadcastAxes, x: Shape): boolean =>
  shape.length === 1 && x.length > 1 && !summed.includes(1);
