/**
 * What a project may say besides its files; all stages take the same options. Paths are tried against the project's
 * folder, then the workspace root. Everything here can change the result; what cannot is an environment variable.
 */
export interface StageOptions {
  /** The quantization config, AMCT's quant.cfg or its JSON form. Default: `quant.cfg`. */
  config?: string;
  /** The train_val prototxt, for training and for tests. Default: the nets that the solver names. */
  net?: string;
  /** The prototxt whose topology the exported models take. Default: the net in its TEST phase. */
  deploy?: string;
  /** The solver prototxt. Default: `solver.prototxt`. */
  solver?: string;
  /** The caffemodel that training starts from. Default: the only .caffemodel in the project that is not an output, else the only .caffemodel.h5. */
  weights?: string;
  /** Folder of all stages' output folders, from the workspace root. Default: `dist/quantize/<project>`. */
  outDir?: string;
  /** What the names of the delivered files begin with. Default: the project's name. */
  prefix?: string;
  /** Folder that `source`, `mean_file`, `root_folder` and `net` are first looked up in. */
  dataRoot?: string;
  /** Whose rules hold where AMCT's documentation and AMCT itself differ. Default: `documented`. */
  compat?: 'documented' | 'amct';
  /**
   * How the quantized models come about: `retrain` with labels and a loss; `distill` trains against the float net's own
   * answers, without labels; `calibrate` trains nothing. The last two take the net in its TEST phase, and the data of its
   * TRAIN phase where that has the same. Default: `retrain`.
   */
  mode?: 'retrain' | 'calibrate' | 'distill';
  /** Replaces the solver's `max_iter`. */
  maxIter?: number;
  /** Replaces the solver's `base_lr`. */
  baseLr?: number;
  /** Learning-rate multiplier of the clip ranges. Default: 1. */
  clipLrMult?: number;
  /** Weight-decay multiplier of the clip ranges. Default: 0. */
  clipDecayMult?: number;
  /**
   * What training does to BatchNorm: as the prototxt says; on the float net's statistics, which then stay as they are; or
   * as the prototxt says for a number of iterations, and from then on with the statistics reached. Default: `prototxt`.
   */
  batchNorm?: 'prototxt' | 'freeze' | `freezeAfter:${number}`;
  /** Batches of which the statistics of all BatchNorm layers are taken anew after training. Default: 0, not at all. */
  bnReestimate?: number;
  /**
   * Which weights training hands over: the last ones, or those with the best first metric among the tests
   * (`test_interval`, else a tenth of the iterations), the start included where it is tested. Default: `last`.
   */
  select?: 'last' | 'best';
  /** What computes: onnxruntime's execution providers. The same bytes are promised for `cpu` alone. Default: `cpu`. */
  device?: 'cpu' | 'cuda' | 'webgpu' | 'dml' | 'coreml';
  /** Only of `explain`: the layer to tell the whole story of. */
  layer?: string;
  /** Only of `explain`: the plan as JSON instead of a table. */
  json?: boolean;
}
