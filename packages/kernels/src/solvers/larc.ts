import type { SolverParameter } from '@caffe-quant/caffe-io';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import { SolverError } from './lr-policy.ts';

/** NVIDIA/caffe's settings of it. */
interface LarcSettings {
  larc?: boolean;
  larc_policy?: string;
  larc_eta?: number;
}

/**
 * Layer-wise adaptive rate control: a blob w with gradient d learns at the rate r = larc_eta |w| / |d| (1 where one of the
 * norms is 0), times the rate of the iteration (`scale`) or at most at that rate (`clip`); `lr_mult` then only says
 * whether it learns. Source: NVIDIA/caffe's `SGDSolver::GetLocalRate` and `ComputeUpdateValue`.
 *
 * @param gradient without weight decay
 * @returns `undefined` where the solver does not ask for it
 * @throws SolverError for a policy that it does not have
 */
export function larcRate(
  g: GraphBuilder,
  solver: SolverParameter,
  { value, gradient, rate }: { value: Value; gradient: Value; rate: Value },
): Value | undefined {
  const { larc = false, larc_policy: policy = 'scale', larc_eta: eta = 0.001 } = solver as LarcSettings;
  if (!larc) return undefined;
  checkLarcPolicy(solver);
  const [ofWeights, ofGradient] = [value, gradient].map((x) => ops.sqrt(g, ops.total(g, ops.mul(g, x, x))));
  const ratio = ops.div(g, ops.mul(g, ofWeights!, g.scalar(Math.fround(eta))), ofGradient!);
  const areBoth = ops.greater(g, ops.mul(g, ofWeights!, ofGradient!), g.scalar(0));
  const local = ops.where(g, areBoth, ratio, g.scalar(1));
  return policy === 'scale' ? ops.mul(g, rate, local) : ops.min(g, rate, local);
}

/** @throws SolverError for a policy that it does not have */
export function checkLarcPolicy(solver: SolverParameter): void {
  const { larc = false, larc_policy: policy = 'scale' } = solver as LarcSettings;
  if (larc && policy !== 'scale' && policy !== 'clip') {
    throw new SolverError(`larc_policy '${policy}' is not one of scale, clip`, 'larc_policy');
  }
}
