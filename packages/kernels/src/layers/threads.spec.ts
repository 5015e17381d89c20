import { GraphBuilder, elementCount, type Shape, type Value } from '../graph/graph-builder.ts';
import { parseLayer } from '../testing/parse-layer.ts';
import { runGraph } from '../testing/run-graph.ts';
import { LAYER_KERNELS } from './registry.ts';
import { lowerLayer, paramsOfLayer } from './one-layer.ts';

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
    const kernel = LAYER_KERNELS.get(type)!;
    const feeds: Record<string, Float32Array> = {};
    const input = (g: GraphBuilder, name: string, shape: Shape): Value => {
      const values = noise(shape, 1 + name.charCodeAt(0) / 7 + name.charCodeAt(1) / 13);
      const isLabel = type === 'SoftmaxWithLoss' && name === 'b1';
      feeds[name] = isLabel ? values.map((value) => Math.floor(10 * Math.abs(value))) : values;
      return g.input(name, shape);
    };
    const build = (g: GraphBuilder): Record<string, Value> => {
      const bottoms = shapes.map((shape, i) => input(g, `b${i}`, shape));
      const params = (paramsOfLayer(kernel, layer, shapes) ?? []).map(({ shape }, i) => input(g, `p${i}`, shape));
      let randoms = 0;
      const random = (shape: Shape) => input(g, `random${randoms++}`, shape);
      const { tops, backward, updatedParams } = lowerLayer(kernel, layer, {
        g,
        phase: 'TRAIN',
        bottoms,
        params,
        random,
      });
      const gradients = backward!(
        tops.slice(0, 1).map((top) => input(g, 'dt', top.shape)),
        { bottoms: shapes.map(() => true), params: params.map(() => true) },
      );
      const values = [tops[0], ...gradients.bottoms, ...(gradients.params ?? []), ...(updatedParams ?? [])];
      return Object.fromEntries(values.flatMap((value, i) => (value ? [[`out${i}`, value]] : [])));
    };
    const one = await runGraph(build, feeds, 1);
    for (const threads of [2, 3, 8]) {
      const several = await runGraph(build, feeds, threads);
      for (const [name, values] of Object.entries(several)) {
        const [a, b] = [values, one[name]!].map(({ buffer, byteOffset, byteLength }) =>
          Buffer.from(buffer, byteOffset, byteLength),
        );
        expect([name, threads, a!.equals(b!)]).toEqual([name, threads, true]);
      }
    }
  },
);
