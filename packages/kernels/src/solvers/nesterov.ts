import * as ops from '../graph/ops.ts';
import type { SolverKernel } from './solver.ts';

/**
 * Nesterov's accelerated gradient: h' = rate d + momentum h; the step is (1 + momentum) h' - momentum h.
 * Source: Caffe's `nesterov_solver.cpp`.
 */
export const nesterov: SolverKernel = {
  type: 'Nesterov',
  historyCount: 1,
  update(g, { momentum: { base } }, { difference, histories, rate }) {
    const momentum = g.scalar(base);
    const onward = g.scalar(Math.fround(1 + base));
    const before = ops.mul(g, histories[0]!, momentum);
    const after = ops.add(g, ops.mul(g, difference, rate), before);
    const step = ops.sub(g, ops.mul(g, after, onward), before);
    return { step, histories: [after] };
  },
};
