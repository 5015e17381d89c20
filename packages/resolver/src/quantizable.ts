/**
 * Which layers quantization-aware training can quantize, as AMCT's documentation lists them for Caffe, and
 * `DepthwiseConvolution` and its like, types under which forks of Caffe register a convolution with one group a channel.
 */
import { convolutionType, DEPTHWISE_TYPES, type GraphLayer } from '@caffe-quant/caffe-io';
import type { Compat } from './plan.ts';

/** Types that AMCT quantizes in a Caffe net. */
const AMCT_TYPES = ['Convolution', 'InnerProduct', 'Deconvolution', 'Pooling'] as const;

/** Types that `override_layer_types` and the skip lists may name. */
export function quantizableTypes(compat: Compat): readonly string[] {
  return compat === 'amct' ? AMCT_TYPES : [...AMCT_TYPES, ...DEPTHWISE_TYPES];
}

/** Convolution, Deconvolution and their relatives: types with one filter per output channel. */
export function hasOutputChannels(type: string): boolean {
  return convolutionType(type) !== undefined;
}

/** Pooling is quantized for its input alone. */
export function hasWeights(type: string): boolean {
  return type !== 'Pooling';
}

/**
 * The reason why a layer cannot be quantized, from its own parameters; undefined where it can.
 * @param weightShape shape of its first blob, where the weights are known: tells a convolution over more than two axes.
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
  switch (layer.type) {
    case 'InnerProduct':
      return whyNotInnerProduct(layer);
    case 'Pooling':
      return whyNotPooling(layer);
    case 'Deconvolution':
      return whyNotDeconvolution(layer) ?? whyNotFilter(layer, weightShape);
    default:
      return whyNotFilter(layer, weightShape);
  }
}

function whyNotInnerProduct(layer: GraphLayer): string | undefined {
  const param = layer.param.inner_product_param;
  if (param?.transpose) return 'inner_product_param.transpose is true; only false is quantized';
  const axis = param?.axis ?? 1;
  return axis === 1 ? undefined : `inner_product_param.axis is ${axis}; only 1 is quantized`;
}

function whyNotPooling(layer: GraphLayer): string | undefined {
  const param = layer.param.pooling_param;
  const pool = param?.pool ?? 'MAX';
  if (pool !== 'AVE') return `${pool} pooling is not quantized; AVE pooling is`;
  return param?.global_pooling ? 'global AVE pooling is not quantized' : undefined;
}

function whyNotDeconvolution(layer: GraphLayer): string | undefined {
  const param = layer.param.convolution_param;
  const group = param?.group ?? 1;
  if (group !== 1) return `Deconvolution with group ${group} is not quantized; only group 1 is`;
  const forks = param as { dilation_h?: number; dilation_w?: number } | undefined;
  const dilation = [...(param?.dilation ?? []), forks?.dilation_h, forks?.dilation_w].find((step) => (step ?? 1) !== 1);
  return dilation === undefined
    ? undefined
    : `Deconvolution with dilation ${dilation} is not quantized; only dilation 1 is`;
}

/** The filter must be 4-D: [Cout, Cin/group, kh, kw]. */
function whyNotFilter(layer: GraphLayer, weightShape?: readonly number[]): string | undefined {
  const param = layer.param.convolution_param;
  const axis = param?.axis ?? 1;
  // The DeQuant layer of a deploy model has its factors on axis 1, and no field for another one.
  if (axis !== 1) return `convolution_param.axis is ${axis}; only 1 is quantized`;
  const spatial = param?.kernel_size.length ?? 0;
  if (spatial > 2) return `its filter has ${spatial + 2} axes; only filters of 4 axes are quantized`;
  if (weightShape && weightShape.length !== 4) {
    return `its filter has ${weightShape.length} axes; only filters of 4 axes are quantized`;
  }
  return undefined;
}
