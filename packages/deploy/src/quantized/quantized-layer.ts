import type { LayerParameter } from '@caffe-quant/caffe-io';
import type { Shape, UlqGrid } from '@caffe-quant/kernels';
import type { ClipRange } from '@caffe-quant/resolver';

/** A layer of the inference net with all numbers that its quantized forms are written from. */
export interface QuantizedLayer {
  name: string;
  type: string;
  param: LayerParameter;
  data: QuantizedData;
  /** Absent for average pooling. */
  weights?: QuantizedWeights;
  bias?: QuantizedBias;
  /**
   * What one step of the integer result is worth: scale_d * scale_w in float32, one value or one per output channel;
   * scale_d alone without weights.
   */
  deqscale: Float32Array;
  /** Layers behind it that the weights, the bias and the factors above have taken up; absent where there are none. */
  folded?: FoldedLayers;
}

/** What was folded into a layer: BatchNorm, and Scale and Bias where they follow. */
export interface FoldedLayers {
  /** Names, in net order. */
  layers: readonly string[];
  /** a = gamma / sqrt(var + eps) per output channel: by what scale_w was multiplied. */
  factors: Float64Array;
  /** Output channels with weights whose factor is 0 or too small for a scale: their weights are 0. */
  zeroChannels: number;
  /** Output channels whose factor makes the scale too small: their weights are rounded to the smallest one there is. */
  roundedChannels: number;
  /** Weights of -128 in channels with a negative factor: 127 stands for their 128. */
  clampedWeights: number;
  /** The layer without the fold, as training computes it. */
  trained: { weights: QuantizedWeights; deqscale: Float32Array };
}

/** How the layer's input is quantized: q = clamp(round(x / scale_d) + offset_d, -128, 127), halves to even. */
export interface QuantizedData {
  /** Name of the quantizer, which several layers may share, and its layers in net order. */
  quantizer: string;
  layers: readonly string[];
  /** Name of the blob that it reads. */
  blob: string;
  clip: ClipRange;
  fixedMin: boolean;
  /** `scale` is scale_d, `zeroPoint` offset_d. */
  grid: UlqGrid;
  /** Shape of the input. */
  shape: Shape;
}

export interface QuantizedWeights {
  shape: Shape;
  /** As trained: a fold gives each channel a scale of its own all the same. */
  channelWise: boolean;
  /** Axis of the output channels. */
  axis: number;
  /** The float weights that training gave. */
  master: Float32Array;
  /** scale_w: one, or one per output channel. */
  scales: Float32Array;
  quantized: Int8Array;
  /** quantized * scale_w. */
  fake: Float32Array;
  /** Output channels whose weights are all 0 by ARQ or by the fold: they give their bias alone, and scale_w is chosen for it. */
  deadChannels?: readonly number[];
  /** Output channels with a scale_w larger than the weights need, so that the bias fits int32. */
  coarseChannels?: readonly number[];
}

export interface QuantizedBias {
  /** The float biases that training gave, with the fold. */
  master: Float32Array;
  /** round(bias / deqscale). */
  quantized: Int32Array;
}
