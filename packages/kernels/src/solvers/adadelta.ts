import * as ops from '../graph/ops.ts';
import type { Value } from '../graph/graph-builder.ts';
import { runningSquare } from './running-square.ts';
import type { SolverKernel } from './solver.ts';

/**
 * AdaDelta with momentum m: h1' = m h1 + (1 - m) d^2; u = d sqrt((h2 + delta) / (h1' + delta));
 * h2' = m h2 + (1 - m) u^2; the step is rate u. Source: Caffe's `adadelta_solver.cpp`.
 */
export const adadelta: SolverKernel = {
  type: 'AdaDelta',
  historyCount: 2,
  update(g, { momentum: { base: momentum }, delta: least }, { difference, histories, rate }) {
    const delta = g.scalar(least);
    const [ofGradients, ofSteps] = histories as [Value, Value];
    const squares = runningSquare(g, ofGradients, difference, momentum);
    const ratio = ops.div(g, ops.add(g, ofSteps, delta), ops.add(g, squares, delta));
    const update = ops.mul(g, difference, ops.sqrt(g, ratio));
    return {
      step: ops.mul(g, update, rate),
      histories: [squares, runningSquare(g, ofSteps, update, momentum)],
    };
  },
};
