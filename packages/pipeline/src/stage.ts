import type { Diagnostic } from 'caffe-prototxt-parser';
import type { Project } from './project/project.ts';
import type { ProjectPlace } from './project/project-place.ts';
import type { StageName } from './stage-declaration.ts';
import type { StageOptions } from './stage-options.ts';

/**
 * One step from quant.cfg to the deliverables. What it reads, and so what its result is kept under, stands in its
 * declaration; this is only its work.
 */
export interface Stage {
  readonly name: StageName;
  /**
   * Writes the stage's files into `context.out`. With equal inputs it writes equal bytes.
   *
   * @throws DiagnosticsError for a mistake of the user
   */
  run(context: StageContext): Promise<void>;
}

/** What a stage may use of the world. */
export interface StageContext {
  readonly place: ProjectPlace;
  /**
   * Those that `option-list.ts` says this stage reads.
   *
   * @throws RangeError where another is asked for: it would not be in the stage's key
   */
  readonly options: StageOptions;
  /** A fresh folder. It becomes the stage's output folder when `run` is done, and vanishes where it fails. */
  readonly out: string;
  /**
   * The project's files, read once.
   *
   * @throws DiagnosticsError with everything that is wrong with them
   */
  project(): Promise<Project>;
  /**
   * An earlier stage's output folder, or a file in it.
   *
   * @throws DiagnosticsError where it is not there
   * @throws RangeError where its declaration does not say that this stage reads it: it would not be in its key
   */
  input(stage: StageName, file?: string): string;
  /** Shows text to the user, a line or a few; Nx shows them again whenever the result comes from its cache. */
  print(text: string): void;
  /** Shows diagnostics that do not end the stage. */
  warn(diagnostics: readonly Diagnostic[]): void;
  /** Bytes of memory that the run may take. */
  readonly memoryLimit: number;
  /** Aborted when the user interrupts the run: save a checkpoint and throw, within four seconds. */
  readonly signal: AbortSignal;
  /** Where an interrupted run of this very stage, with the same inputs, left off. */
  readonly checkpoint: Checkpoint;
  /**
   * A part of the work that is kept by itself, such as the calibration of one layer.
   *
   * @param key what decides the part's result, as JSON; the engine's version is added to it
   * @param work writes the part's files into the folder it is given
   * @returns a folder with these files, made now or before; it is gone when the stage ends
   */
  part(key: unknown, work: (folder: string) => Promise<void>): Promise<string>;
}

export interface Checkpoint {
  /** Replaces the checkpoint by the files that `write` puts into the folder it is given. */
  save(write: (folder: string) => Promise<void>): Promise<void>;
  /** Copies the checkpoint's files into an empty folder; false where there is none. */
  restore(into: string): Promise<boolean>;
}
