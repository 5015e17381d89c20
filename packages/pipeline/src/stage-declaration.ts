/** In the order in which they run; `explain` stands outside of it. */
export const STAGE_NAMES = [
  'fingerprint',
  'resolve',
  'calibrate',
  'train',
  'control',
  'export',
  'evaluate',
  'report',
  'retrain',
  'explain',
] as const;

export type StageName = (typeof STAGE_NAMES)[number];

/** What is known of a stage without loading what does its work: it stands beside that, in `stages/<stage>/declaration.ts`. */
export interface StageDeclaration {
  readonly description: string;
  /** The files that it reads of each earlier stage's output folder; `all`: the whole folder. They decide its result. */
  readonly reads: Partial<Record<StageName, readonly string[] | 'all'>>;
  /** Stages that it reads nothing of, and without which it is not worth its time: Nx begins it when they have succeeded. */
  readonly waitsFor?: readonly StageName[];
  /** The files that it leaves in its output folder, a `*` standing for any text: not each of them in every run. */
  readonly writes: readonly string[];
  /** Whether it follows from `reads` and the engine alone, so that a finished run of it can be kept in the store. */
  readonly stored: boolean;
  /** Whether Nx may keep its result: it follows from declared inputs. */
  readonly cached: boolean;
  /** Whether it takes all cores, so that nothing should run beside it. */
  readonly alone: boolean;
  /** Whether its numbers come from onnxruntime. */
  readonly numerics: boolean;
  /** The packages that do the work, those that they depend on included without saying. */
  readonly packages: readonly string[];
}
