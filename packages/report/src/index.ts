export type * from './report-input.ts';
export { MODEL_NAMES } from './report-input.ts';
export { formatSummary } from './terminal-table.ts';
