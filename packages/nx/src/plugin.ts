/** The entry for nx.json. It is loaded on every Nx command, so it leads to nothing but what builds the graph. */
export { createNodes, createNodesV2 } from './create-nodes.ts';
export { preTasksExecution } from './pre-tasks-execution.ts';
export type { PluginOptions } from './plugin-options.ts';
