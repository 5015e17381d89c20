import { buildNetGraph } from '@caffe-quant/caffe-io';
import { GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import { NetRunner } from '../net/net-runner.ts';
import { parseLayer, parseNet } from '../testing/parse-layer.ts';
import { runGraph } from '../testing/run-graph.ts';
import { LayerError, type Phase } from './layer.ts';
import { LAYER_KERNELS } from './registry.ts';

const graphOf = (text: string) => buildNetGraph(parseNet(text), { file: 'net.prototxt', phase: 'TEST' }).graph;

test('Parameter and DummyData are computed, not asked for as data', async () => {
  const graph = graphOf(`
    layer { name: "p" type: "Parameter" top: "p" parameter_param { shape { dim: 2 dim: 3 } } }
    layer { name: "d" type: "DummyData" top: "one" top: "two"
            dummy_data_param { shape { dim: 2 dim: 3 } data_filler { value: 1 } data_filler { value: 2 } } }
    layer { name: "sum" type: "Eltwise" bottom: "p" bottom: "two" top: "sum" }`);
  const weights = new Map([['p', [Float32Array.of(1, 2, 3, 4, 5, 6)]]]);
  const runner = await NetRunner.create({ graph, weights, inputShapes: new Map(), outputs: ['sum', 'one'] });
  const out = await runner.run(new Map());
  await runner.close();
  expect([...out.get('sum')!.data]).toEqual([3, 4, 5, 6, 7, 8]);
  expect([...out.get('one')!.data]).toEqual([1, 1, 1, 1, 1, 1]);
});

test('a recurrent layer goes on where its last forward pass ended', async () => {
  const layer = (steps: number) => `
    layer { name: "x" type: "Input" top: "x" top: "cont" }
    layer { name: "lstm" type: "LSTM" bottom: "x" bottom: "cont" top: "y" recurrent_param { num_output: 2 } } # ${steps}`;
  const weights = new Map([
    ['lstm', [24, 8, 16].map((n, k) => Float32Array.from({ length: n }, (_, i) => Math.sin(3 * i + k)))],
  ]);
  const x = Float32Array.from({ length: 12 }, (_, i) => Math.cos(i));
  const open = (steps: number) => {
    const inputShapes = new Map<string, Shape>([
      ['x', [steps, 1, 3]],
      ['cont', [steps, 1]],
    ]);
    return NetRunner.create({ graph: graphOf(layer(steps)), weights, inputShapes, outputs: ['y'] });
  };
  const cont = Float32Array.of(0, 1, 1, 1);
  const batch = (from: number, to: number) =>
    new Map([
      ['x', x.slice(3 * from, 3 * to)],
      ['cont', cont.slice(from, to)],
    ]);
  const [whole, halves] = [await open(4), await open(2)];
  const expected = (await whole.run(batch(0, 4))).get('y')!.data;
  const parts = [await halves.run(batch(0, 2)), await halves.run(batch(2, 4))];
  await whole.close();
  await halves.close();
  expect(parts.flatMap((part) => [...part.get('y')!.data])).toEqual([...expected]);
});

test('STOCHASTIC pooling in TEST weighs each element by its share of the window', async () => {
  const layer = parseLayer(
    'layer { type: "Pooling" bottom: "x" top: "y" pooling_param { pool: STOCHASTIC kernel_size: 2 stride: 2 } }',
  );
  const { y } = await runGraph(
    (g) => {
      const bottoms = [g.input('x', [1, 1, 2, 4])];
      return { y: LAYER_KERNELS.get('Pooling')!.lower({ g, layer, phase: 'TEST', bottoms, params: [] }).tops[0]! };
    },
    { x: Float32Array.of(1, 2, 0, 0, 3, 4, 0, 0) },
  );
  expect([...y!]).toEqual([3, 0]);
});

const REFUSALS: [string, string, Phase, Shape[], RegExp][] = [
  ['Filter in a net', 'type: "Filter"', 'TRAIN', [[2, 3], [2]], /depends on the data/],
  [
    'STOCHASTIC pooling in TRAIN',
    'type: "Pooling" pooling_param { pool: STOCHASTIC kernel_size: 2 }',
    'TRAIN',
    [[1, 1, 2, 2]],
    /runs in TEST/,
  ],
  [
    'random DummyData',
    'type: "DummyData" top: "t" dummy_data_param { shape { dim: 2 } data_filler { type: "gaussian" } }',
    'TRAIN',
    [],
    /only constant/,
  ],
  [
    'an infogain matrix in a file',
    'type: "InfogainLoss" infogain_loss_param { source: "h.binaryproto" }',
    'TRAIN',
    [[2, 3], [2]],
    /third bottom/,
  ],
  ['an even LRN window', 'type: "LRN" lrn_param { local_size: 4 }', 'TRAIN', [[1, 4, 2, 2]], /must be odd/],
  ['a Slice that does not come out', 'type: "Slice" top: "a" top: "b"', 'TRAIN', [[1, 3]], /2 equal tops/],
  [
    'a Reshape that does not come out',
    'type: "Reshape" reshape_param { shape { dim: 4 dim: -1 } }',
    'TRAIN',
    [[2, 3]],
    /does not reshape/,
  ],
  [
    'an Eltwise of different shapes',
    'type: "Eltwise"',
    'TRAIN',
    [
      [2, 3],
      [2, 4],
    ],
    /differ in shape/,
  ],
  [
    'a Crop beyond the border',
    'type: "Crop" crop_param { offset: 3 }',
    'TRAIN',
    [
      [1, 1, 5, 5],
      [1, 1, 4, 4],
    ],
    /outside axis/,
  ],
  ['Dropout without random numbers', 'type: "Dropout"', 'TRAIN', [[2, 3]], /random numbers/],
];

test.each(REFUSALS)('%s is refused', (_name, text, phase, shapes, message) => {
  const layer = parseLayer(`layer { name: "l" ${text} }`);
  const g = new GraphBuilder();
  const bottoms = shapes.map((shape, i) => g.input(`b${i}`, shape));
  const lower = () => LAYER_KERNELS.get(layer.type!)!.lower({ g, layer, phase, bottoms, params: [] });
  expect(lower).toThrow(LayerError);
  expect(lower).toThrow(message);
});
