/**
 * What of a net is quantized, and how: the part of a plan that training depends on. Plain JSON.
 */
export interface CanonicalPlan {
  batchNum: number;
  /**
   * Whether biases are computed with as the deployed integers have them: see `int32-bias.ts`. Absent: they stay float, as in
   * AMCT's own training and in calibration.
   */
  int32Biases?: boolean;
  /** The quantized layers, in net order. */
  layers: CanonicalLayer[];
  quantizers: CanonicalQuantizer[];
}

export interface CanonicalLayer {
  name: string;
  type: string;
  /** Name of the data quantizer of its input. */
  quantizer: string;
  /** Absent where the layer has no weights. */
  channelWise?: boolean;
}

/** One data quantizer. */
export interface CanonicalQuantizer {
  /** Name of the first layer that it serves. */
  name: string;
  /** Id of the blob version that it quantizes. */
  blob: string;
  layers: string[];
  /** Where training starts; absent: IFMR measures it. */
  clip?: ClipRange;
  /** true: the lower end of the range stays 0. */
  fixedMin: boolean;
  /** Learning-rate multiplier of the clip range; absent: it learns by steps of its own, see `clipStep`. */
  lrMult?: number;
  /** Weight-decay multiplier of the clip range. */
  decayMult: number;
}

/** Range of a data quantizer before training, float32 values; max > 0, min <= 0. */
export interface ClipRange {
  max: number;
  min: number;
}
