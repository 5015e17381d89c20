import { DATA, layer } from './testing/nets.ts';
import { netOf } from './testing/net-of.ts';
import { whyNotQuantizable } from './quantizable.ts';

describe('which layers can be quantized', () => {
  it.each<[type: string, param: string, whyNot: string | undefined]>([
    ['Convolution', 'convolution_param { num_output: 8 kernel_size: 3 }', undefined],
    ['Convolution', 'convolution_param { num_output: 8 kernel_size: 3 group: 8 }', undefined],
    ['Convolution', 'convolution_param { num_output: 8 kernel_size: 3 dilation: 2 }', undefined],
    ['Convolution', 'convolution_param { num_output: 8 kernel_h: 3 kernel_w: 1 }', undefined],
    ['Convolution', 'convolution_param { num_output: 8 kernel_size: [3, 1] }', undefined],
    [
      'Convolution',
      'convolution_param { num_output: 8 kernel_size: [3, 3, 3] }',
      'its filter has 5 axes; only filters of 4 axes are quantized',
    ],
    [
      'Convolution',
      'convolution_param { num_output: 8 kernel_size: 3 axis: 2 }',
      'convolution_param.axis is 2; only 1 is quantized',
    ],
    ['DepthwiseConvolution', 'convolution_param { num_output: 8 kernel_size: 3 group: 8 }', undefined],
    ['ConvolutionDepthwise', 'convolution_param { num_output: 8 kernel_size: 3 }', undefined],
    [
      'DepthwiseConv',
      'convolution_param { num_output: 8 kernel_size: 3 axis: 2 }',
      'convolution_param.axis is 2; only 1 is quantized',
    ],
    ['Deconvolution', 'convolution_param { num_output: 8 kernel_size: 3 }', undefined],
    ['Deconvolution', 'convolution_param { num_output: 8 kernel_size: 3 group: 1 dilation: [1, 1] }', undefined],
    [
      'Deconvolution',
      'convolution_param { num_output: 8 kernel_size: 3 group: 2 }',
      'Deconvolution with group 2 is not quantized; only group 1 is',
    ],
    [
      'Deconvolution',
      'convolution_param { num_output: 8 kernel_size: 3 dilation: [1, 2] }',
      'Deconvolution with dilation 2 is not quantized; only dilation 1 is',
    ],
    [
      'Deconvolution',
      'convolution_param { num_output: 8 kernel_size: 3 dilation_h: 1 dilation_w: 3 }',
      'Deconvolution with dilation 3 is not quantized; only dilation 1 is',
    ],
    ['InnerProduct', 'inner_product_param { num_output: 8 }', undefined],
    ['InnerProduct', 'inner_product_param { num_output: 8 axis: 1 transpose: false }', undefined],
    [
      'InnerProduct',
      'inner_product_param { num_output: 8 transpose: true }',
      'inner_product_param.transpose is true; only false is quantized',
    ],
    [
      'InnerProduct',
      'inner_product_param { num_output: 8 axis: 2 }',
      'inner_product_param.axis is 2; only 1 is quantized',
    ],
    ['Pooling', 'pooling_param { pool: AVE kernel_size: 2 }', undefined],
    ['Pooling', 'pooling_param { pool: AVE global_pooling: true }', 'global AVE pooling is not quantized'],
    ['Pooling', 'pooling_param { pool: MAX kernel_size: 2 }', 'MAX pooling is not quantized; AVE pooling is'],
    [
      'Pooling',
      'pooling_param { pool: STOCHASTIC kernel_size: 2 }',
      'STOCHASTIC pooling is not quantized; AVE pooling is',
    ],
    [
      'Pooling',
      'pooling_param { pool: AVE_EXC_PAD kernel_size: 2 }',
      'AVE_EXC_PAD pooling is not quantized; AVE pooling is',
    ],
    ['Pooling', 'pooling_param { kernel_size: 2 }', 'MAX pooling is not quantized; AVE pooling is'],
    ['ReLU', '', 'ReLU layers are not quantized'],
    ['LSTM', '', 'LSTM layers are not quantized'],
    ['MyOwnLayer', '', 'MyOwnLayer layers are not quantized'],
  ])('%s { %s }', (type, param, whyNot) => {
    expect(whyNotQuantizable(theLayer(DATA + layer('x', type, 'data', 'x', param)), 'documented')).toBe(whyNot);
  });

  it('a convolution of two bottoms has no one input', () => {
    const net =
      DATA + layer('x', 'Convolution', 'data label', 'x y', 'convolution_param { num_output: 8 kernel_size: 1 }');
    expect(whyNotQuantizable(theLayer(net), 'documented')).toBe('it has 2 bottoms; one data quantizer needs exactly 1');
  });

  it.each<[shape: number[], whyNot: string | undefined]>([
    [[20, 1, 5, 5], undefined],
    [[20, 1, 3, 5, 5], 'its filter has 5 axes; only filters of 4 axes are quantized'],
    [[20, 1, 5], 'its filter has 3 axes; only filters of 4 axes are quantized'],
  ])('a filter of shape %j', (shape, whyNot) => {
    const net = DATA + layer('x', 'Convolution', 'data', 'x', 'convolution_param { num_output: 20 kernel_size: 5 }');
    expect(whyNotQuantizable(theLayer(net), 'documented', shape)).toBe(whyNot);
  });

  it('AMCT knows no DepthwiseConvolution', () => {
    const net =
      DATA + layer('x', 'DepthwiseConvolution', 'data', 'x', 'convolution_param { num_output: 20 kernel_size: 5 }');
    expect(whyNotQuantizable(theLayer(net), 'amct')).toContain('AMCT does not know the type');
  });
});

function theLayer(net: string) {
  const layer = netOf(net).layers[1];
  if (!layer) throw new Error('the net has one layer');
  return layer;
}
