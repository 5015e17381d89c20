/**
 * The plan: what quantization-aware training will do to every layer of a net, and where each setting came from. It is
 * plain JSON. Whoever holds a QuantPlan need not look into quant.cfg, nor check anything again.
 */
import type { CanonicalQuantizer, ClipRange } from '@caffe-quant/kernels/layer-types';

/** `documented`: the rules as AMCT's documentation states them. `amct`: what AMCT itself does with the same file. */
export type Compat = 'documented' | 'amct';

/** Which level of the config decided: an override by name, an override by type, the global settings, or nobody. */
export type SourceLevel = 'layer' | 'type' | 'global' | 'default';

/** Where a value came from. A `default` points, where there is one, at the half that could have given the value. */
export interface ValueSource {
  level: SourceLevel;
  file?: string;
  line?: number;
  note?: string;
}

/** How a layer's input is quantized. */
export interface DataQuantPlan {
  /** Id of the blob version that the layer reads (`conv1`, `conv1@1` after one in-place writer). */
  blob: string;
  /** Name of its {@link DataQuantizerPlan}. */
  quantizer: string;
  /** Where training starts; absent: it is measured. */
  clip?: ClipRange;
  /** true: the lower end of the range stays 0. */
  fixedMin: boolean;
  sources: { clip: ValueSource; fixedMin: ValueSource };
}

/** How a layer's weights are quantized. */
export interface WeightQuantPlan {
  /** true: one scale per output channel; false: one for the whole tensor. */
  channelWise: boolean;
  source: ValueSource;
}

/** One layer of the net. */
export interface LayerPlan {
  name: string;
  type: string;
  /** Line in the prototxt. */
  line?: number;
  /** false: a layer that cannot be quantized, whatever the config says. */
  quantizable: boolean;
  quantized: boolean;
  /** Why it is quantized or not, without line numbers. */
  reason: string;
  /** What decided that; absent where the layer cannot be quantized. */
  source?: ValueSource;
  /** Present where the layer is quantized. */
  data?: DataQuantPlan;
  /** Present where the layer is quantized and has weights (AVE Pooling has none). */
  weight?: WeightQuantPlan;
  /** Where the documented rules and AMCT itself treat the layer differently: what each does. */
  compatDiffers?: string;
  /** What a skipped layer would have got: AMCT's JSON config lists it. */
  skippedSettings?: { clip?: ClipRange; fixedMin?: boolean; channelWise: boolean };
}

/** One data quantizer: shared by the consumers of one blob that have equal settings. */
export type DataQuantizerPlan = CanonicalQuantizer;

export interface QuantPlan {
  compat: Compat;
  /** The prototxt that the plan is for, as it was given. */
  net: { name: string; file: string };
  /** Batches that a range is measured on. */
  batchNum: number;
  batchNumSource: ValueSource;
  /** What measures the ranges that the config does not give, in words; absent: IFMR. */
  measuredBy?: string;
  /** Every layer of the TRAIN net, and those only in the TEST net, in net order. */
  layers: LayerPlan[];
  quantizers: DataQuantizerPlan[];
}
