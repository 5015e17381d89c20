import * as ops from '../graph/ops.ts';
import type { SolverKernel } from './solver.ts';

/** AdaGrad: h' = h + d^2; the step is rate d / (sqrt(h') + delta). Source: Caffe's `adagrad_solver.cpp`. */
export const adagrad: SolverKernel = {
  type: 'AdaGrad',
  historyCount: 1,
  update(g, { delta }, { difference, histories, rate }) {
    const squares = ops.add(g, histories[0]!, ops.mul(g, difference, difference));
    const root = ops.add(g, ops.sqrt(g, squares), g.scalar(delta));
    return { step: ops.mul(g, ops.div(g, difference, root), rate), histories: [squares] };
  },
};
