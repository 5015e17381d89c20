import type { Diagnostic } from 'caffe-prototxt-parser';
import type { ProjectPlace } from './project/project-place.ts';
import type { StageOptions } from './stage-options.ts';

/** For which project a stage runs, and for whom: an executor or a command line. */
export interface StageRequest {
  readonly place: ProjectPlace;
  readonly options: StageOptions;
  readonly host: StageHost;
}

/** Who asks. */
export interface StageHost {
  /** Shows text; a line's end is added where there is none. */
  print(text: string): void;
  printError(text: string): void;
  /** Aborted on the user's interrupt. */
  readonly signal: AbortSignal;
  /** Findings about the request itself, such as about workspace.json, shown with those of the stage. */
  readonly diagnostics?: readonly Diagnostic[];
}
