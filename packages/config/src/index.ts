export type * from './retrain-config.ts';
export { parseRetrainConfig } from './parse-retrain-config.ts';
export { parseRetrainJson } from './parse-retrain-json.ts';
