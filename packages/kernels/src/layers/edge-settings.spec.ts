import { LayerError } from '@caffe-quant/caffe-io';
import { elementCount, GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import { parseLayer } from '../testing/parse-layer.ts';
import { LAYER_KERNELS } from './registry.ts';
import { lowerLayer, paramsOfLayer } from './one-layer.ts';
import { runLayer } from './run-layer.ts';

/** Settings at the edge of what Caffe's LayerSetUp and Reshape take. The numbers are worked out by hand from its loops. */

const FLT_MAX = 3.4028234663852886e38;

const layerOf = (type: string, settings: string, bottoms: number) =>
  parseLayer(
    `layer { name: "l" type: "${type}" ${Array.from({ length: bottoms }, (_, i) => `bottom: "b${i}"`).join(' ')} top: "y" ${settings} }`,
  );

/** Bottom 0 holds 1, 2, 3, ..; blobs of the layer hold ones. */
async function run(type: string, settings: string, shapes: Shape[], phase: 'TRAIN' | 'TEST' = 'TEST') {
  const layer = layerOf(type, settings, shapes.length);
  const { topShapes, tops } = await runLayer(LAYER_KERNELS.get(type)!, layer, {
    phase,
    bottoms: shapes.map((dims) => ({
      shape: dims,
      data: Float32Array.from({ length: elementCount(dims) }, (_, element) => element + 1),
    })),
    params: (_, dims) => new Float32Array(elementCount(dims)).fill(1),
  });
  return { shape: topShapes[0], data: [...tops[0]!] };
}

const pool = (fields: string) => ['Pooling', `pooling_param { ${fields} }`] as const;
const conv = (fields: string) =>
  ['Convolution', `convolution_param { num_output: 1 bias_term: false ${fields} }`] as const;

test.each<[what: string, type: string, settings: string, shapes: Shape[], shape: Shape, data: number[]]>([
  [
    'a window behind the input is -FLT_MAX',
    ...pool('kernel_size: 1 stride: 2'),
    [[1, 1, 1, 4]],
    [1, 1, 1, 3],
    [1, 3, -FLT_MAX],
  ],
  [
    'a pad on one axis clips the last window on the other',
    ...pool('kernel_h: 3 kernel_w: 1 stride_h: 1 stride_w: 2 pad_h: 1 pad_w: 0'),
    [[1, 1, 1, 4]],
    [1, 1, 1, 2],
    [1, 3],
  ],
  [
    'a pooling kernel over the blob ends with it',
    ...pool('pool: AVE kernel_size: 4 stride: 4'),
    [[1, 1, 1, 3]],
    [1, 1, 1, 1],
    [2],
  ],
  [
    'zeros on every side leave the padding to pad',
    ...conv('kernel_size: 3 pad: 1 pad_l: 0 pad_r: 0 pad_t: 0 pad_b: 0'),
    [[1, 1, 1, 2]],
    [1, 1, 1, 2],
    [3, 3],
  ],
  [
    'a kernel over the padded blob by less than a stride',
    ...conv('kernel_size: 3 stride: 2 pad_l: 1'),
    [[1, 1, 2, 1]],
    [1, 1, 1, 1],
    [3],
  ],
  [
    'kernel_h beside kernel_size is not looked at',
    ...pool('kernel_size: 1 kernel_h: 3'),
    [[1, 1, 1, 2]],
    [1, 1, 1, 2],
    [1, 2],
  ],
  [
    'a convolution kernel over the blob by less than a stride',
    ...conv('kernel_size: 3 stride: 2'),
    [[1, 1, 2, 2]],
    [1, 1, 1, 1],
    [10],
  ],
  [
    'dilation_h and dilation_w',
    ...conv('kernel_h: 1 kernel_w: 2 dilation_h: 1 dilation_w: 3'),
    [[1, 1, 1, 4]],
    [1, 1, 1, 1],
    [5],
  ],
  [
    'an end_axis before axis inserts an axis',
    'Flatten',
    'flatten_param { axis: 1 end_axis: 0 }',
    [[2, 1]],
    [2, 1, 1],
    [1, 2],
  ],
  [
    'a dim 0 beyond num_axes',
    'Reshape',
    'reshape_param { axis: 0 num_axes: 1 shape { dim: -1 dim: 0 } }',
    [[4, 2]],
    [2, 2, 2],
    [1, 2, 3, 4, 5, 6, 7, 8],
  ],
  ['a bound max below min', 'Clip', 'clip_param { min: 2 max: 1 }', [[3]], [3], [2, 2, 2]],
  ['nothing dropped', 'Dropout', 'dropout_param { dropout_ratio: 0 }', [[3]], [3], [1, 2, 3]],
  ['the size of a blob with more axes', 'Crop', 'crop_param { axis: 0 offset: 1 }', [[3], [2, 1]], [2], [2, 3]],
])('%s: %s %s', async (_, type, settings, shapes, shape, data) => {
  expect(await run(type, settings, shapes, type === 'Dropout' ? 'TRAIN' : 'TEST')).toEqual({ shape, data });
});

test.each<[type: string, settings: string, shapes: Shape[], said: string]>([
  [...pool('kernel_size: 2 kernel_h: 2 kernel_w: 2'), [[1, 1, 4, 4]], 'not both'],
  [...pool('kernel_h: 2'), [[1, 1, 4, 4]], 'both kernel_h and kernel_w'],
  [...pool('kernel_size: 2 stride: 2 stride_h: 1 stride_w: 1'), [[1, 1, 4, 4]], 'either stride or stride_h'],
  [...pool('kernel_size: 2 pad_w: 1'), [[1, 1, 4, 4]], 'both pad_h and pad_w'],
  [...pool('global_pooling: true kernel_size: 4'), [[1, 1, 4, 4]], 'no kernel size'],
  [...pool('global_pooling: true stride: 2'), [[1, 1, 4, 4]], 'stride 1 only'],
  [...pool('pool: AVE kernel_size: 1 stride: 2'), [[1, 1, 4, 4]], 'has no element'],
  [...pool('kernel_size: 2 pad: 0 pad_l: 1'), [[1, 1, 4, 4]], 'either pad (or pad_h and pad_w) or pad_l'],
  [...pool('kernel_size: 2 pad_h: 0 pad_w: 0 pad_r: 1'), [[1, 1, 4, 4]], 'either pad (or pad_h and pad_w) or pad_l'],
  [...pool('kernel_size: 2 pad_r: 2'), [[1, 1, 4, 4]], 'pad 0 x 2 must be smaller than the kernel, 2 x 2'],
  [...pool('kernel_size: 5 pad_t: 1 pad_b: 2'), [[1, 1, 1, 5]], 'a kernel of 5 does not fit into 1 + 1 + 2'],
  [...pool('pool: STOCHASTIC kernel_size: 2 pad_b: 1'), [[1, 1, 4, 4]], 'STOCHASTIC pooling takes no padding'],
  [...pool('global_pooling: true pad_b: 1'), [[1, 1, 4, 4]], 'pad 0 and stride 1 only'],
  [...conv('kernel_size: 3 pad: 1 pad_b: 2'), [[1, 1, 4, 4]], 'either pad (or pad_h and pad_w) or pad_l'],
  [...conv('kernel_size: 3 pad_w: 1 pad_b: 2'), [[1, 1, 4, 4]], 'either pad (or pad_h and pad_w) or pad_l'],
  [...conv('kernel_size: 3 pad_b: 2'), [[1, 1, 9]], 'pad_l, pad_r, pad_t and pad_b need two spatial axes, not 1'],
  [
    ...conv('kernel_size: 5 pad_b: 2'),
    [[1, 1, 2, 2]],
    'does not fit into [1, 1, 2, 2] with pad 0 x 0 before and 2 x 0 behind',
  ],
  [...conv('kernel_size: 4 stride: 2'), [[1, 1, 2, 2]], 'does not fit'],
  [...conv('kernel_size: 1 dilation: 0'), [[1, 1, 2, 2]], 'dilation 0 must be positive'],
  ['Concat', 'concat_param { axis: 1 concat_dim: 1 }', [[1, 2]], 'not both'],
  ['Slice', 'slice_param { axis: 1 slice_dim: 1 }', [[1, 2]], 'not both'],
  ['Reshape', 'reshape_param { shape { dim: -2 dim: -3 } }', [[6]], 'does not reshape'],
  ['Reshape', 'reshape_param { pixelshuffler: 0 }', [[1, 4, 2, 2]], 'pixelshuffler 0 must be positive'],
  ['Reshape', 'reshape_param { pixelshuffler: 2 }', [[1, 6, 2, 2]], '6 channels are not a multiple of 2 * 2'],
  ['Reshape', 'reshape_param { pixelshuffler: 2 }', [[4, 6]], 'takes a bottom [N, C, H, W], not [4, 6]'],
  ['ShuffleChannel', 'shuffle_channel_param { group: 0 }', [[1, 2]], 'group 0 must be positive'],
  ['ShuffleChannel', 'shuffle_channel_param { group: 4 }', [[1, 6]], 'group 4 does not divide 6 channels'],
  ['ShuffleChannel', '', [[6]], 'has no channels'],
  ['Squeeze', '', [[2, 1]], 'names no axis'],
  ['Squeeze', 'squeeze_param { axis: 1 }', [[1, 2]], 'axis 1 of [1, 2] does not have the length 1'],
  ['Squeeze', 'squeeze_param { axis: 2 }', [[1, 2]], 'axis 2 is outside a blob of 2 axes'],
  ['BatchNorm', 'param { lr_mult: 1 }', [[2, 2]], 'lr_mult: 0'],
  ['Dropout', 'dropout_param { dropout_ratio: 1.5 }', [[2]], 'outside [0, 1]'],
  ['DummyData', 'dummy_data_param { num: 1 height: 1 width: 1 }', [], 'one channels'],
  ['ContrastiveLoss', '', [[2, 3, 2, 1], [2, 3, 2, 1], [2]], '[N, C]'],
  [
    'LSTM',
    'recurrent_param { num_output: 2 }',
    [
      [3, 1],
      [3, 1],
    ],
    '[T, N, ..]',
  ],
  [
    'LSTM',
    'recurrent_param { num_output: 2 }',
    [
      [3, 1, 2],
      [3, 1],
      [2, 2],
    ],
    'static input [1, ..]',
  ],
  ['DepthwiseConvolution', 'convolution_param { kernel_size: 1 }', [[1, 3, 2, 2]], 'write num_output: 3'],
  ['SoftmaxWithLoss', '', [[2, 3, 2], [4]], 'first axis'],
  ['SoftmaxWithLoss', 'softmax_param { axis: 0 }', [[3, 2], [2]], 'first axis'],
  ['SoftmaxWithLoss', 'loss_param { weight_by_label_freqs: true }', [[2, 3], [2]], 'need each other'],
  [
    'SoftmaxWithLoss',
    'loss_param { weight_by_label_freqs: true class_weighting: 2 }',
    [[2, 3], [2]],
    '1 class_weighting for 3 classes',
  ],
  ['SoftmaxWithLoss', 'loss_param { label_smoothing: 0.1 }', [[2, 3], [2]], "this net may be either's"],
  ['SoftmaxWithLoss', 'loss_param { label_smoothing: 1 } engine: "CAFFE"', [[2, 3], [2]], 'not between 0 and 1'],
  [
    'DistillationLoss',
    '',
    [
      [1, 4],
      [4, 1],
    ],
    "the scores are [1, 4], but the teacher's [4, 1]",
  ],
  ['SPP', 'spp_param { pyramid_height: 2 }', [[1, 4, 1]], 'expected a bottom [N, C, H, W]'],
  ['PriorBox', 'prior_box_param { min_size: 4 }', [[3], [1, 3, 9, 9]], 'expected bottoms [N, C, H, W]'],
  [
    'PriorBox',
    'prior_box_param { min_size: 4 img_h: 10 }',
    [
      [1, 1, 2, 2],
      [1, 3, 9, 9],
    ],
    'img_h and img_w',
  ],
])('refused: %s %s', (type, settings, shapes, said) => {
  const kernel = LAYER_KERNELS.get(type)!;
  const layer = layerOf(type, settings, shapes.length);
  const lower = () => {
    const g = new GraphBuilder();
    const bottoms = shapes.map((shape, i) => g.input(`b${i}`, shape));
    const specs = paramsOfLayer(kernel, layer, shapes);
    lowerLayer(kernel, layer, {
      g,
      phase: 'TRAIN',
      bottoms,
      params: specs.map(({ shape }, i) => g.input(`p${i}`, shape)),
    });
  };
  expect(lower).toThrow(LayerError);
  expect(lower).toThrow(said);
});

test.each(['AbsVal', 'Flatten', 'Reshape', 'ShuffleChannel', 'Squeeze'])('refused: %s in place', (type) => {
  const g = new GraphBuilder();
  const layer = parseLayer(`layer { name: "l" type: "${type}" bottom: "x" top: "x" }`);
  const lower = () =>
    lowerLayer(LAYER_KERNELS.get(type)!, layer, { g, phase: 'TEST', bottoms: [g.input('x', [2])], params: [] });
  expect(lower).toThrow(LayerError);
});
