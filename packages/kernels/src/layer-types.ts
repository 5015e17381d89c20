/** What is to be known of layers and solvers without running any: nothing here loads the engine. */
export { COMMON_FIELDS } from './layers/common-fields.ts';
export { gigabytes, machineMemory } from './graph/graph-limits.ts';
export type { MemoryEstimate } from './net/memory-estimate.ts';
export { checkNet, NET_FIELDS } from './net/check-net.ts';
export {
  channelAxisOf,
  convolutionOfType,
  isConvolution,
  isDataLayer,
  isMeasure,
  layerTypeOf,
  layerTypes,
} from './layers/registry.ts';
export { traitOf } from './layers/layer-traits.ts';
export { batchNormFold, layersOfFold, readersOf } from './net/batch-norm-fold.ts';
export type { BatchNormFold } from './net/batch-norm-fold.ts';
export { forLayer } from './net/layer-problem.ts';
export { batchNorm } from './layers/normalization/batch-norm.ts';
export { bias } from './layers/arithmetic/bias.ts';
export { scale } from './layers/arithmetic/scale.ts';
export type { OperandAxes } from './layers/arithmetic/broadcast-axes.ts';
export { convolution } from './layers/convolution/convolution.ts';
export { deconvolution } from './layers/convolution/deconvolution.ts';
export { innerProduct } from './layers/inner-product/inner-product.ts';
export { pooling } from './layers/pooling/pooling.ts';
export { groupsOver } from './layers/convolution/convolution-settings.ts';
export type { ConvolutionSettings } from './layers/convolution/convolution-settings.ts';
export { softmaxWithLoss } from './layers/loss/softmax-with-loss.ts';
export { argMax } from './layers/metric/arg-max.ts';
export { DEPTHWISE_TYPES } from './layers/convolution/depthwise-types.ts';
export { checkSolver } from './solvers/check-solver.ts';
export type { SolverPlace } from './solvers/check-solver.ts';
export type { SolverMessage } from './solvers/solver-message.ts';
export { solverProblem } from './solvers/solver-settings.ts';
export { SOLVER_FIELDS } from './solvers/solver-fields.ts';
export { namedFiles } from './net/named-files.ts';
export type { CanonicalLayer, CanonicalPlan, CanonicalQuantizer, ClipRange } from './quantizers/canonical-plan.ts';
