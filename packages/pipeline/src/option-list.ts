import type { OptionDeclaration } from './options/declaration.ts';
import type { StageName } from './stage-declaration.ts';

/** An option of the stages. What cannot change a result is an environment variable, but for what belongs to a project: its folder, its memory. */
export interface StageOptionDeclaration extends OptionDeclaration {
  /** What it is about, a heading in help and documentation. */
  readonly about: 'files' | 'calibration' | 'training' | 'results' | 'explain';
  /**
   * The stages whose result it decides, those that only follow from others not counted. Of a file it is the content that
   * decides, never the path. Empty: it decides none.
   */
  readonly decides: readonly StageName[];
}

/** The stages that read the plan. */
const ALL = ['calibrate', 'train', 'export'] as const;

/** Those, and the one that trains without quantizers. */
const OF_NET = [...ALL, 'control'] as const;

/**
 * The options of the stages. Paths are tried against the project's folder, then the workspace root.
 */
export const OPTION_LIST = {
  config: {
    type: 'string',
    names: 'file',
    about: 'files',
    decides: ALL,
    important: true,
    description: "The quantization config, AMCT's quant.cfg or its JSON form.",
    otherwise: 'quant.cfg in the project',
  },
  net: {
    type: 'string',
    names: 'file',
    glob: '*.prototxt',
    about: 'files',
    decides: OF_NET,
    description: 'The train_val prototxt, for training and for tests.',
    otherwise: 'the nets that the solver names',
  },
  deploy: {
    type: 'string',
    names: 'file',
    glob: '*.prototxt',
    about: 'files',
    decides: ['export'],
    description: 'The prototxt whose topology the exported models take.',
    otherwise: 'the net in its TEST phase',
  },
  solver: {
    type: 'string',
    names: 'file',
    glob: '*.prototxt',
    about: 'files',
    decides: OF_NET,
    description: 'The solver prototxt.',
    otherwise: 'solver.prototxt in the project',
  },
  weights: {
    type: 'string',
    names: 'file',
    glob: '*.caffemodel',
    about: 'files',
    decides: OF_NET,
    important: true,
    description: 'The caffemodel that training starts from.',
    otherwise: 'the only .caffemodel in the project that is not an output, else the only .caffemodel.h5',
  },
  outDir: {
    type: 'string',
    names: 'folder',
    about: 'results',
    decides: [],
    description:
      "Folder of all stages' output folders, from the workspace root. All targets of a project, or of one configuration, need the same.",
    otherwise: 'dist/quantize/<project>',
  },
  prefix: {
    type: 'string',
    names: 'file name',
    about: 'results',
    decides: ['export', 'report'],
    description: 'What the names of the delivered files begin with.',
    otherwise: "the project's name",
  },
  dataRoot: {
    type: 'string',
    names: 'folder',
    about: 'files',
    decides: OF_NET,
    description: 'Folder that source, mean_file, root_folder and net are first looked up in.',
  },
  compat: {
    type: 'string',
    choices: ['documented', 'amct'],
    about: 'results',
    decides: ALL,
    description: "Whose rules hold where AMCT's documentation and AMCT itself differ.",
    default: 'documented',
  },
  mode: {
    type: 'string',
    choices: ['retrain', 'calibrate', 'distill'],
    about: 'training',
    decides: OF_NET,
    important: true,
    description:
      "How the quantized models come about: retrain with labels and a loss; distill trains against the float net's own answers, without labels; calibrate trains nothing. The last two take the net in its TEST phase, and the data of its TRAIN phase where that has the same.",
    default: 'retrain',
  },
  calibrationMethod: {
    type: 'string',
    choices: ['ifmr', 'percentile', 'mse', 'kl'],
    about: 'calibration',
    decides: ['calibrate'],
    important: true,
    description:
      'How the range of an input is found where quant.cfg gives none: by the search of AMCT (ifmr); by cutting off a share of the values at each end (percentile); by the least squared error over both ends (mse); or by the least Kullback-Leibler divergence, as TensorRT does (kl).',
    default: 'ifmr',
  },
  percentile: {
    type: 'number',
    minimum: 50,
    maximum: 100,
    unit: 'percent',
    about: 'calibration',
    decides: ['calibrate'],
    description:
      'With calibrationMethod: percentile, the share of the values that each end of a range keeps; 100 is the least and the greatest value.',
    default: 99.99,
  },
  crossLayerEqualization: {
    type: 'boolean',
    about: 'calibration',
    decides: ['calibrate'],
    description:
      'Scales the channels between two layers, where that leaves what the net computes as it is, so that the weights of each have channels of like range.',
    default: false,
  },
  weightRounding: {
    type: 'string',
    choices: ['nearest', 'learned'],
    about: 'calibration',
    decides: ['calibrate'],
    description:
      "How weights go to their grid: each to the nearest step (nearest), or up or down as is learned layer by layer, so that the layer's output comes nearest to the float net's (learned; AdaRound).",
    default: 'nearest',
  },
  biasCorrection: {
    type: 'boolean',
    about: 'calibration',
    decides: ['calibrate'],
    description:
      'Takes out of the biases by how much quantization moves the mean of each output channel on the calibration data.',
    default: false,
  },
  maxIter: {
    type: 'integer',
    minimum: 1,
    unit: 'iterations',
    about: 'training',
    decides: ['train', 'control'],
    important: true,
    description: "Replaces the solver's max_iter.",
  },
  baseLr: {
    type: 'number',
    minimum: 0,
    about: 'training',
    decides: ['train', 'control'],
    important: true,
    description: "Replaces the solver's base_lr.",
    otherwise: "the solver's; where it has none, a rate found by a short test on the data",
  },
  clipLrMult: {
    type: 'number',
    minimum: 0,
    about: 'training',
    decides: ['train'],
    description:
      "Learning-rate multiplier of the clip ranges, which then learn by the solver's own steps; 1 is what Caffe does, 0 keeps them where they start.",
    otherwise: "steps of their own, in proportion to each range's width, at any base_lr",
  },
  clipDecayMult: {
    type: 'number',
    minimum: 0,
    about: 'training',
    decides: ['train'],
    description: 'Weight-decay multiplier of the clip ranges.',
    default: 0,
  },
  batchNorm: {
    type: 'string',
    choices: ['prototxt', 'freeze', 'freezeAfter:<iterations>'],
    about: 'training',
    decides: ['calibrate', 'train', 'control'],
    description:
      "What training does to BatchNorm: as the prototxt says (prototxt); on the float net's statistics, which then stay as they are (freeze); or as the prototxt says for a number of iterations, and from then on with the statistics reached (freezeAfter:<iterations>).",
    default: 'prototxt',
  },
  bnReestimate: {
    type: 'integer',
    minimum: 0,
    unit: 'batches',
    about: 'training',
    decides: ['train', 'control'],
    description: 'Batches of which the statistics of all BatchNorm layers are taken anew after training.',
    default: 0,
    otherwise: '0, not at all',
  },
  select: {
    type: 'string',
    choices: ['last', 'best'],
    about: 'training',
    decides: ['train', 'control'],
    description:
      'Which weights training hands over: the last ones, or the best of the tests on the way (test_interval, else a tenth of the iterations), the net before training among them: by the first accuracy, else the first loss, else the mean SQNR of the outputs, on all test records.',
    default: 'last',
  },
  control: {
    type: 'boolean',
    about: 'training',
    decides: ['control'],
    description:
      "Whether the float net is trained by the same solver without quantizers too, for the row 'float, same training': what that gains is no gain of quantization-aware training.",
    otherwise: 'where it takes a few minutes at most: up to 10^12 multiply-adds of forward passes',
  },
  device: {
    type: 'string',
    choices: ['cpu', 'cuda', 'webgpu', 'dml', 'coreml'],
    about: 'results',
    decides: OF_NET,
    description: 'What computes, an execution provider of onnxruntime. The same bytes are promised for cpu alone.',
    default: 'cpu',
  },
  memoryLimit: {
    type: 'string',
    about: 'results',
    decides: [],
    description:
      'Memory that a run may take, such as 8GB: a net that needs more is refused before anything is computed, with the layers that need most.',
    otherwise: 'what the machine has, or the control group of the process where that is less',
  },
  layer: {
    type: 'string',
    about: 'explain',
    decides: ['explain'],
    important: true,
    position: 0,
    description: 'The layer to tell the whole story of.',
    otherwise: 'a table of all layers',
  },
  json: {
    type: 'boolean',
    about: 'explain',
    decides: ['explain'],
    description: 'The plan as JSON instead of a table.',
    default: false,
  },
} as const satisfies Readonly<Record<string, StageOptionDeclaration>>;

