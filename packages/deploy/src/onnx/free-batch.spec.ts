import {
  elementCount,
  floatTensor,
  isDataLayer,
  LAYER_KERNELS,
  NetRunner,
  type NetWeights,
  openSession,
} from '@caffe-quant/kernels';
import { exportModels } from '../export-models.ts';
import { inferShapes } from '../net/infer-shapes.ts';
import { bytesOf, graphOf, largestDifference } from '../testing/run-exported.ts';
import { noise, smallExport } from '../testing/small-nets.ts';

/** Inputs of a net, by name, for one image. */
type Inputs = Record<string, number[]>;

const IMAGE: Inputs = { data: [1, 4, 6, 6] };
const MAP: Inputs = { data: [1, 2, 3, 3] };

const one = (type: string, settings = '', bottoms = 'bottom: "data"') =>
  `layer { name: "x" type: "${type}" ${bottoms} top: "x" ${settings} }`;

/** A net of each layer type that a deployed net can have: its layers, and its inputs. */
const NETS: readonly [type: string, layers: string, inputs?: Inputs][] = [
  ['AbsVal', one('AbsVal')],
  ['ArgMax', one('ArgMax')],
  ['ArgMax', one('ArgMax', 'argmax_param { axis: 1 top_k: 2 }')],
  ['ArgMax', one('ArgMax', 'argmax_param { out_max_val: true top_k: 3 }')],
  ['Axpy', one('Axpy', '', 'bottom: "a" bottom: "data" bottom: "data"'), { ...IMAGE, a: [1, 4, 1, 1] }],
  ['BatchNorm', one('BatchNorm')],
  ['Bias', one('Bias', 'bias_param { axis: 1 num_axes: 2 }')],
  ['BNLL', one('BNLL')],
  ['Clip', one('Clip', 'clip_param { min: -0.5 max: 0.5 }')],
  ['Concat', one('Concat', '', 'bottom: "data" bottom: "data"')],
  ['Convolution', one('Convolution', 'convolution_param { num_output: 3 kernel_size: 3 group: 1 }')],
  [
    'Convolution',
    one('Convolution', 'convolution_param { num_output: 3 kernel_size: 3 axis: 2 }'),
    { data: [1, 2, 3, 6, 6] },
  ],
  ['DepthwiseConvolution', one('DepthwiseConvolution', 'convolution_param { num_output: 4 kernel_size: 3 }')],
  ['ConvolutionDepthwise', one('DepthwiseConvolution', 'convolution_param { num_output: 4 kernel_size: 3 }')],
  ['DepthwiseConv', one('DepthwiseConvolution', 'convolution_param { num_output: 4 kernel_size: 3 }')],
  ['Crop', one('Crop', 'crop_param { offset: 1 }', 'bottom: "data" bottom: "size"'), { ...IMAGE, size: [1, 4, 3, 3] }],
  ['Deconvolution', one('Deconvolution', 'convolution_param { num_output: 3 kernel_size: 4 stride: 2 pad: 1 }')],
  ['Dropout', one('Dropout')],
  ['Eltwise', one('Eltwise', 'eltwise_param { operation: MAX }', 'bottom: "data" bottom: "data"')],
  ['Eltwise', one('Eltwise', 'eltwise_param { coeff: 2 coeff: -1 }', 'bottom: "data" bottom: "data"')],
  ['ELU', one('ELU')],
  ['Embed', one('Embed', 'embed_param { num_output: 3 input_dim: 5 }', 'bottom: "i"'), { i: [1, 4] }],
  ['Exp', one('Exp', 'exp_param { base: 2 }')],
  ['Flatten', one('Flatten')],
  ['Flatten', one('Flatten', 'flatten_param { axis: 2 end_axis: 3 }')],
  ['Im2col', one('Im2col', 'convolution_param { kernel_size: 2 }')],
  ['InnerProduct', one('InnerProduct', 'inner_product_param { num_output: 5 }')],
  ['InnerProduct', one('InnerProduct', 'inner_product_param { num_output: 5 axis: 2 }')],
  ['InnerProduct', one('InnerProduct', 'inner_product_param { num_output: 5 axis: -1 transpose: true }')],
  ['Interp', one('Interp', 'interp_param { height: 9 width: 4 }')],
  ['Interp', one('Interp', 'interp_param { zoom_factor: 2 pad_beg: -1 }')],
  ['Log', one('Log', 'log_param { shift: 3 }')],
  ['LRN', one('LRN')],
  ['LRN', one('LRN', 'lrn_param { norm_region: WITHIN_CHANNEL local_size: 3 }')],
  ['MVN', one('MVN')],
  ['MVN', one('MVN', 'mvn_param { across_channels: true normalize_variance: false }')],
  ['Normalize', one('Normalize')],
  ['Normalize', one('Normalize', 'norm_param { across_spatial: false channel_shared: false }')],
  ['Permute', one('Permute', 'permute_param { order: 0 order: 2 order: 3 order: 1 }')],
  ['Pooling', one('Pooling', 'pooling_param { kernel_size: 3 stride: 2 }')],
  ['Pooling', one('Pooling', 'pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 }')],
  ['Pooling', one('Pooling', 'pooling_param { pool: AVE global_pooling: true }')],
  ['Pooling', one('Pooling', 'pooling_param { pool: STOCHASTIC kernel_size: 2 }')],
  ['Pooling', one('Pooling', 'top: "mask" pooling_param { kernel_size: 2 stride: 2 }')],
  ['Power', one('Power', 'power_param { power: 2 scale: 0.5 shift: 1 }')],
  ['Power', one('Power', 'power_param { power: 0 }')],
  ['PReLU', one('PReLU')],
  ['PriorBox', one('PriorBox', 'prior_box_param { min_size: 2 }', 'bottom: "data" bottom: "data"')],
  ['Reduction', one('Reduction', 'reduction_param { axis: 1 operation: MEAN }')],
  ['Reduction', one('Reduction', 'reduction_param { axis: 2 operation: ASUM }')],
  ['ReLU', one('ReLU', 'relu_param { negative_slope: 0.1 }')],
  ['ReLU6', one('ReLU6')],
  ['Reshape', one('Reshape', 'reshape_param { shape { dim: 0 dim: -1 dim: 12 } }')],
  ['Reshape', one('Reshape', 'reshape_param { axis: 1 shape { dim: 12 dim: 12 } }')],
  ['Scale', one('Scale', 'scale_param { bias_term: true }')],
  ['Scale', one('Scale', 'scale_param { axis: 0 }', 'bottom: "data" bottom: "s"'), { ...IMAGE, s: [1, 4] }],
  ['Reshape, channels to pixels', one('Reshape', 'reshape_param { pixelshuffler: 2 }')],
  ['Squeeze', one('Squeeze', 'squeeze_param { axis: 2 axis: -1 }'), { data: [1, 4, 1, 1] }],
  ['ShuffleChannel', one('ShuffleChannel', 'shuffle_channel_param { group: 2 }')],
  ['Sigmoid', one('Sigmoid')],
  ['Slice', one('Slice', 'top: "y" slice_param { slice_point: 1 }')],
  ['Softmax', one('Softmax')],
  ['Softmax', one('Softmax', 'softmax_param { axis: -1 }')],
  ['Split', `${one('Split', 'top: "y"')} layer { name: "r" type: "ReLU" bottom: "y" top: "r" }`],
  ['SPP', one('SPP', 'spp_param { pyramid_height: 2 }')],
  ['SPP', one('SPP', 'spp_param { pyramid_height: 2 pool: AVE }')],
  ['Swish', one('Swish', 'swish_param { beta: 2 }')],
  ['TanH', one('TanH')],
  ['Threshold', one('Threshold')],
  ['Tile', one('Tile', 'tile_param { tiles: 3 }')],
  ['Tile', one('Tile', 'tile_param { axis: 2 tiles: 2 }')],
  ['Upsample', one('Upsample', 'upsample_param { scale: 2 }'), MAP],
  [
    'Upsample',
    `layer { name: "p" type: "Pooling" bottom: "data" top: "p" top: "m" pooling_param { kernel_size: 2 stride: 2 } }
     ${one('Upsample', 'upsample_param { scale: 2 }', 'bottom: "p" bottom: "m"')}`,
  ],
  [
    'LSTM',
    `layer { name: "t" type: "Permute" bottom: "data" top: "t" permute_param { order: 3 order: 0 order: 1 order: 2 } }
     layer { name: "c" type: "Permute" bottom: "cont" top: "c" permute_param { order: 1 order: 0 } }
     ${one('LSTM', 'recurrent_param { num_output: 3 }', 'bottom: "t" bottom: "c"')}`,
    { ...IMAGE, cont: [1, 6] },
  ],
  [
    'LSTM',
    `layer { name: "t" type: "Permute" bottom: "data" top: "t" permute_param { order: 3 order: 0 order: 1 order: 2 } }
     layer { name: "c" type: "Permute" bottom: "cont" top: "c" permute_param { order: 1 order: 0 } }
     ${one('LSTM', 'recurrent_param { num_output: 3 }', 'bottom: "t" bottom: "c" bottom: "fixed"')}`,
    { ...IMAGE, cont: [1, 6], fixed: [1, 2, 2] },
  ],
  [
    'RNN',
    `layer { name: "t" type: "Permute" bottom: "data" top: "t" permute_param { order: 3 order: 0 order: 1 order: 2 } }
     layer { name: "c" type: "Permute" bottom: "cont" top: "c" permute_param { order: 1 order: 0 } }
     ${one('RNN', 'recurrent_param { num_output: 3 }', 'bottom: "t" bottom: "c"')}`,
    { ...IMAGE, cont: [1, 6] },
  ],
  [
    'RNN',
    `layer { name: "t" type: "Permute" bottom: "data" top: "t" permute_param { order: 3 order: 0 order: 1 order: 2 } }
     layer { name: "c" type: "Permute" bottom: "cont" top: "c" permute_param { order: 1 order: 0 } }
     ${one('RNN', 'recurrent_param { num_output: 3 }', 'bottom: "t" bottom: "c" bottom: "fixed"')}`,
    { ...IMAGE, cont: [1, 6], fixed: [1, 2, 2] },
  ],
];

