export type { CanonicalLayer, CanonicalPlan, CanonicalQuantizer, ClipRange } from '@caffe-quant/kernels/layer-types';
export type * from './plan.ts';
export { resolvePlan } from './resolve-plan.ts';
export { canonicalJson, canonicalPlan } from './canonical-plan.ts';
export { explainLayer, explainPlan } from './explain-plan.ts';
export { formatRetrainJson } from './format-retrain-json.ts';
