import * as ops from '../graph/ops.ts';
import { momentumOf, type SolverKernel } from './solver.ts';

/** SGD with momentum: h' = rate d + momentum h; the step is h'. Source: Caffe's `sgd_solver.cpp`. */
export const sgd: SolverKernel = {
  type: 'SGD',
  historyCount: 1,
  takesMomentum: true,
  update(g, solver, { difference, histories, rate, momentum: scheduled }) {
    const momentum = scheduled ?? g.scalar(momentumOf(solver));
    const isPlain = scheduled === undefined && momentumOf(solver) === 0;
    const scaled = ops.mul(g, difference, rate);
    const step = isPlain ? scaled : ops.add(g, scaled, ops.mul(g, histories[0]!, momentum));
    return { step, histories: [step] };
  },
};
