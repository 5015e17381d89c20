/**
 * What of a net is quantized, and how: the part of a plan that training depends on. Plain JSON.
 */
export interface CanonicalPlan {
  batchNum: number;
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

export interface CanonicalQuantizer {
  name: string;
  blob: string;
  layers: string[];
  /** Absent: IFMR. */
  clip?: ClipRange;
  fixedMin: boolean;
  lrMult: number;
  decayMult: number;
}

/** Range of a data quantizer before training, float32 values; max > 0, min <= 0. */
export interface ClipRange {
  max: number;
  min: number;
}
