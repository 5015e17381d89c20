import { LayerError } from '@caffe-quant/caffe-io';
import { GraphBuilder, type Shape } from '../../graph/graph-builder.ts';
import { parseLayer } from '../../testing/parse-layer.ts';
import { runGraph } from '../../testing/run-graph.ts';
import { LAYER_KERNELS } from '../registry.ts';
import { lowerLayer, paramsOfLayer } from '../one-layer.ts';

const layerOf = (type: string, settings: string) =>
  parseLayer(`layer { name: "l" type: "${type}" bottom: "x" top: "y" convolution_param { ${settings} } }`);

test('two images of two channels, each with a kernel of two, computed by hand', async () => {
  const layer = layerOf('Convolution', 'num_output: 1 kernel_size: 2 axis: 2');
  const out = await runGraph(
    (g) => {
      const bottoms = [g.input('x', [1, 2, 2, 3])];
      const params = [g.input('w', [1, 2, 2]), g.input('b', [1])];
      const { tops, backward } = lowerLayer(LAYER_KERNELS.get('Convolution')!, layer, {
        g,
        phase: 'TRAIN',
        bottoms,
        params,
      });
      expect(tops[0]!.shape).toEqual([1, 2, 1, 2]);
      const { bottoms: dx, params: dw } = backward!([g.input('dy', [1, 2, 1, 2])], {
        bottoms: [true],
        params: [true, true],
      });
      expect(dx[0]!.shape).toEqual([1, 2, 2, 3]);
      return { y: tops[0]!, dx: dx[0]!, dw: dw![0]!, db: dw![1]! };
    },
    {
      x: Float32Array.of(1, 2, 3, 4, 5, 6, -1, 0, 1, 2, -2, 0),
      w: Float32Array.of(1, 1, 0.5, -1),
      b: Float32Array.of(10),
      dy: Float32Array.of(1, 1, 1, 1),
    },
  );
  expect([...out['y']!]).toEqual([10, 11.5, 12, 10]);
  expect([...out['dx']!]).toEqual([1, 2, 1, 0.5, -0.5, -1, 1, 2, 1, 0.5, -0.5, -1]);
  expect([...out['dw']!]).toEqual([2, 6, 9, 9]);
  expect([...out['db']!]).toEqual([4]);
});

test.each([
  ['Convolution', 'num_output: 6', [6, 2, 3, 3]],
  ['Deconvolution', 'num_output: 6', [4, 3, 3, 3]],
])('the weights of a %s have the channels of its axis', (type, settings, shape) => {
  const layer = layerOf(type, `${settings} kernel_size: 3 group: 2 axis: -3`);
  const specs = paramsOfLayer(LAYER_KERNELS.get(type)!, layer, [[5, 7, 4, 9, 9]]);
  expect(specs.map((spec) => spec.shape)).toEqual([shape, [6]]);
});

const REFUSALS: [string, string, Shape[], RegExp][] = [
  ['an axis beyond the blob', 'axis: 4', [[2, 3, 4, 5]], /axis 4 is outside a blob of 4 axes/],
  ['an axis before the blob', 'axis: -5', [[2, 3, 4, 5]], /axis -5 is outside a blob of 4 axes/],
  [
    'channels on the last axis',
    'axis: -1',
    [[2, 3, 4, 5]],
    /0 spatial axes behind the channels, axis 3 of \[2, 3, 4, 5\]/,
  ],
  ['four spatial axes', 'axis: 0', [[2, 3, 4, 5, 6]], /4 spatial axes behind the channels, .*: it takes 1, 2 or 3/],
  [
    'bottoms with the same number of images on other axes',
    'axis: 2',
    [
      [2, 3, 4, 5],
      [3, 2, 4, 5],
    ],
    /must have the same shape/,
  ],
];

test.each(REFUSALS)('%s is refused', (_name, axis, shapes, message) => {
  const layer = layerOf('Convolution', `num_output: 2 kernel_size: 1 ${axis}`);
  const g = new GraphBuilder();
  const bottoms = shapes.map((shape, i) => g.input(`b${i}`, shape));
  const lower = () => lowerLayer(LAYER_KERNELS.get('Convolution')!, layer, { g, phase: 'TRAIN', bottoms, params: [] });
  expect(lower).toThrow(LayerError);
  expect(lower).toThrow(message);
});
