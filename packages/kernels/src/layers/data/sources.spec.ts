import { buildNetGraph, LayerError } from '@caffe-quant/caffe-io';
import { GraphBuilder, type Shape } from '../../graph/graph-builder.ts';
import { parameterShapes } from '../../net/fit-weights.ts';
import { lowerNet } from '../../net/lower-net.ts';
import { loadNamedFiles, namedFiles } from '../../net/named-files.ts';
import { NetRunner } from '../../net/net-runner.ts';
import { parseLayer, parseNet } from '../../testing/parse-layer.ts';
import { runGraph } from '../../testing/run-graph.ts';
import { type Phase } from '../layer.ts';
import { LAYER_KERNELS } from '../registry.ts';
import { lowerLayer, paramsOfLayer } from '../one-layer.ts';

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

test("a Parameter has what caffe-windows' filler says", () => {
  const layer = parseLayer(
    'layer { type: "Parameter" top: "p" parameter_param { shape { dim: 4 } blob_filler { type: "uniform" max: 3 } } }',
  );
  expect(paramsOfLayer(LAYER_KERNELS.get('Parameter')!, layer, [])).toMatchObject([
    { shape: [4], filler: { type: 'uniform', max: 3 } },
  ]);
});

test('an infogain matrix in a file is read once, for all that is made of the net', async () => {
  const graph = graphOf(`
    layer { name: "x" type: "Input" top: "x" top: "label" }
    layer { name: "loss" type: "InfogainLoss" bottom: "x" bottom: "label" top: "loss"
            infogain_loss_param { source: "gain.binaryproto" } }`);
  const inputShapes = new Map([
    ['x', [2, 2]],
    ['label', [2]],
  ]);
  expect(namedFiles(graph).map(({ layer, path, kind }) => [layer.name, path, kind])).toEqual([
    ['loss', 'gain.binaryproto', 'blob'],
  ]);
  expect(parameterShapes(graph, inputShapes)).toEqual([]);
  const lower = () => lowerNet(new GraphBuilder(), graph, { inputShapes });
  expect(lower).toThrow(/layer `loss`: InfogainLoss: .*'gain.binaryproto' has not been read/);
  const read: string[] = [];
  const loaded = loadNamedFiles(graph, {
    blob: (path) => {
      read.push(path);
      return Float32Array.of(1, 2, 0, 3);
    },
    text: () => '',
  });
  const runner = await NetRunner.create({ graph: loaded, weights: new Map(), inputShapes, outputs: ['loss'] });
  const batch = new Map([
    ['x', Float32Array.of(0, 0, 0, 0)],
    ['label', Float32Array.of(0, 1)],
  ]);
  const loss = (await runner.run(batch)).get('loss')!.data[0]!;
  await runner.close();
  // Both shares are one half: (1 + 2 + 0 + 3) ln 2 over two images.
  expect(loss).toBeCloseTo(3 * Math.LN2, 5);
  expect(read).toEqual(['gain.binaryproto']);
});

describe('random DummyData', () => {
  const graph = graphOf(`
    layer { name: "d" type: "DummyData" top: "a" top: "b" top: "same"
            dummy_data_param { shape { dim: 400 } data_filler { type: "gaussian" mean: 3 std: 0.5 }
            data_filler { type: "uniform" min: 1 max: 2 } data_filler { value: 7 } } }`);
  const passes = async (seed: number) => {
    const outputs = ['a', 'b', 'same'];
    const runner = await NetRunner.create({ graph, weights: new Map(), inputShapes: new Map(), outputs, seed });
    const all = [await runner.run(new Map()), await runner.run(new Map())];
    await runner.close();
    return all.map((out) => outputs.map((blob) => [...out.get(blob)!.data]));
  };

  test('is filled anew at each pass, each top by its own numbers; what is constant stays', async () => {
    const [first, second] = (await passes(1)) as [number[][], number[][]];
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(first[0]!)).toBeCloseTo(3, 1);
    expect(Math.min(...first[1]!)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...first[1]!)).toBeLessThan(2);
    expect(mean(first[1]!)).toBeCloseTo(1.5, 1);
    for (const top of [0, 1]) expect(second[top]).not.toEqual(first[top]);
    expect(new Set([...first[2]!, ...second[2]!])).toEqual(new Set([7]));
  });

  test('has the same numbers for the same seed', async () => {
    expect(await passes(1)).toEqual(await passes(1));
    expect(await passes(1)).not.toEqual(await passes(2));
  });

  test('a filler that Caffe does not have is refused by its layer', () => {
    const text =
      'layer { name: "d" type: "DummyData" top: "a" dummy_data_param { shape { dim: 1 } data_filler { type: "pi" } } }';
    const lower = () => lowerNet(new GraphBuilder(), graphOf(text), { inputShapes: new Map() });
    expect(lower).toThrow(/DummyData: filler 'pi' is not supported/);
  });
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
      return {
        y: lowerLayer(LAYER_KERNELS.get('Pooling')!, layer, { g, phase: 'TEST', bottoms, params: [] }).tops[0]!,
      };
    },
    { x: Float32Array.of(1, 2, 0, 0, 3, 4, 0, 0) },
  );
  expect([...y!]).toEqual([3, 0]);
});