/** What no deployed net has, or what is another image's matter by its nature, with the reason. */
const OTHERS: Readonly<Record<string, string>> = {
  Accuracy: 'compares with labels',
  BatchReindex: 'takes images from others’ places',
  ContrastiveLoss: 'is a loss',
  DeQuant: 'is what our own deploy models have',
  DistillationLoss: 'is a loss',
  DummyData: 'is data',
  EuclideanLoss: 'is a loss',
  Filter: 'has a size that depends on the data',
  HingeLoss: 'is a loss',
  InfogainLoss: 'is a loss',
  MultiBoxLoss: 'is a loss',
  MultinomialLogisticLoss: 'is a loss',
  Parameter: 'is data',
  Quant: 'is what our own deploy models have',
  SigmoidCrossEntropyLoss: 'is a loss',
  Silence: 'computes nothing',
  SmoothL1Loss: 'is a loss',
  SoftmaxWithLoss: 'is a loss',
};

test('there is a net of every layer type that a deployed net can have', () => {
  const types = new Set([...NETS.map(([type]) => type), ...Object.keys(OTHERS)]);
  expect([...LAYER_KERNELS.keys()].filter((type) => !types.has(type))).toEqual([]);
});

/** Weights of all layers: noise, and for variances numbers above zero. */
function weightsFor(text: string): NetWeights {
  const { layers } = inferShapes(graphOf(text), new Map());
  return new Map(
    [...layers].map(([name, { layer, params }]) => [
      name,
      params.map(({ shape }, i) => {
        const values = noise(elementCount(shape), i + 1);
        return layer.type === 'BatchNorm' ? values.map((value) => value + 2) : values;
      }),
    ]),
  );
}

