/**
 * What the Nx plugin needs while Nx builds its project graph, on every command of the workspace: nothing here may load
 * onnxruntime or a parser.
 */
export type { InstalledEngine } from './engine/installed-engine.ts';
export { installedEngine } from './engine/installed-engine.ts';
export { FILE_OPTIONS } from './option-list.ts';
export {
  ATTEMPT_DESCRIPTION,
  ATTEMPT_NAMES,
  ATTEMPTS,
  ATTEMPTS_FOLDER,
  attemptsJustBefore,
  LADDER,
  RESULT_FILE,
  SEARCH_DESCRIPTION,
  SEARCH_FOLDER,
} from './search/attempt-list.ts';
export type { StageName } from './stage-declaration.ts';
export { STAGE_NAMES } from './stage-declaration.ts';
export { DIGESTS_FILE, STAGES, stagesBefore } from './stage-list.ts';
export type { StageOptions } from './stage-options.ts';
