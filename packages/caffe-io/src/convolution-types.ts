import type { LayerParameter } from './generated/caffe.ts';

/** A layer type that slides kernels over its input, by `convolution_param`. */
export interface ConvolutionType {
  /** Axis of the output channels in the weights: 0 of [Cout, Cin / group, kh, kw], 1 of Deconvolution's [Cin, Cout / group, kh, kw]. */
  channelAxis: 0 | 1;
  /**
   * One filter a channel. `by-group`: where `group` is absent; one that is given counts. `always`: whatever `num_output` and
   * `group` say.
   */
  depthwise?: 'by-group' | 'always';
}

/**
 * The convolutions of Caffe and its forks, by type. BVLC has the first two. Sources of the others:
 *
 * - DepthwiseConvolution: `depthwise_conv_layer.cpp` (yonghenglh6/DepthwiseConvolution, MobileNet-YOLO): a Convolution of
 *   another name, whose GPU code takes one filter a channel. Forks of ShuffleNet write it without `group`.
 * - ConvolutionDepthwise: `conv_dw_layer.cpp` (BVLC/caffe#5665): weights [C, 1, kh, kw], C outputs; reads neither
 *   `num_output` nor `group`.
 * - DepthwiseConv: the name in NNIE's mapper.
 */
const CONVOLUTION_TYPES: ReadonlyMap<string, ConvolutionType> = new Map<string, ConvolutionType>([
  ['Convolution', { channelAxis: 0 }],
  ['Deconvolution', { channelAxis: 1 }],
  ['DepthwiseConvolution', { channelAxis: 0, depthwise: 'by-group' }],
  ['ConvolutionDepthwise', { channelAxis: 0, depthwise: 'always' }],
  ['DepthwiseConv', { channelAxis: 0, depthwise: 'always' }],
]);

/** Undefined for a type that is no convolution. */
export const convolutionType = (type: string): ConvolutionType | undefined => CONVOLUTION_TYPES.get(type);

/** The types of forks that stand for a Convolution with one group a channel. */
export const DEPTHWISE_TYPES: readonly string[] = [...CONVOLUTION_TYPES]
  .filter(([, { depthwise }]) => depthwise !== undefined)
  .map(([type]) => type);

/**
 * The groups of a convolution.
 * @param channels of its input.
 */
export function groupOf({ type = '', convolution_param: param }: LayerParameter, channels: number): number {
  const { depthwise } = convolutionType(type) ?? {};
  return param?.group ?? (depthwise === undefined ? 1 : channels);
}

/** What a depthwise layer says of its outputs against what its forks compute, in words; undefined: nothing. */
export function whyNotDepthwise(layer: LayerParameter, channels: number): string | undefined {
  const { type = '', convolution_param: param } = layer;
  const { depthwise } = convolutionType(type) ?? {};
  if (depthwise === undefined || (depthwise === 'by-group' && param?.group !== undefined)) return undefined;
  const { num_output: outputs = channels, group = channels } = param ?? {};
  if (outputs === channels && group === channels) return undefined;
  const said = outputs === channels ? `group ${group}` : `num_output ${outputs}`;
  return `${said} for ${channels} input channels: ${type} has one filter a channel, so that both are ${channels}`;
}
