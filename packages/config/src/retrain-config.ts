/**
 * What a quantization-aware-training config says, before any net is looked at: every value with the place where it was
 * written. AMCT's quant.cfg (message AMCTRetrainConfig) and AMCT's JSON config both become a {@link RetrainConfig}.
 */

/** A place in a file of the user; `line` and `column` count from 1. */
export interface Location {
  file: string;
  line: number;
  column: number;
}

/** A value and the place where it was written. */
export interface Located<T> extends Location {
  value: T;
}

/** `clip_max_min`: the clip range that training starts from. Both values are float32 and finite; max > 0, min <= 0. */
export interface ClipSettings extends Location {
  max: Located<number>;
  min: Located<number>;
}

/** A data half (`retrain_data_quant_config`): how a layer's input is quantized. Nothing in it is inherited. */
export interface DataSettings extends Location {
  /** Absent: the clip range is initialised by IFMR. */
  clip?: ClipSettings;
  /** Absent: decided by the layer's input. */
  fixedMin?: Located<boolean>;
}

/** A weight half (`retrain_weight_quant_config`): how a layer's weights are quantized. */
export interface WeightSettings extends Location {
  /** Absent: the default of the layer's type. */
  channelWise?: Located<boolean>;
}

export type SkipField = 'skip_layers' | 'quant_skip_layers' | 'skip_layer_types' | 'quant_skip_types';

/** One name in a skip list, with the list's name. */
export interface SkipEntry extends Located<string> {
  field: SkipField;
}

/** One entry of `override_layer_configs` or `override_layer_types`, or one layer of AMCT's JSON config. */
export interface OverrideEntry extends Location {
  /** Name of the layer, or layer type. */
  target: Located<string>;
  data?: DataSettings;
  weight?: WeightSettings;
  /** `retrain_enable`; only in AMCT's JSON config, where absent means true. */
  enabled?: Located<boolean>;
}

export interface RetrainConfig {
  /**
   * `cfg`: global halves, skips and overrides. `json`: AMCT's per-layer file; each layer is one of `layerOverrides`,
   * and a layer that is not there is disabled.
   */
  format: 'cfg' | 'json';
  file: string;
  /** Batches that IFMR accumulates, at least 1. */
  batchNum?: Located<number>;
  data?: DataSettings;
  weight?: WeightSettings;
  /** `skip_layers` and `quant_skip_layers`, in the order of the file. */
  skipLayers: SkipEntry[];
  /** `skip_layer_types` and `quant_skip_types`, in the order of the file. */
  skipTypes: SkipEntry[];
  layerOverrides: OverrideEntry[];
  typeOverrides: OverrideEntry[];
}

/** Compares two places of one file. */
export function byPlace(a: { line?: number; column?: number }, b: { line?: number; column?: number }): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
