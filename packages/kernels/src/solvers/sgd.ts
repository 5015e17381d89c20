import * as ops from '../graph/ops.ts';
import type { SolverKernel } from './solver.ts';

/** SGD with momentum: h' = rate d + momentum h; the step is h'. Source: Caffe's `sgd_solver.cpp`. */
export const sgd: SolverKernel = {
  type: 'SGD',
  historyCount: 1,
  update(g, { momentum: { base } }, { difference, histories, rate, momentum: scheduled }) {
    const momentum = scheduled ?? g.scalar(base);
    const isPlain = scheduled === undefined && base === 0;
    const scaled = ops.mul(g, difference, rate);
    const step = isPlain ? scaled : ops.add(g, scaled, ops.mul(g, histories[0]!, momentum));
    return { step, histories: [step] };
  },
};
