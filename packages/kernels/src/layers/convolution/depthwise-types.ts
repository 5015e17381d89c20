/** How a fork's type of convolution has one filter a channel. */
export interface DepthwiseForm {
  readonly type: string;
  /** `by-group`: where `group` is absent; one that is given counts. `always`: whatever `num_output` and `group` say. */
  readonly when: 'by-group' | 'always';
}

/**
 * The types under which forks have a Convolution whose `group` is the number of channels:
 *
 * - DepthwiseConvolution: `depthwise_conv_layer.cpp` (yonghenglh6/DepthwiseConvolution, MobileNet-YOLO): a Convolution of
 *   another name, whose GPU code takes one filter a channel. Forks of ShuffleNet write it without `group`.
 * - ConvolutionDepthwise: `conv_dw_layer.cpp` (BVLC/caffe#5665): weights [C, 1, kh, kw], C outputs; reads neither
 *   `num_output` nor `group`.
 * - DepthwiseConv: the name in NNIE's mapper.
 */
const FORMS: readonly DepthwiseForm[] = [
  { type: 'DepthwiseConvolution', when: 'by-group' },
  { type: 'ConvolutionDepthwise', when: 'always' },
  { type: 'DepthwiseConv', when: 'always' },
];

/** The types of forks that stand for a Convolution with one group a channel. */
export const DEPTHWISE_TYPES: readonly string[] = FORMS.map(({ type }) => type);

/** Undefined for another type. */
export const depthwiseForm = (type: string): DepthwiseForm | undefined => FORMS.find((form) => form.type === type);
