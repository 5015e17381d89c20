import { buildNetGraph, type NetGraph } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import { NetRunner } from '../net/net-runner.ts';
import { quantizeWeights } from '../quantizers/arq.ts';
import type { CanonicalPlan } from '../quantizers/canonical-plan.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { rowLayer, samplePositions } from './layer-rows.ts';
import { learnRounding } from './round-weights.ts';

const SHAPE = [2, 4, 7, 6];
const SHAPES = new Map([['data', SHAPE]]);
/** Channels that say nearly the same: errors of rounding add up in them, and can be made to cancel. */
const batch = (index: number) =>
  Promise.resolve(
    new Map([
      ['data', Float32Array.from({ length: 336 }, (_, i) => 1 + Math.sin((i % 42) + index) + 0.1 * Math.sin(i * i))],
    ]),
  );

const filler = 'weight_filler { type: "xavier" } bias_filler { type: "constant" value: 0.5 }';
const conv = (name: string, bottom: string, text: string, type = 'Convolution') =>
  `layer { name: "${name}" type: "${type}" bottom: "${bottom}" top: "${name}" convolution_param { ${text} ${filler} } }\n`;
const ip = (name: string, bottom: string, text: string) =>
  `layer { name: "${name}" type: "InnerProduct" bottom: "${bottom}" top: "${name}" inner_product_param { ${text} ${filler} } }\n`;
const graphOf = (layers: string): NetGraph =>
  buildNetGraph(parseNet(`layer { name: "in" type: "Input" top: "data" }\n${layers}`), { file: 'n', phase: 'TEST' })
    .graph;

const LAYERS: [string, string][] = [
  ['a convolution', conv('a', 'data', 'num_output: 3 kernel_h: 3 kernel_w: 2 stride: 2 pad: 1')],
  ['in groups, dilated', conv('a', 'data', 'num_output: 6 kernel_size: 2 group: 2 dilation: 2')],
  ['depthwise', conv('a', 'data', 'num_output: 4 kernel_size: 3', 'DepthwiseConvolution')],
  ['an InnerProduct', ip('a', 'data', 'num_output: 5')],
  ['one that is transposed, of an inner axis', ip('a', 'data', 'num_output: 5 axis: 2 transpose: true')],
];

test.each(LAYERS)('%s is the product of its rows', async (_, text) => {
  const graph = graphOf(text);
  const weights = initialWeights(graph, SHAPES, 3);
  const layer = graph.layers.find(({ name }) => name === 'a')!;
  const rows = rowLayer(layer, SHAPE);
  if (typeof rows === 'string') throw new Error(rows);
  const data = await batch(0);
  const runner = await NetRunner.create({ graph, inputShapes: SHAPES, weights, outputs: ['a'] });
  const top = (await runner.run(data)).get('a')!;
  await runner.close();
  const { groups, inputs, outputs } = rows;
  const [blob, bias] = weights.get('a')!;
  const bottom = { shape: SHAPE, data: data.get('data')! };
  const row = new Float32Array(inputs);
  expect(rows.positionsIn(SHAPE) * groups * outputs).toBe(top.data.length);
  for (let position = 0; position < rows.positionsIn(SHAPE); position++) {
    for (let group = 0; group < groups; group++) {
      rows.readRow(bottom, position, group, row, 0);
      for (let o = 0; o < outputs; o++) {
        const sum = row.reduce(
          (total, x, k) => total + x * blob![rows.weightAt(group, k, o)]!,
          bias![group * outputs + o]!,
        );
        expect(top.data[rows.topAt(top.shape, position, group, o)]).toBeCloseTo(sum, 4);
      }
    }
  }
});

test('positions are drawn once each, over all batches, the same ones every time', () => {
  const drawn = samplePositions('a', [3, 2], 9);
  expect(drawn.map(({ batch: from, position }) => `${from}/${position}`).sort()).toEqual([
    '0/0',
    '0/1',
    '0/2',
    '1/0',
    '1/1',
  ]);
  expect(samplePositions('a', [3, 2], 9)).toEqual(drawn);
  expect(samplePositions('a', [1000, 1000], 9)).toHaveLength(9);
  expect(samplePositions('b', [1000, 1000], 9)).not.toEqual(samplePositions('a', [1000, 1000], 9));
});

const planOf = (graph: NetGraph, channelWise: boolean): CanonicalPlan => {
  const layers = graph.layers.filter(({ type }) => /onvolution|InnerProduct/.test(type));
  return {
    batchNum: 3,
    layers: layers.map(({ name, type }) => ({ name, type, quantizer: name, channelWise })),
    quantizers: layers.map(({ name, bottoms }) => ({
      ...{ name, blob: bottoms[0]!.id, layers: [name], fixedMin: false, lrMult: 1, decayMult: 0 },
    })),
  };
};
const clips = new Map(['a', 'b'].map((name) => [name, { max: 4, min: -4 }]));
const learned = (graph: NetGraph, channelWise = true) => {
  const weights = initialWeights(graph, SHAPES, 3);
  const plan = planOf(graph, channelWise);
  return { weights, result: learnRounding({ graph, inputShapes: SHAPES, weights, plan, clips, batch }) };
};

test.each([true, false])(
  'weights are rounded otherwise, on the grid and with the scales that they had; outputs come nearer (per channel: %p)',
  async (channelWise) => {
    const graph = graphOf(
      conv('a', 'data', 'num_output: 3 kernel_size: 3') + conv('b', 'a', 'num_output: 4 kernel_size: 2'),
    );
    const { weights, result } = learned(graph, channelWise);
    const { layers, weights: changed, leftOut } = await result;
    expect(leftOut).toEqual([]);
    expect(layers.map(({ layer, of }) => [layer, of])).toEqual([['a', 108], ['b', 48]]); // prettier-ignore
    const [first] = layers;
    expect(first!.changed).toBeGreaterThan(10);
    expect(first!.after).toBeGreaterThan(first!.before + 1);
    for (const [name, [blob, bias]] of changed) {
      const shape = name === 'a' ? [3, 4, 3, 3] : [4, 3, 2, 2];
      const [before, after] = [weights.get(name)![0]!, blob!].map((each) =>
        quantizeWeights(each, shape, channelWise ? 0 : undefined),
      );
      expect(after!.scales).toEqual(before!.scales);
      const distances = [...after!.quantized].map((step, i) => Math.abs(step - before!.quantized[i]!));
      expect(Math.max(...distances)).toBe(1);
      expect(distances.filter((distance) => distance > 0)).toHaveLength(
        layers.find(({ layer }) => layer === name)!.changed,
      );
      expect(bias).toEqual(weights.get(name)![1]);
    }
    expect(await learned(graph, channelWise).result).toEqual(await result);
  },
);

test.each([
  ['a transposed convolution', conv('a', 'data', 'num_output: 3 kernel_size: 2', 'Deconvolution'), /no products/],
  ['channels elsewhere', conv('a', 'data', 'num_output: 3 kernel_size: 2 axis: 2'), /not on axis 1 but on 2/],
  ['too few rows', ip('a', 'data', 'num_output: 5'), /^the calibration data have 6 rows of it, and it takes 16$/],
])('%s is left out, with the reason', async (_, text, reason) => {
  const { layers, weights, leftOut } = await learned(graphOf(text), false).result;
  expect([layers, weights.size]).toEqual([[], 0]);
  expect(leftOut).toEqual([{ layer: 'a', reason: expect.stringMatching(reason) as string }]);
});
