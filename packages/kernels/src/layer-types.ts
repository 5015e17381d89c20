/** What is to be known of layers and solvers without running any: nothing here loads the engine. */
export { COMMON_FIELDS } from './layers/common-fields.ts';
export { checkNet, NET_FIELDS } from './net/check-net.ts';
export { isDataLayer, layerTypeOf, layerTypes } from './layers/registry.ts';
export { checkSolver } from './solvers/check-solver.ts';
export type { SolverPlace } from './solvers/check-solver.ts';
export type { SolverMessage } from './solvers/solver-message.ts';
export { solverProblem } from './solvers/solver-settings.ts';
export { SOLVER_FIELDS } from './solvers/solver-fields.ts';
export { namedFiles } from './net/named-files.ts';
