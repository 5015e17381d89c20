export { createNodes } from './create-nodes.ts';
export type { PluginOptions } from './plugin-options.ts';
