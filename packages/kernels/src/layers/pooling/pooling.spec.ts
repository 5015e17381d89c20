import { LayerError } from '@caffe-quant/caffe-io';
import { GraphBuilder } from '../../graph/graph-builder.ts';
import { parseLayer } from '../../testing/parse-layer.ts';
import { runGraph } from '../../testing/run-graph.ts';
import { pooling } from './pooling.ts';
import { lowerLayer } from '../one-layer.ts';

const layerOf = (settings: string) =>
  parseLayer(`layer { name: "l" type: "Pooling" bottom: "x" top: "y" pooling_param { ${settings} } }`);

/** A mean of each corner of 3 x 3 elements, under windows that reach into the padding: 4 of 9 elements each. */
test.each(['AVE_EXC_PAD', 'AVE_TF'])('%s divides by the elements of the input alone', async (pool) => {
  const layer = layerOf(`pool: ${pool} kernel_size: 3 stride: 2 pad: 1`);
  const { y, dx } = await runGraph(
    (g) => {
      const bottoms = [g.input('x', [1, 1, 3, 3])];
      const { tops, backward } = lowerLayer(pooling, layer, { g, phase: 'TRAIN', bottoms, params: [] });
      expect(tops[0]!.shape).toEqual([1, 1, 2, 2]);
      return {
        y: tops[0]!,
        dx: backward!([g.input('dy', [1, 1, 2, 2])], { bottoms: [true], params: [] }).bottoms[0]!,
      };
    },
    { x: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), dy: Float32Array.of(4, 8, 12, 16) },
  );
  expect([...y!]).toEqual([3, 4, 6, 7]);
  [1, 3, 2, 4, 10, 6, 3, 7, 4].forEach((expected, i) => expect(dx![i]).toBeCloseTo(expected, 5));
});

test('in ONNX it is an AveragePool that does not count the padding', () => {
  const g = new GraphBuilder();
  const layer = layerOf('pool: AVE_EXC_PAD kernel_size: 3 stride: 2 pad: 1');
  lowerLayer(pooling, layer, { g, phase: 'TEST', bottoms: [g.input('x', [2, 3, 8, 8])], params: [] });
  expect(g.nodes.map(({ op }) => op)).toEqual(['AveragePool']);
  expect(g.nodes[0]!.attributes.get('count_include_pad')).toEqual({ kind: 'int', value: 0 });
});

test('a mean over the whole plane spreads its gradient evenly, without a convolution', async () => {
  const layer = layerOf('pool: AVE global_pooling: true');
  const ops: string[] = [];
  const { dx } = await runGraph(
    (g) => {
      const { backward } = lowerLayer(pooling, layer, {
        g,
        phase: 'TRAIN',
        bottoms: [g.input('x', [1, 2, 2, 4])],
        params: [],
      });
      const [gradient] = backward!([g.input('dy', [1, 2, 1, 1])], { bottoms: [true], params: [] }).bottoms;
      ops.push(...g.nodes.map(({ op }) => op));
      return { dx: gradient! };
    },
    { x: new Float32Array(16), dy: Float32Array.of(8, -16) },
  );
  expect([...dx!]).toEqual([...Array<number>(8).fill(1), ...Array<number>(8).fill(-2)]);
  expect(ops).not.toContain('ConvTranspose');
});

test("a fork's method that is not computed is refused by name", () => {
  const g = new GraphBuilder();
  const layer = layerOf('pool: LOWRES kernel_size: 2');
  const bottoms = [g.input('x', [1, 1, 2, 2])];
  const lower = () => lowerLayer(pooling, layer, { g, phase: 'TEST', bottoms, params: [] });
  expect(lower).toThrow(LayerError);
  expect(lower).toThrow('pool: LOWRES is not supported');
});
