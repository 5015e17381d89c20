import type { DataLock, Dialect, NetGraph, NetParameter, Phase } from '@caffe-quant/caffe-io';
import type { RetrainConfig } from '@caffe-quant/config';
import type { NetOrigin } from './canonical-net.ts';
import type { DataReference } from './data-references.ts';
import type { ReadFile } from './project-files.ts';
import type { ProjectFile, ProjectPlace } from './project-place.ts';
import type { SolverSettings } from './solver-settings.ts';

/** A project whose files were found, read and are sound each by itself. */
export interface Project {
  readonly place: ProjectPlace;
  readonly prefix: string;
  /** The files of text, in a fixed order. */
  readonly files: readonly ReadFile[];
  readonly config: RetrainConfig;
  /** Absent only where nothing is trained. */
  readonly solver?: SolverSettings;
  /** Of everything that is random. */
  readonly seed: number;
  readonly net: NetParameter;
  /** Whose fields the net has: BVLC's or a fork's. */
  readonly dialect: Dialect;
  /** The prototxt of each phase, for messages about its layers. */
  readonly netOrigin: NetOrigin;
  /** The prototxt of each phase; commonly one. */
  readonly netFiles: Readonly<Record<Phase, ProjectFile>>;
  /** As the user wrote it, in one text; rules that ask for levels and stages ask for phases alone, and names are as in `net`. */
  readonly netText: string;
  /** Whether lines of `netText` are those of the one file. */
  readonly isNetAsWritten: boolean;
  /** What the weights file calls layers that have another name in `net`, by that name. */
  readonly writtenNames: ReadonlyMap<string, string>;
  /** What is calibrated and trained: the TRAIN net, or without labels the TEST net. */
  readonly train: NetGraph;
  readonly test: NetGraph;
  /** Whose data it is calibrated and trained on. */
  readonly dataPhase: Phase;
  /** The prototxt of the option `deploy`. */
  readonly deployFile?: ProjectFile;
  readonly deployText?: string;
  /** They may be absent; then the lock knows them. */
  readonly weights: ProjectFile;
  readonly data: readonly DataReference[];
  /** Absolute. */
  readonly dataRoot?: string;
  /** Absolute; it need not exist. */
  readonly lockFile: string;
  readonly lock?: DataLock;
}
