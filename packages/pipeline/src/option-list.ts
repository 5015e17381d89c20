import type { StageOptions } from './stage-options.ts';

/** What may be said for an option, in the words of JSON Schema. */
export interface OptionShape {
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  /** A sentence or more; it ends with the default. */
  readonly description: string;
}

/** The options of the stages for those that check and explain them: the schemas of the executors, the command line. */
export const OPTION_LIST: Readonly<Record<keyof StageOptions, OptionShape>> = {
  config: {
    type: 'string',
    description: "The quantization config, AMCT's quant.cfg or its JSON form. Default: quant.cfg in the project.",
  },
  net: {
    type: 'string',
    description: 'The train_val prototxt, for training and for tests. Default: the nets that the solver names.',
  },
  deploy: {
    type: 'string',
    description: 'The prototxt whose topology the exported models take. Default: the net in its TEST phase.',
  },
  solver: { type: 'string', description: 'The solver prototxt. Default: solver.prototxt in the project.' },
  weights: {
    type: 'string',
    description:
      'The caffemodel that training starts from. Default: the only .caffemodel in the project that is not an output, else the only .caffemodel.h5.',
  },
  outDir: {
    type: 'string',
    description:
      "Folder of all stages' output folders, from the workspace root. All targets of a project, or of one configuration, need the same. Default: dist/quantize/<project>.",
  },
  prefix: {
    type: 'string',
    minLength: 1,
    pattern: '^[^/\\\\]+$',
    description: "What the names of the delivered files begin with. Default: the project's name.",
  },
  dataRoot: {
    type: 'string',
    description: 'Folder that source, mean_file, root_folder and net are first looked up in.',
  },
  compat: {
    type: 'string',
    enum: ['documented', 'amct'],
    description: "Whose rules hold where AMCT's documentation and AMCT itself differ. Default: documented.",
  },
  mode: {
    type: 'string',
    enum: ['retrain', 'calibrate', 'distill'],
    description:
      "How the quantized models come about: retrain with labels and a loss; distill trains against the float net's own answers, without labels; calibrate trains nothing. Default: retrain.",
  },
  maxIter: { type: 'integer', minimum: 1, description: "Replaces the solver's max_iter." },
  baseLr: { type: 'number', minimum: 0, description: "Replaces the solver's base_lr." },
  clipLrMult: { type: 'number', minimum: 0, description: 'Learning-rate multiplier of the clip ranges. Default: 1.' },
  clipDecayMult: { type: 'number', minimum: 0, description: 'Weight-decay multiplier of the clip ranges. Default: 0.' },
  batchNorm: {
    type: 'string',
    pattern: '^(prototxt|freeze|freezeAfter:[0-9]+)$',
    description:
      "What training does to BatchNorm: as the prototxt says (prototxt); on the float net's statistics, which then stay as they are (freeze); or as the prototxt says for a number of iterations, and from then on with the statistics reached (freezeAfter:<iterations>). Default: prototxt.",
  },
  bnReestimate: {
    type: 'integer',
    minimum: 0,
    description:
      'Batches of which the statistics of all BatchNorm layers are taken anew after training. Default: 0, not at all.',
  },
  select: {
    type: 'string',
    enum: ['last', 'best'],
    description:
      'Which weights training hands over: the last ones, or those with the best first metric among the tests on the way (test_interval, else a tenth of the iterations). Default: last.',
  },
  device: {
    type: 'string',
    enum: ['cpu', 'cuda', 'webgpu', 'dml', 'coreml'],
    description:
      'What computes, an execution provider of onnxruntime. The same bytes are promised for cpu alone. Default: cpu.',
  },
  layer: { type: 'string', description: 'The layer to tell the whole story of. Default: a table of all layers.' },
  json: { type: 'boolean', description: 'The plan as JSON instead of a table. Default: false.' },
};