test('SPP of STOCHASTIC pooling in TEST weighs the elements of every bin', async () => {
  const layer = parseLayer(
    'layer { type: "SPP" bottom: "x" top: "y" spp_param { pyramid_height: 2 pool: STOCHASTIC } }',
  );
  const { y } = await runGraph(
    (g) => {
      const { tops, backward } = lowerLayer(LAYER_KERNELS.get('SPP')!, layer, {
        g,
        phase: 'TEST',
        bottoms: [g.input('x', [1, 1, 2, 4])],
        params: [],
      });
      expect(backward).toBeUndefined();
      return { y: tops[0]! };
    },
    { x: Float32Array.of(1, 2, 0, 0, 3, 4, 0, 10) },
  );
  // (1 + 4 + 9 + 16 + 100) / 20, then bins of 1 x 2: (1 + 4) / 3, 0, (9 + 16) / 7, 100 / 10.
  expect([...y!]).toEqual([6.5, Math.fround(5 / 3), 0, Math.fround(25 / 7), 10]);
});

const REFUSALS: [string, string, Phase, Shape[], RegExp][] = [
  ['Filter in a net', 'type: "Filter"', 'TRAIN', [[2, 3], [2]], /depends on the data/],
  [
    'STOCHASTIC pooling without random numbers',
    'type: "Pooling" pooling_param { pool: STOCHASTIC kernel_size: 2 }',
    'TRAIN',
    [[1, 1, 2, 2]],
    /needs random numbers/,
  ],
  [
    'STOCHASTIC pooling with padding',
    'type: "Pooling" pooling_param { pool: STOCHASTIC kernel_size: 2 pad: 1 }',
    'TRAIN',
    [[1, 1, 2, 2]],
    /takes no padding/,
  ],
  [
    'SPP of STOCHASTIC pooling without random numbers',
    'type: "SPP" spp_param { pyramid_height: 2 pool: STOCHASTIC }',
    'TRAIN',
    [[1, 1, 4, 4]],
    /needs random numbers/,
  ],
  [
    'SPP of STOCHASTIC pooling in bins that do not divide the plane',
    'type: "SPP" spp_param { pyramid_height: 3 pool: STOCHASTIC }',
    'TEST',
    [[1, 1, 4, 6]],
    /level 2 pads \[1, 1, 4, 6\]; STOCHASTIC pooling takes no padding/,
  ],
  [
    'DummyData without random numbers',
    'type: "DummyData" top: "t" dummy_data_param { shape { dim: 2 } data_filler { type: "gaussian" } }',
    'TRAIN',
    [],
    /needs random numbers/,
  ],
  [
    'an infogain matrix in a file that nobody reads',
    'type: "InfogainLoss" infogain_loss_param { source: "h.binaryproto" }',
    'TRAIN',
    [[2, 3], [2]],
    /'h.binaryproto' has not been read/,
  ],
  ['an infogain matrix that is nowhere', 'type: "InfogainLoss"', 'TRAIN', [[2, 3], [2]], /matrix is missing/],
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
  const lower = () => lowerLayer(LAYER_KERNELS.get(layer.type!)!, layer, { g, phase, bottoms, params: [] });
  expect(lower).toThrow(LayerError);
  expect(lower).toThrow(message);
});
