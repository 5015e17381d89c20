import { createMessage } from './caffe-schema.ts';
import { convolutionType, DEPTHWISE_TYPES, groupOf, whyNotDepthwise } from './convolution-types.ts';

const layer = (type: string, fields: { num_output?: number; group?: number }) =>
  createMessage('LayerParameter', { type, convolution_param: createMessage('ConvolutionParameter', fields) });

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
])('%s with %j over 4 channels', (type, fields, group, contradiction) => {
  expect(groupOf(layer(type, fields), 4)).toBe(group);
  const found = whyNotDepthwise(layer(type, fields), 4);
  if (contradiction === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(contradiction);
});

test('the axis of the output channels', () => {
  expect(
    ['Convolution', 'Deconvolution', ...DEPTHWISE_TYPES].map((type) => convolutionType(type)?.channelAxis),
  ).toEqual([0, 1, ...DEPTHWISE_TYPES.map(() => 0)]);
  expect(convolutionType('InnerProduct')).toBeUndefined();
});
