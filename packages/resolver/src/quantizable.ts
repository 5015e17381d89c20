/**
 * Which layers quantization-aware training can quantize, as AMCT's documentation lists them for Caffe, and
 * `DepthwiseConvolution` and its like, types under which forks of Caffe register a convolution with one group a channel.
 */
import { type GraphLayer, type LayerType, settingsOf } from '@caffe-quant/caffe-io';
import {
  convolutionOfType,
  type ConvolutionSettings,
  DEPTHWISE_TYPES,
  innerProduct,
  isConvolution,
  pooling,
} from '@caffe-quant/kernels/layer-types';
import type { Compat } from './plan.ts';

/** Types that AMCT quantizes in a Caffe net. */
const AMCT_TYPES = ['Convolution', 'InnerProduct', 'Deconvolution', 'Pooling'] as const;

/** Types that `override_layer_types` and the skip lists may name. */
export function quantizableTypes(compat: Compat): readonly string[] {
  return compat === 'amct' ? AMCT_TYPES : [...AMCT_TYPES, ...DEPTHWISE_TYPES];
}

/** Convolution, Deconvolution and their relatives: types with one filter per output channel. */
export function hasOutputChannels(type: string): boolean {
  return isConvolution(type);
}

/** Pooling is quantized for its input alone. */
export function hasWeights(type: string): boolean {
  return type !== 'Pooling';
}

/**
 * The reason why a layer cannot be quantized, from its own parameters; undefined where it can.
 * @param weightShape shape of its first blob, where the weights are known: tells a convolution over more than two axes.
 * @throws LayerError where its settings make no sense
 */
export function whyNotQuantizable(
  layer: GraphLayer,
  compat: Compat,
  weightShape?: readonly number[],
): string | undefined {
  if (compat === 'amct' && DEPTHWISE_TYPES.includes(layer.type)) {
    return `AMCT does not know the type ${layer.type}; with compat documented it is quantized per channel`;
  }
  if (!quantizableTypes(compat).includes(layer.type)) return `${layer.type} layers are not quantized`;
  if (layer.bottoms.length !== 1) return `it has ${layer.bottoms.length} bottoms; one data quantizer needs exactly 1`;
  if (layer.type === 'InnerProduct') return whyNotInnerProduct(settingsOf(innerProduct, layer.param));
  if (layer.type === 'Pooling') return whyNotPooling(settingsOf(pooling, layer.param));
  const settings = settingsOf(convolutionOfType(layer.type)!, layer.param);
  const whyNot = layer.type === 'Deconvolution' ? whyNotDeconvolution(settings) : undefined;
  return whyNot ?? whyNotFilter(settings, weightShape);
}

type SettingsOf<Type extends LayerType> = Type extends LayerType<infer Settings> ? Settings : never;

function whyNotInnerProduct({ axis, transposed }: SettingsOf<typeof innerProduct>): string | undefined {
  if (transposed) return 'inner_product_param.transpose is true; only false is quantized';
  return axis === 1 ? undefined : `inner_product_param.axis is ${axis}; only 1 is quantized`;
}

function whyNotPooling({ pool, windows }: SettingsOf<typeof pooling>): string | undefined {
  if (pool !== 'AVE') return `${pool} pooling is not quantized; AVE pooling is`;
  return windows.kernel === undefined ? 'global AVE pooling is not quantized' : undefined;
}

function whyNotDeconvolution({ group = 1, window }: ConvolutionSettings): string | undefined {
  if (group !== 1) return `Deconvolution with group ${group} is not quantized; only group 1 is`;
  const dilation = window.dilation.values.find((step) => step !== 1);
  return dilation === undefined
    ? undefined
    : `Deconvolution with dilation ${dilation} is not quantized; only dilation 1 is`;
}

/** The filter must be 4-D: [Cout, Cin/group, kh, kw]. */
function whyNotFilter({ axis, window }: ConvolutionSettings, weightShape?: readonly number[]): string | undefined {
  // The DeQuant layer of a deploy model has its factors on axis 1, and no field for another one.
  if (axis !== 1) return `convolution_param.axis is ${axis}; only 1 is quantized`;
  const spatial = window.kernel.values.length;
  if (spatial > 2) return `its filter has ${spatial + 2} axes; only filters of 4 axes are quantized`;
  if (weightShape && weightShape.length !== 4) {
    return `its filter has ${weightShape.length} axes; only filters of 4 axes are quantized`;
  }
  return undefined;
}
