export * from './authoring/index.ts';
export { identityOf } from './locks/process-identity.ts';
export type { StageOptions } from './stage-options.ts';
export { runStage } from './run-stage.ts';
export type { StageRequest } from './stage-request.ts';
export type { Stage } from './stage.ts';
export { untilInterrupted } from './until-interrupted.ts';
