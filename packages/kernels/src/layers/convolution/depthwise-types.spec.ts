import { createMessage } from '@caffe-quant/caffe-io';
import { channelAxisOf, isConvolution } from '../registry.ts';
import { convolutionOver, convolutionSettings } from './convolution-settings.ts';
import { DEPTHWISE_TYPES } from './depthwise-types.ts';

const layer = (type: string, fields: { num_output?: number; group?: number }) =>
  createMessage('LayerParameter', {
    type,
    convolution_param: createMessage('ConvolutionParameter', { ...fields, kernel_size: [3] }),
  });

test.each<
  [type: string, fields: { num_output?: number; group?: number }, group: number, contradiction: string | undefined]
>([
  ['Convolution', { num_output: 8 }, 1, undefined],
  ['Convolution', { num_output: 8, group: 4 }, 4, undefined],
  ['Deconvolution', { num_output: 4 }, 1, undefined],
  ['DepthwiseConvolution', { num_output: 4 }, 4, undefined],
  ['DepthwiseConvolution', { num_output: 4, group: 4 }, 4, undefined],
  ['DepthwiseConvolution', { num_output: 8, group: 4 }, 4, undefined],
  ['DepthwiseConvolution', { num_output: 8, group: 2 }, 2, undefined],
  ['DepthwiseConvolution', { num_output: 8 }, 4, 'num_output 8 for 4 input channels'],
  ['ConvolutionDepthwise', { num_output: 4 }, 4, undefined],
  ['ConvolutionDepthwise', { num_output: 4, group: 4 }, 4, undefined],
  ['ConvolutionDepthwise', { num_output: 4, group: 2 }, 2, 'group 2 for 4 input channels'],
  ['ConvolutionDepthwise', { num_output: 8, group: 4 }, 4, 'num_output 8 for 4 input channels'],
  ['DepthwiseConv', { num_output: 2 }, 4, 'num_output 2 for 4 input channels'],
  ['ConvolutionDepthwise', {}, 4, undefined],
  ['DepthwiseConvolution', {}, 4, 'num_output is missing; for one filter a channel write num_output: 4'],
])('%s with %j over 4 channels', (type, fields, group, contradiction) => {
  const over = () => convolutionOver(convolutionSettings(layer(type, fields)), [1, 4, 8, 8]);
  if (contradiction === undefined) expect(over().group).toBe(group);
  else expect(over).toThrow(new RegExp(contradiction));
});

test('the axis of the output channels', () => {
  expect(['Convolution', 'Deconvolution', ...DEPTHWISE_TYPES].map(channelAxisOf)).toEqual([
    0,
    1,
    ...DEPTHWISE_TYPES.map(() => 0),
  ]);
  expect(isConvolution('InnerProduct')).toBe(false);
});
