/** Options as users see them, for command lines, schemas and documentation; without the engine. */
export type { OptionDeclaration, OptionDeclarations, OptionValues } from './declaration.ts';
export { defaultOf, expectedOf, explanationOf } from './declaration.ts';
export { executorSchema } from './option-schema.ts';
export type { OptionSource, ParsedOptions } from './parse-options.ts';
export { parseOptions } from './parse-options.ts';
export { flagOf, optionNameOf } from './spelling.ts';
export type { OptionName, StageOptionDeclaration } from '../option-list.ts';
export { declarationOf, OPTION_LIST, OPTION_NAMES, optionsTakenBy } from '../option-list.ts';
export { readThresholds } from '../project/thresholds.ts';
