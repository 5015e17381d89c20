export { createNodes } from './create-nodes.ts';
export type { PluginOptions } from './plugin-options.ts';
export { stageTargets } from './stage-targets.ts';
export type { StageTargetsInput } from './stage-targets.ts';
