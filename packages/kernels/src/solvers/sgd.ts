import * as ops from '../graph/ops.ts';
import { momentumOf, type SolverKernel } from './solver.ts';

/** SGD with momentum: h' = rate d + momentum h; the step is h'. Source: Caffe's `sgd_solver.cpp`. */
export const sgd: SolverKernel = {
  type: 'SGD',
  historyCount: 1,
  update(g, solver, { difference, histories, rate }) {
    const momentum = momentumOf(solver);
    const scaled = ops.mul(g, difference, rate);
    const step = momentum === 0 ? scaled : ops.add(g, scaled, ops.mul(g, histories[0]!, g.scalar(momentum)));
    return { step, histories: [step] };
  },
};
