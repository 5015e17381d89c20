/** What is to be known of layers and solvers without running any: nothing here loads the engine. */
export { checkNet } from './net/check-net.ts';
export { isDataLayer, layerTypeOf } from './layers/registry.ts';
export { SOLVER_FIELDS } from './solvers/solver-fields.ts';
export { namedFiles } from './net/named-files.ts';
