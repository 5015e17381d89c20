import * as ops from '../graph/ops.ts';
import { runningSquare } from './running-square.ts';
import { deltaOf, type SolverKernel } from './solver.ts';

/**
 * RMSProp: h' = rms_decay h + (1 - rms_decay) d^2; the step is rate d / (sqrt(h') + delta).
 * Source: Caffe's `rmsprop_solver.cpp`.
 */
export const rmsprop: SolverKernel = {
  type: 'RMSProp',
  historyCount: 1,
  update(g, solver, { difference, histories, rate }) {
    const decay = Math.fround(solver.rms_decay ?? 0.99);
    const squares = runningSquare(g, histories[0]!, difference, decay);
    const root = ops.add(g, ops.sqrt(g, squares), g.scalar(deltaOf(solver)));
    return { step: ops.mul(g, ops.div(g, difference, root), rate), histories: [squares] };
  },
};
