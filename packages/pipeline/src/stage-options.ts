/**
 * What a project may say besides its files; all stages take the same options. Paths are tried against the project's
 * folder, then the workspace root. Everything here can change the result; what cannot is an environment variable.
 */
export interface StageOptions {
  /** The quantization config, AMCT's quant.cfg or its JSON form. Default: `quant.cfg`. */
  config?: string;
  /** The train_val prototxt. Default: the solver's `net`. */
  net?: string;
  /** The prototxt whose topology the exported models take. Default: the net in its TEST phase. */
  deploy?: string;
  /** The solver prototxt. Default: `solver.prototxt`. */
  solver?: string;
  /** The caffemodel that training starts from. Default: the only one in the project that is not an output. */
  weights?: string;
  /** Folder of all stages' output folders, from the workspace root. Default: `dist/quantize/<project>`. */
  outDir?: string;
  /** What the names of the delivered files begin with. Default: the project's name. */
  prefix?: string;
  /** Folder that `source`, `mean_file`, `root_folder` and `net` are first looked up in. */
  dataRoot?: string;
  /** Whose rules hold where AMCT's documentation and AMCT itself differ. Default: `documented`. */
  compat?: 'documented' | 'amct';
  /** Replaces the solver's `max_iter`. */
  maxIter?: number;
  /** Replaces the solver's `base_lr`. */
  baseLr?: number;
  /** Learning-rate multiplier of the clip ranges. Default: 1. */
  clipLrMult?: number;
  /** Weight-decay multiplier of the clip ranges. Default: 0. */
  clipDecayMult?: number;
  /**
   * What training does to BatchNorm: as the prototxt says, or on the float net's statistics, which then stay as they
   * are. Default: `prototxt`.
   */
  batchNorm?: 'prototxt' | 'freeze';
  /** Only of `explain`: the layer to tell the whole story of. */
  layer?: string;
  /** Only of `explain`: the plan as JSON instead of a table. */
  json?: boolean;
}
