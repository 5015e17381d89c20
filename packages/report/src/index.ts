export type * from './report-input.ts';
export { formatSummary } from './terminal-table.ts';
export { renderReport } from './html/render-report.ts';
export { describeCalibration } from './calibration-effects.ts';
export { halfWidths } from './chance.ts';
export { shareOutside } from './observed-share.ts';
export { formatSearch } from './search-table.ts';
export type { SearchRow } from './search-table.ts';