export type OptionName = keyof typeof OPTION_LIST;

export const OPTION_NAMES = Object.keys(OPTION_LIST) as readonly OptionName[];

/** Those that name a file; a project has a default for each. */
export type FileOption = {
  [K in OptionName]: (typeof OPTION_LIST)[K] extends { names: 'file' } ? K : never;
}[OptionName];

export const FILE_OPTIONS = OPTION_NAMES.filter((name): name is FileOption => declarationOf(name).names === 'file');

/** The options that a stage takes: what is said for the top stage holds for all, so that all take the same but `explain`. */
export function optionsTakenBy(stage: StageName): readonly OptionName[] {
  return OPTION_NAMES.filter((name) => stage === 'explain' || !isOfExplain(name));
}

/** The options that all stages of a run must have in common: those that decide a result of it. */
export const SHARED_OPTIONS = OPTION_NAMES.filter(
  (name) => declarationOf(name).decides.length > 0 && !isOfExplain(name),
);

/**
 * The options that a stage itself may look at. The first two and `explain` read the project's files, and the second hands
 * on what the others need to know in a file for each.
 */
export function optionsReadBy(stage: StageName): readonly OptionName[] {
  if (stage === 'explain') return OPTION_NAMES;
  if (stage === 'fingerprint' || stage === 'resolve') return SHARED_OPTIONS;
  return OPTION_NAMES.filter((name) => declarationOf(name).decides.includes(stage));
}

export function declarationOf(name: OptionName): StageOptionDeclaration {
  return OPTION_LIST[name];
}

function isOfExplain(name: OptionName): boolean {
  return declarationOf(name).about === 'explain';
}
