import { isLossLayer } from '@caffe-quant/caffe-io';
import { type GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import { runGraph } from '../graph/run-once.ts';
import { parseLayer } from '../testing/parse-layer.ts';
import { traitOf } from './layer-traits.ts';
import { lowerLayer, paramsOfLayer } from './one-layer.ts';
import { LAYER_KERNELS, layerTypes } from './registry.ts';

test('losses are those that the graph builder knows by their names', () => {
  const types = layerTypes();
  const losses = types.filter(({ loss }) => loss).map(({ type }) => type);
  expect(losses).toEqual(types.filter(({ type }) => isLossLayer(type)).map(({ type }) => type));
  expect(losses).toContain('SoftmaxWithLoss');
});

/** What a layer of that type needs beside its bottom. */
const FIELDS: Readonly<Record<string, string>> = {
  Clip: 'clip_param { min: -1 max: 6 }',
  Convolution: 'convolution_param { num_output: 2 kernel_size: 3 pad: 1 }',
  ConvolutionDepthwise: 'convolution_param { num_output: 2 kernel_size: 3 pad: 1 }',
  DepthwiseConv: 'convolution_param { num_output: 2 kernel_size: 3 pad: 1 }',
  DepthwiseConvolution: 'convolution_param { num_output: 2 kernel_size: 3 pad: 1 }',
  Deconvolution: 'convolution_param { num_output: 2 kernel_size: 3 }',
  InnerProduct: 'inner_product_param { num_output: 3 }',
  Pooling: 'pooling_param { kernel_size: 2 }',
  Crop: 'crop_param { axis: 2 }',
  Reshape: 'reshape_param { shape { dim: 0 dim: -1 } }',
  Permute: 'permute_param { order: 1 order: 0 order: 2 order: 3 }',
  ShuffleChannel: 'shuffle_channel_param { group: 2 }',
  Squeeze: 'squeeze_param { axis: 0 }',
  Slice: 'top: "z"',
  Split: 'top: "z"',
  Tile: 'tile_param { tiles: 2 }',
  Quant: 'quant_param { scale: 0.1 offset: "\\000" }',
};

/** Other settings, on which it depends. */
const OTHERS = [
  ['Pooling', 'pooling_param { kernel_size: 2 pool: AVE }'],
  ['Eltwise', 'eltwise_param { operation: MAX }'],
  ['Eltwise', 'eltwise_param { operation: PROD }'],
  ['Eltwise', 'eltwise_param { coeff: 0 coeff: -2 }'],
  ['ReLU', 'relu_param { negative_slope: -0.5 }'],
  ['ReLU', 'relu_param { negative_slope: 2 }'],
  ['ReLU', 'relu_param { relu6: true }'],
  ['ReLU6', 'relu6_param { negative_slope: 0.5 }'],
] as const;

const X: Shape = [1, 2, 4, 4];
const TWO = new Set(['Eltwise', 'Concat', 'Crop', 'EuclideanLoss']);
/** Their tops are counts and whole numbers, whatever comes in. */
const COUNTING = new Set(['Accuracy', 'ArgMax']);

const CASES = [
  ...[...LAYER_KERNELS.values()]
    .filter((kernel) => kernel.showsNotFinite || kernel.keepsFinite || kernel.nonNegative)
    .filter(({ type }) => !COUNTING.has(type))
    .map(({ type }) => [type, FIELDS[type] ?? ''] as const),
  ...OTHERS,
].map(([type, fields]) => ({
  kernel: LAYER_KERNELS.get(type)!,
  layer: parseLayer(
    `layer { name: "l" type: "${type}" bottom: "x" ${TWO.has(type) ? 'bottom: "x2"' : ''} top: "y" ${fields} }`,
  ),
  name: `${type} ${fields}`,
}));

/** The tops of a layer in TEST; each bottom holds the same numbers, each parameter ones. */
async function topsOf({ kernel, layer }: (typeof CASES)[number], x: Float32Array): Promise<number[][]> {
  const feeds: Record<string, Float32Array> = {};
  const build = (g: GraphBuilder) => {
    const bottoms = layer.bottom.map((_, i) => {
      feeds[`x${i}`] = x;
      return g.input(`x${i}`, X);
    });
    const shapes = bottoms.map(({ shape }) => shape);
    const params = paramsOfLayer(kernel, layer, shapes).map(({ shape }, i) => {
      feeds[`w${i}`] = new Float32Array(shape.reduce((count, dim) => count * dim, 1)).fill(1);
      return g.input(`w${i}`, shape);
    });
    const { tops } = lowerLayer(kernel, layer, { g, bottoms, params, phase: 'TEST' });
    return Object.fromEntries(tops.map((top, i) => [`y${i}`, top]));
  };
  return Object.values(await runGraph(build, feeds)).map((top) => Array.from(top, Number));
}

const numbers = (at: (i: number) => number): Float32Array => Float32Array.from({ length: 32 }, (_, i) => at(i));

describe.each(CASES.map((it) => [it.name, it] as const))('%s', (_, it) => {
  const is = (name: 'showsNotFinite' | 'keepsFinite') => traitOf(it.kernel, name, it.layer);

  if (is('showsNotFinite')) {
    test.each([NaN, Infinity, -Infinity])('shows %d', async (broken) => {
      const tops = await topsOf(
        it,
        numbers((i) => (i === 5 ? broken : 1 + i)),
      );
      expect(tops.flat().every(Number.isFinite)).toBe(false);
    });
  }
  if (is('keepsFinite')) {
    test('makes finite numbers of finite ones', async () => {
      const tops = await topsOf(
        it,
        numbers((i) => (i % 2 ? 3.4e38 : -3.4e38) / (1 + (i % 3))),
      );
      expect(tops.flat().every(Number.isFinite)).toBe(true);
    });
  }
  const nonNegative = traitOf(it.kernel, 'nonNegative', it.layer);
  if (nonNegative) {
    test('makes no negative number', async () => {
      const tops = await topsOf(
        it,
        numbers((i) => (nonNegative === 'always' ? i - 16 : i % 7)),
      );
      expect(tops.flat().every((value) => value >= 0)).toBe(true);
    });
  }
});