test.each(NETS.map(([type, layers, inputs = IMAGE]) => ({ type, layers, inputs })))(
  '$type: $layers takes any number of images, and computes what the net does',
  async ({ layers, inputs }) => {
    const text = Object.entries(inputs)
      .map(([name, shape]) => {
        const dims = shape.map((dim) => `dim: ${dim}`).join(' ');
        return `layer { name: "${name}" type: "Input" top: "${name}" input_param { shape { ${dims} } } }`;
      })
      .concat(layers)
      .join('\n');
    const weights = weightsFor(text);
    const exported = exportModels({ ...smallExport(text, []), weights });
    // That a state is not handed on is said of every recurrent layer, and of no other; so are fields of forks.
    const said = exported.diagnostics.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
    expect(said).toEqual([
      ...(layers.includes('pixelshuffler') ? ['fork-fields'] : []),
      ...(/type: "(LSTM|RNN)"/.test(layers) ? ['onnx-state'] : []),
    ]);
    const graph = graphOf(text);
    const session = await openSession(bytesOf(exported, 'small_int8.onnx'), { threads: 1 });
    for (const count of [1, 3]) {
      const shapes = new Map(Object.entries(inputs).map(([name, shape]) => [name, [count, ...shape.slice(1)]]));
      const data = new Map(
        [...shapes].map(([name, shape], i) => {
          const values = noise(elementCount(shape), i + 7);
          return [name, name === 'i' ? values.map((v) => Math.floor(2 * v + 2)) : values];
        }),
      );
      const ids = graph.layers.filter((layer) => !isDataLayer(layer)).flatMap(({ tops }) => tops.map(({ id }) => id));
      const runner = await NetRunner.create({ graph, weights, inputShapes: shapes, outputs: ids });
      const expected = await runner.run(data);
      await runner.close();
      const feeds = Object.fromEntries(
        session.inputNames.map((name) => [name, floatTensor(data.get(name)!, shapes.get(name)!)]),
      );
      const actual = await session.run(feeds);
      expect(session.outputNames.length).toBeGreaterThan(0);
      for (const name of session.outputNames) {
        expect(actual[name]!.dims).toEqual(expected.get(name)!.shape);
        expect(largestDifference(actual[name]!.data as Float32Array, expected.get(name)!.data)).toBeLessThan(1e-5);
      }
    }
    await session.release();
  },
);
