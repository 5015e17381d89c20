import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { parseLayer } from '../testing/parse-layer.ts';
import { LAYER_KERNELS } from './registry.ts';
import { runLayer } from './run-layer.ts';

/** Layers at sizes that onnxruntime shares out to its threads; odd ones, since seams between threads show there. */
const CASES: [string, string, Shape[]][] = [
  ['BatchNorm', '', [[5, 3, 57, 61]]],
  ['BatchNorm', 'batch_norm_param { use_global_stats: true }', [[4, 33, 28, 28]]],
  ['Scale', 'scale_param { bias_term: true }', [[5, 3, 57, 61]]],
  ['PReLU', '', [[3, 33, 28, 31]]],
  ['LRN', '', [[2, 33, 27, 31]]],
  ['LRN', 'lrn_param { norm_region: WITHIN_CHANNEL local_size: 3 }', [[2, 3, 57, 61]]],
  ['Normalize', 'norm_param { across_spatial: false channel_shared: false }', [[3, 65, 19, 23]]],
  ['MVN', '', [[3, 5, 57, 61]]],
  ['Softmax', '', [[3, 21, 57, 61]]],
  ['Interp', 'interp_param { height: 65 width: 71 }', [[2, 21, 33, 35]]],
  ['Deconvolution', 'convolution_param { num_output: 21 kernel_size: 4 stride: 2 pad: 1 }', [[1, 21, 33, 35]]],
  ['Convolution', 'convolution_param { num_output: 24 kernel_size: 3 pad: 1 }', [[1, 3, 57, 61]]],
  ['DepthwiseConvolution', 'convolution_param { num_output: 33 group: 33 kernel_size: 3 pad: 1 }', [[1, 33, 28, 31]]],
  [
    'DepthwiseConvolution',
    'convolution_param { num_output: 32 group: 32 kernel_size: 3 pad: 1 stride: 2 }',
    [[3, 32, 29, 31]],
  ],
  [
    'Eltwise',
    'eltwise_param { operation: MAX }',
    [
      [3, 33, 28, 31],
      [3, 33, 28, 31],
    ],
  ],
  ['Pooling', 'pooling_param { pool: AVE kernel_size: 3 stride: 2 }', [[3, 33, 28, 31]]],
  ['Pooling', 'pooling_param { kernel_size: 3 stride: 2 }', [[3, 33, 28, 31]]],
  ['Pooling', 'pooling_param { pool: STOCHASTIC kernel_size: 3 stride: 2 }', [[3, 33, 28, 31]]],
  ['SPP', 'spp_param { pyramid_height: 3 pool: STOCHASTIC }', [[3, 33, 8, 12]]],
  [
    'SoftmaxWithLoss',
    '',
    [
      [3, 21, 57, 61],
      [3, 57, 61],
    ],
  ],
  [
    'SigmoidCrossEntropyLoss',
    '',
    [
      [3, 21, 57, 61],
      [3, 21, 57, 61],
    ],
  ],
  [
    'EuclideanLoss',
    '',
    [
      [3, 21, 57, 61],
      [3, 21, 57, 61],
    ],
  ],
  ['BNLL', '', [[3, 21, 57, 61]]],
  ['Power', 'power_param { power: -0.7 shift: 3 }', [[3, 21, 57, 61]]],
  [
    'LSTM',
    'recurrent_param { num_output: 96 }',
    [
      [5, 7, 200],
      [5, 7],
    ],
  ],
  ['Embed', 'embed_param { num_output: 33 input_dim: 300 }', [[50, 31]]],
  [
    'Axpy',
    '',
    [
      [3, 21],
      [3, 21, 57, 61],
      [3, 21, 57, 61],
    ],
  ],
];

const noise = (shape: Shape, step: number) =>
  Float32Array.from({ length: elementCount(shape) }, (_, i) => Math.sin(step * (i + 1)));

test.each(CASES)(
  '%s %s: the same bytes, forward and backward, for any number of threads',
  async (type, text, shapes) => {
    const layer = parseLayer(`layer { name: "l" type: "${type}" top: "t" ${text} }`);
    const noiseOf = (name: string, index: number, shape: Shape) =>
      noise(shape, 1 + name.charCodeAt(0) / 7 + String(index).charCodeAt(0) / 13);
    const bottoms = shapes.map((shape, i) => {
      const values = noiseOf('b', i, shape);
      const isLabel = type === 'SoftmaxWithLoss' && i === 1;
      return { shape, data: isLabel ? values.map((value) => Math.floor(10 * Math.abs(value))) : values };
    });
    const run = async (threads: number): Promise<(Float32Array | undefined)[]> => {
      const out = await runLayer(LAYER_KERNELS.get(type)!, layer, {
        ...{ phase: 'TRAIN', bottoms, threads },
        params: (i, shape) => noiseOf('p', i, shape),
        topGradients: (i, shape) => (i === 0 ? noiseOf('d', i, shape) : undefined),
        random: (call, shape) => noiseOf('r', call, shape),
      });
      return [out.tops[0], ...out.bottomGradients, ...out.paramGradients, ...out.updatedParams];
    };
    const bytesOf = (values: Float32Array | undefined) =>
      values && Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const one = await run(1);
    expect(one.filter((values) => values !== undefined).length).toBeGreaterThan(1);
    for (const threads of [2, 3, 8]) {
      const several = await run(threads);
      const differing = several.flatMap((values, i) => {
        const [a, b] = [bytesOf(values), bytesOf(one[i])];
        return a === b || (a && b && a.equals(b)) ? [] : [i];
      });
      expect([threads, differing]).toEqual([threads, []]);
    }
  },
);
