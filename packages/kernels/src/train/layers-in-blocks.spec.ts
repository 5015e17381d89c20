import { buildNetGraph } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import { channelBlock } from '../graph/channel-block.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { differentiate } from '../net/differentiate.ts';
import { lowerNet } from '../net/lower-net.ts';
import { blobInput } from '../net/tensor-names.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { runGraph } from '../testing/run-graph.ts';
import { paramName } from './train-graph.ts';

const convolution = (name: string, bottom: string, settings: string) =>
  `layer { name: "${name}" type: "Convolution" bottom: "${bottom}" top: "${name}" convolution_param { ${settings} weight_filler { type: "xavier" } } }\n`;

const layer = (name: string, type: string, bottoms: string, top: string, settings = '') =>
  `layer { name: "${name}" type: "${type}" ${bottoms
    .split(' ')
    .map((bottom) => `bottom: "${bottom}"`)
    .join(' ')} top: "${top}" ${settings} }\n`;

/** From `a` and `b`, both [N, 32, 12, 10] in blocks, to `y`. */
const BODIES: readonly (readonly [string, string])[] = [
  [
    'BatchNorm and Scale',
    layer('n', 'BatchNorm', 'a', 'n') + layer('y', 'Scale', 'n', 'y', 'scale_param { bias_term: true }'),
  ],
  [
    'BatchNorm, Scale and ReLU in place',
    layer('n', 'BatchNorm', 'a', 'a') +
      layer('s', 'Scale', 'a', 'a', 'scale_param { bias_term: true }') +
      layer('r', 'ReLU', 'a', 'a') +
      layer('y', 'Power', 'a', 'y'),
  ],
  [
    'a map that others read too',
    layer('n', 'BatchNorm', 'a', 'n') + layer('r', 'ReLU', 'n', 'r') + layer('y', 'Eltwise', 'n r a', 'y'),
  ],
  [
    'frozen statistics',
    layer('n', 'BatchNorm', 'a', 'n', 'batch_norm_param { use_global_stats: true }') + layer('y', 'Scale', 'n', 'y'),
  ],
  [
    'Scale by a second bottom',
    layer('p', 'Pooling', 'b', 'p', 'pooling_param { pool: AVE global_pooling: true }') +
      layer('f', 'Flatten', 'p', 'f') +
      layer('y', 'Axpy', 'p a b', 'y'),
  ],
  [
    'Scale of Scale',
    layer('s', 'Scale', 'a', 's', 'scale_param { bias_term: true bias_filler { value: 0.5 } }') +
      layer('y', 'Scale', 's', 'y', 'scale_param { filler { value: 2 } bias_term: true }'),
  ],
  ['Bias', layer('y', 'Bias', 'a', 'y', 'bias_param { filler { value: 0.3 } }')],
  [
    'two maps summed',
    layer('m', 'BatchNorm', 'a', 'm') +
      layer('n', 'BatchNorm', 'b', 'n') +
      layer('e', 'Eltwise', 'm n', 'e') +
      layer('y', 'ReLU', 'e', 'y'),
  ],
  ['ReLU with a slope', layer('y', 'ReLU', 'a', 'y', 'relu_param { negative_slope: 0.1 }')],
  ['ReLU6', layer('y', 'ReLU6', 'a', 'y')],
  ['PReLU', layer('y', 'PReLU', 'a', 'y')],
  ['ELU', layer('y', 'ELU', 'a', 'y')],
  [
    'Sigmoid, TanH, Power',
    layer('s', 'Sigmoid', 'a', 's') +
      layer('t', 'TanH', 's', 't') +
      layer('y', 'Power', 't', 'y', 'power_param { scale: 2 shift: 1 power: 2 }'),
  ],
  ['AbsVal', layer('y', 'AbsVal', 'a', 'y')],
  ['Eltwise PROD', layer('y', 'Eltwise', 'a b', 'y', 'eltwise_param { operation: PROD }')],
  ['Eltwise MAX', layer('y', 'Eltwise', 'a b', 'y', 'eltwise_param { operation: MAX }')],
  ['Eltwise with coefficients', layer('y', 'Eltwise', 'a b', 'y', 'eltwise_param { coeff: 0.5 coeff: -2 }')],
  ['Concat along channels', layer('y', 'Concat', 'a b a', 'y')],
  ['Concat along images', layer('y', 'Concat', 'a b', 'y', 'concat_param { axis: 0 }')],
  [
    'Slice at whole blocks',
    `layer { name: "s" type: "Slice" bottom: "a" top: "s" top: "t" slice_param { slice_point: 16 } }\n` +
      layer('y', 'Eltwise', 's t', 'y'),
  ],
  [
    'Slice within a block',
    `layer { name: "s" type: "Slice" bottom: "a" top: "s" top: "t" slice_param { slice_point: 10 } }\n` +
      layer('y', 'Concat', 't s', 'y'),
  ],
  ['max pooling', layer('y', 'Pooling', 'a', 'y', 'pooling_param { kernel_size: 3 stride: 2 pad: 1 }')],
  ['mean pooling', layer('y', 'Pooling', 'a', 'y', 'pooling_param { pool: AVE kernel_size: 3 stride: 2 }')],
  ['LRN', layer('y', 'LRN', 'a', 'y', 'lrn_param { local_size: 5 alpha: 0.5 }')],
  ['MVN', layer('y', 'MVN', 'a', 'y')],
  [
    'Deconvolution',
    layer(
      'y',
      'Deconvolution',
      'a',
      'y',
      'convolution_param { num_output: 16 kernel_size: 4 stride: 2 pad: 1 weight_filler { type: "xavier" } }',
    ),
  ],
  ['ShuffleChannel', layer('y', 'ShuffleChannel', 'a', 'y', 'shuffle_channel_param { group: 4 }')],
  [
    'InnerProduct',
    layer('r', 'ReLU', 'a', 'r') +
      layer('y', 'InnerProduct', 'r', 'y', 'inner_product_param { num_output: 8 weight_filler { type: "xavier" } }'),
  ],
];

