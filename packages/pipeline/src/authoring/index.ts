/** What writes the files of a project: for generators and command lines. */
export type { Override } from './add-override.ts';
export { addOverride } from './add-override.ts';
export { checkWeights } from './check-weights.ts';
export type { GivenData } from './data-kind.ts';
export { givenData } from './data-kind.ts';
export { fineTuningSolver } from './fine-tuning-solver.ts';
export { dataLockText, lockData } from './lock-data.ts';
export { netForMode } from './net-for-mode.ts';
export type { NetOfSolver } from './net-of-solver.ts';
export { netOfSolver } from './net-of-solver.ts';
export type { NamedText } from './net-of-text.ts';
export { parsePreparation } from './preparation.ts';
export { quantConfigText } from './quant-config-text.ts';
