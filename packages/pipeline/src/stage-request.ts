import type { Diagnostic } from 'caffe-prototxt-parser';
import type { ProcessIdentity } from './locks/process-identity.ts';
import type { ProjectPlace } from './project/project-place.ts';
import type { StageOptions } from './stage-options.ts';

/** For which project a stage runs, and for whom: an executor or a command line. */
export interface StageRequest {
  readonly place: ProjectPlace;
  readonly options: StageOptions;
  /** Folder of the stages' output folders, for a caller that keeps them somewhere of its own; else `outDir` says it. */
  readonly stagesFolder?: string;
  readonly host: StageHost;
}

/** Who asks. */
export interface StageHost {
  /** Shows text; a line's end is added where there is none. */
  print(text: string): void;
  printError(text: string): void;
  /** Aborted on the user's interrupt. */
  readonly signal: AbortSignal;
  /**
   * The process that the run of all stages belongs to, where each stage is a process of its own: until it ends, or the
   * last stage is done, no other run may write into the same output folders.
   */
  readonly run?: ProcessIdentity;
  /** Findings about the request itself, such as about workspace.json, shown with those of the stage. */
  readonly diagnostics?: readonly Diagnostic[];
}
