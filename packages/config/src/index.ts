export type * from './retrain-config.ts';
export { leaveFloat, withBatchNum } from './edit-retrain-config.ts';
export { type JsonMember, type JsonNode, parseJson } from './json-syntax.ts';
export { parseRetrainConfig } from './parse-retrain-config.ts';
export { parseRetrainJson } from './parse-retrain-json.ts';
