import * as ops from '../graph/ops.ts';
import type { Value } from '../graph/graph-builder.ts';
import { runningSquare } from './running-square.ts';
import type { SolverKernel } from './solver.ts';

/**
 * Adam: m' = momentum m + (1 - momentum) d; v' = momentum2 v + (1 - momentum2) d^2; the step is
 * rate sqrt(1 - momentum2^t) / (1 - momentum^t) m' / (sqrt(v') + delta), t from 1. Source: Caffe's `adam_solver.cpp`.
 */
export const adam: SolverKernel = {
  type: 'Adam',
  historyCount: 2,
  rateFactor({ momentum, momentum2 }, iteration) {
    const t = iteration + 1;
    return Math.sqrt(1 - Math.pow(momentum2, t)) / (1 - Math.pow(momentum.base, t));
  },
  update(g, { momentum: { base: momentum }, momentum2, delta }, { difference, histories, rate }) {
    const [mean, variance] = histories as [Value, Value];
    const nextMean = ops.add(
      g,
      ops.mul(g, difference, g.scalar(Math.fround(1 - momentum))),
      ops.mul(g, mean, g.scalar(momentum)),
    );
    const nextVariance = runningSquare(g, variance, difference, momentum2);
    const root = ops.add(g, ops.sqrt(g, nextVariance), g.scalar(delta));
    return { step: ops.mul(g, ops.div(g, nextMean, root), rate), histories: [nextMean, nextVariance] };
  },
};
