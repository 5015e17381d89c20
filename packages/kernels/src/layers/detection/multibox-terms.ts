import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';

/** The terms of MultiBoxLoss, prior by prior, each with its gradient. Source: SSD's `multibox_loss_layer.cpp`. */

/** The smallest normal float32. */
const FLT_MIN = 1.1754943508222875e-38;

/** The loss of each prior's scores. */
export interface ScoreLoss {
  /** Of each prior, [N, P], and its gradient [N, P, C]. */
  losses: Value;
  slopes: Value;
  /** The same where nothing is mined. */
  allLosses(found: Value): Value;
  allSlopes(found: Value): Value;
}

/** Scores x [N, P, C] against targets of the same shape, as SoftmaxWithLoss has it. */
export function softmax(g: GraphBuilder, x: Value, target: Value): ScoreLoss {
  const p = ops.softmax(g, x, 2);
  const ofLabel = ops.reduceSum(g, ops.mul(g, p, target), [2]);
  const losses = ops.neg(g, ops.log(g, ops.max(g, ofLabel, g.scalar(FLT_MIN))));
  const slopes = ops.sub(g, p, target);
  return { losses, slopes, allLosses: () => losses, allSlopes: () => slopes };
}

/** As SigmoidCrossEntropyLoss has it. Without mining a prior that is not matched is not an example of the background: all its targets are 0. */
export function logistic(g: GraphBuilder, x: Value, target: Value): ScoreLoss {
  const tail = ops.log(g, ops.add(g, ops.exp(g, ops.neg(g, ops.abs(g, x))), g.scalar(1)));
  const base = ops.add(g, ops.relu(g, x), tail);
  const s = ops.sigmoid(g, x);
  const lossOf = (targets: Value) => ops.reduceSum(g, ops.sub(g, base, ops.mul(g, x, targets)), [2]);
  const slopeOf = (targets: Value) => ops.sub(g, s, targets);
  const ofFound = (found: Value) =>
    ops.mul(g, target, ops.indicator(g, ops.reshape(g, found, [...target.shape.slice(0, 2), 1])));
  return {
    losses: lossOf(target),
    slopes: slopeOf(target),
    allLosses: (found) => lossOf(ofFound(found)),
    allSlopes: (found) => slopeOf(ofFound(found)),
  };
}

/** Differences of locations d [N, P, 4], as SmoothL1Loss has it. */
export function smooth(g: GraphBuilder, d: Value): { losses: Value; slopes: Value } {
  const [one, half] = [g.scalar(1), g.scalar(0.5)];
  const size = ops.abs(g, d);
  const each = ops.where(g, ops.less(g, size, one), ops.mul(g, ops.mul(g, d, d), half), ops.sub(g, size, half));
  return { losses: ops.reduceSum(g, each, [2]), slopes: ops.max(g, ops.min(g, d, one), g.scalar(-1)) };
}

/** The same as EuclideanLoss has it. */
export function squared(g: GraphBuilder, d: Value): { losses: Value; slopes: Value } {
  return { losses: ops.mul(g, ops.reduceSumSquare(g, d, [2]), g.scalar(0.5)), slopes: d };
}
