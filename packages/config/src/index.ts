export type * from './retrain-config.ts';
<<<<<<< HEAD
export { type JsonMember, type JsonNode, parseJson } from './json-syntax.ts';
=======
export { leaveFloat, withBatchNum } from './edit-retrain-config.ts';
export type { JsonMember, JsonNode } from './json-syntax.ts';
export { parseJson } from './json-syntax.ts';
>>>>>>> search
export { parseRetrainConfig } from './parse-retrain-config.ts';
export { parseRetrainJson } from './parse-retrain-json.ts';