test.each(BODIES)('%s: between convolutions in blocks as without blocks', async (_name, body) => {
  const end = body.includes('"InnerProduct"')
    ? layer('z', 'Power', 'y', 'z')
    : convolution('z', 'y', 'num_output: 16 kernel_size: 3');
  const text = `name: "blocks"
layer { name: "in" type: "Input" top: "data" top: "target" input_param { shape { dim: 3 dim: 3 dim: 12 dim: 10 } } }
${convolution('a', 'data', 'num_output: 32 kernel_size: 3 pad: 1')}${convolution('b', 'data', 'num_output: 32 kernel_size: 1')}${body}${end}
layer { name: "flat" type: "Flatten" bottom: "z" top: "flat" }
layer { name: "ip" type: "InnerProduct" bottom: "flat" top: "ip" inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "target" top: "loss" }`;
  const images = body.includes('axis: 0') ? 6 : 3;
  const inputShapes = new Map([
    ['data', [3, 3, 12, 10]],
    ['target', [images, 4]],
  ]);
  const { graph } = buildNetGraph(parseNet(text), { file: 'blocks.prototxt', phase: 'TRAIN' });
  const weights = initialWeights(graph, inputShapes, 1);
  const feeds: Record<string, Float32Array> = {
    [blobInput('data')]: Float32Array.from({ length: 3 * 360 }, (_, i) => 2 * Math.sin(0.37 * i)),
    [blobInput('target')]: Float32Array.from({ length: images * 4 }, (_, i) => Math.cos(i)),
  };
  const build = (g: GraphBuilder): Record<string, Value> => {
    const net = lowerNet(g, graph, { inputShapes });
    const { loss, params } = differentiate(g, net);
    for (const {
      layer: { name },
      params: ofLayer,
    } of net.layers) {
      ofLayer.forEach(({ key, shape }, i) => {
        const length = shape.reduce((product, dim) => product * dim, 1);
        // Statistics of no batch yet divide by nothing: give them some.
        feeds[paramName(key)] = weights.get(name)?.[i] ?? new Float32Array(length).fill(1);
      });
    }
    return { loss, ...Object.fromEntries([...params].map(([key, value]) => [`gradient of ${key}`, value])) };
  };
  const plain = await runGraph(build, feeds, 1, 1);
  const blocked = await runGraph(build, feeds, 1, await channelBlock());
  const several = await runGraph(build, feeds, 2, await channelBlock());
  expect(Object.keys(plain).length).toBeGreaterThan(4);
  const largest = (values: Float32Array) => values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  // What normalizes makes the gradient of a bias before it 0: what is left there is rounding of larger numbers.
  const least = 0.1 * Math.max(...Object.values(plain).map(largest));
  for (const [name, values] of Object.entries(plain)) {
    const difference = largest(values.map((value, i) => value - blocked[name]![i]!));
    expect([name, difference < 2e-5 * Math.max(largest(values), least)]).toEqual([name, true]);
  }
  expect(several).toEqual(blocked);
});
