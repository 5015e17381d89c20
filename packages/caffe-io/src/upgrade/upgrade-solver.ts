import type { SolverParameter, SolverParameter_SolverType } from '../generated/caffe.ts';
import { UpgradeLog } from './upgrade-log.ts';

const TYPES: Readonly<Partial<Record<string, string>> & Record<SolverParameter_SolverType, string>> = {
  SGD: 'SGD',
  NESTEROV: 'Nesterov',
  ADAGRAD: 'AdaGrad',
  RMSPROP: 'RMSProp',
  ADADELTA: 'AdaDelta',
  ADAM: 'Adam',
};

/**
 * Turns the enum `solver_type` of solvers of before 2015 into `type`. Source: BVLC Caffe, UpgradeSolverType in
 * src/caffe/util/upgrade_proto.cpp, which refuses a solver that has both.
 */
export function upgradeSolver(solver: SolverParameter): { solver: SolverParameter; log: UpgradeLog } {
  const log = new UpgradeLog();
  const { solver_type, ...rest } = solver;
  if (solver_type === undefined) return { solver, log };
  if (solver.type !== undefined) {
    log.problems.push({
      code: 'solver-type',
      severity: 'error',
      message: 'the solver has both `type` and the older `solver_type`',
      hint: 'keep `type`',
      at: solver,
      field: 'solver_type',
    });
    return { solver, log };
  }
  // A fork's own keeps its name, and is refused by it.
  const type = TYPES[solver_type] ?? solver_type;
  return { solver: log.from({ ...rest, type }, solver, { type: 'solver_type' }), log };
}
