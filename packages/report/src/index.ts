export type * from './report-input.ts';
export { MODEL_NAMES } from './report-input.ts';
export { formatSummary } from './terminal-table.ts';
export { renderReport } from './html/render-report.ts';
export { shareOutside } from './observed-share.ts';
export { reportJson } from './report-json.ts';
export type { ReportSummary, SummarizedLayer } from './report-json.ts';
export { verdictOf } from './verdict.ts';
export type { Verdict, VerdictLevel } from './verdict.ts';
