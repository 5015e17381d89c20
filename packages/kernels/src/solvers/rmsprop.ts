import * as ops from '../graph/ops.ts';
import { runningSquare } from './running-square.ts';
import type { SolverKernel } from './solver.ts';

/**
 * RMSProp: h' = rms_decay h + (1 - rms_decay) d^2; the step is rate d / (sqrt(h') + delta).
 * Source: Caffe's `rmsprop_solver.cpp`.
 */
export const rmsprop: SolverKernel = {
  type: 'RMSProp',
  historyCount: 1,
  update(g, { delta, rmsDecay }, { difference, histories, rate }) {
    const squares = runningSquare(g, histories[0]!, difference, rmsDecay);
    const root = ops.add(g, ops.sqrt(g, squares), g.scalar(delta));
    return { step: ops.mul(g, ops.div(g, difference, root), rate), histories: [squares] };
  },
};
