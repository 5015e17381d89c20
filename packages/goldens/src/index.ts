export { checkGoldens } from './check-goldens.ts';
export type { GoldenResult } from './check-goldens.ts';
export { excess } from './comparison.ts';
export type { Measure } from './comparison.ts';
export { BACKWARD_LIMIT, FORWARD_LIMIT } from './excused-cases.ts';
export { GoldenError, openGoldenSet } from './golden-set.ts';
export type { GoldenSet, TensorRef } from './golden-set.ts';
export type { LayerCase } from './check-layer.ts';
