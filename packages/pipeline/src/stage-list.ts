/** In the order in which they run; `explain` stands outside of it. */
export const STAGE_NAMES = [
  'fingerprint',
  'resolve',
  'calibrate',
  'train',
  'export',
  'evaluate',
  'report',
  'retrain',
  'explain',
] as const;

export type StageName = (typeof STAGE_NAMES)[number];

/** Written by a stage of which others read everything: sha256 by file. */
export const DIGESTS_FILE = 'digests.json';

/** What is known of a stage without loading what does its work. */
export interface StageShape {
  readonly description: string;
  /** The files that it reads of each earlier stage's output folder; `all`: the whole folder. They decide its result. */
  readonly reads: Partial<Record<StageName, readonly string[] | 'all'>>;
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

/** The one list of stages: Nx's targets, the keys of the store and the order of work follow from it. */
export const STAGES: Readonly<Record<StageName, StageShape>> = {
  fingerprint: {
    description: 'Digests of the data sets, the weights and the project files',
    reads: {},
    stored: false,
    cached: false,
    alone: false,
    numerics: false,
    packages: ['@caffe-quant/resolver'],
  },
  resolve: {
    description: 'The net and quant.cfg resolved to a plan, as canonical values for each later stage',
    reads: { fingerprint: ['fingerprint.json', 'options.json', 'sources.json'] },
    stored: false,
    cached: true,
    alone: false,
    numerics: false,
    packages: ['@caffe-quant/kernels'],
  },
  calibrate: {
    description: 'Clip ranges by IFMR where the config gives none',
    reads: { fingerprint: ['fingerprint.json'], resolve: ['calibrate.json'] },
    stored: true,
    cached: true,
    alone: true,
    numerics: true,
    packages: ['@caffe-quant/kernels', '@caffe-quant/deploy'],
  },
  train: {
    description: 'Quantization-aware training: ULQ on the inputs, ARQ on the weights',
    reads: { fingerprint: ['fingerprint.json'], resolve: ['train.json'], calibrate: ['ranges.json'] },
    stored: true,
    cached: true,
    alone: true,
    numerics: true,
    packages: ['@caffe-quant/kernels', '@caffe-quant/deploy'],
  },
  export: {
    description: 'Record, fake-quant, deploy, plain Caffe and ONNX models',
    reads: { fingerprint: ['fingerprint.json'], resolve: ['export.json'], train: 'all' },
    stored: true,
    cached: true,
    alone: false,
    numerics: true,
    packages: ['@caffe-quant/kernels', '@caffe-quant/deploy'],
  },
  evaluate: {
    description: 'Accuracy of the float, post-training, fake-quant and integer models',
    reads: {
      fingerprint: ['fingerprint.json'],
      resolve: ['export.json'],
      calibrate: ['calibration.json'],
      train: ['training.json'],
      export: 'all',
    },
    stored: true,
    cached: true,
    alone: true,
    numerics: true,
    packages: ['@caffe-quant/kernels', '@caffe-quant/deploy'],
  },
  report: {
    description: 'One HTML page about the run',
    reads: {
      fingerprint: ['fingerprint.json'],
      resolve: ['plan.json'],
      calibrate: 'all',
      train: 'all',
      export: 'all',
      evaluate: 'all',
    },
    stored: true,
    cached: true,
    alone: false,
    numerics: false,
    packages: ['@caffe-quant/report'],
  },
  retrain: {
    description: 'Quantization-aware training from quant.cfg to the deployable models',
    reads: { resolve: ['plan.json', 'retrain_config.json'], export: 'all', evaluate: 'all', report: 'all' },
    stored: false,
    cached: true,
    alone: false,
    numerics: false,
    packages: [],
  },
  explain: {
    description: 'Per layer: what quant.cfg makes of it, and why',
    reads: {},
    stored: false,
    cached: false,
    alone: false,
    numerics: false,
    packages: ['@caffe-quant/resolver'],
  },
};

/** The stages whose output a stage reads, in the order in which they run. */
export function stagesBefore(name: StageName): StageName[] {
  return STAGE_NAMES.filter((stage) => STAGES[name].reads[stage] !== undefined);
}
