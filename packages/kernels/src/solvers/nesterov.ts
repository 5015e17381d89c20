import * as ops from '../graph/ops.ts';
import { momentumOf, type SolverKernel } from './solver.ts';

/**
 * Nesterov's accelerated gradient: h' = rate d + momentum h; the step is (1 + momentum) h' - momentum h.
 * Source: Caffe's `nesterov_solver.cpp`.
 */
export const nesterov: SolverKernel = {
  type: 'Nesterov',
  historyCount: 1,
  update(g, solver, { difference, histories, rate }) {
    const momentum = momentumOf(solver);
    const before = ops.mul(g, histories[0]!, g.scalar(momentum));
    const after = ops.add(g, ops.mul(g, difference, rate), before);
    const step = ops.sub(g, ops.mul(g, after, g.scalar(Math.fround(1 + momentum))), before);
    return { step, histories: [after] };
  },
};
