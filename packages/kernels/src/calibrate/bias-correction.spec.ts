import { buildNetGraph, type NetGraph } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import { NetRunner } from '../net/net-runner.ts';
import type { NetWeights } from '../net/net-params.ts';
import type { CanonicalPlan, ClipRange } from '../quantizers/canonical-plan.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { correctBiases } from './bias-correction.ts';

const SHAPES = new Map([['data', [2, 3, 6, 6]]]);
const batch = (index: number) =>
  Promise.resolve(new Map([['data', Float32Array.from({ length: 216 }, (_, i) => Math.sin(i * i + index) + 0.4)]]));

const NET = `
layer { name: "in" type: "Input" top: "data" }
layer { name: "a" type: "Convolution" bottom: "data" top: "a" convolution_param { num_output: 4 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "relu" type: "ReLU" bottom: "a" top: "a" }
layer { name: "b" type: "Convolution" bottom: "a" top: "b" convolution_param { num_output: 4 kernel_size: 3 bias_term: false weight_filler { type: "xavier" } } }
layer { name: "bn" type: "BatchNorm" bottom: "b" top: "bn" }
layer { name: "c" type: "InnerProduct" bottom: "bn" top: "c" inner_product_param { num_output: 5 weight_filler { type: "xavier" } } }
`;
const graphOf = (text: string, phase: 'TRAIN' | 'TEST' = 'TEST'): NetGraph =>
  buildNetGraph(parseNet(text), { file: 'n.prototxt', phase }).graph;

const QUANTIZED = /Convolution|InnerProduct/;
function planOf(graph: NetGraph): CanonicalPlan {
  const layers = graph.layers.filter(({ type }) => QUANTIZED.test(type));
  return {
    batchNum: 2,
    layers: layers.map(({ name, type }) => ({ name, type, quantizer: name, channelWise: false })),
    quantizers: layers.map(({ name, bottoms }) => ({
      ...{ name, blob: bottoms[0]!.id, layers: [name], fixedMin: false, lrMult: 1, decayMult: 0 },
    })),
  };
}

function weightsOf(graph: NetGraph): NetWeights {
  const weights = initialWeights(graph, SHAPES, 5);
  for (const { name, type } of graph.layers) {
    if (type !== 'BatchNorm') continue;
    const [mean, variance, factor] = weights.get(name)!;
    mean!.fill(0.2);
    variance!.fill(2);
    factor!.fill(2);
  }
  return weights;
}

/** Ranges that cut off, so that means move. */
const CLIPS = new Map<string, ClipRange>([
  ['a', { max: 1, min: -0.3 }],
  ['b', { max: 0.4, min: 0 }],
  ['c', { max: 0.9, min: -0.9 }],
]);

/** Channel means of a blob over both batches. */
async function meansOf(graph: NetGraph, blob: string, weights: NetWeights, clips?: typeof CLIPS): Promise<number[]> {
  const quantized = clips && { plan: planOf(graph), clips };
  const runner = await NetRunner.create({ graph, weights, inputShapes: SHAPES, outputs: [blob], ...quantized });
  const outputs = [await runner.run(await batch(0)), await runner.run(await batch(1))].map((run) => run.get(blob)!);
  await runner.close();
  const { shape } = outputs[0]!;
  const area = shape.slice(2).reduce((product, axis) => product * axis, 1);
  return Array.from({ length: shape[1]! }, (_, channel) => {
    const own = outputs.flatMap(({ data }) => [...data].filter((_, i) => Math.floor(i / area) % shape[1]! === channel));
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
}

test('afterwards the means of all channels are those of the float net, layer after layer', async () => {
  const graph = graphOf(NET);
  const weights = weightsOf(graph);
  const input = { graph, inputShapes: SHAPES, weights, plan: planOf(graph), clips: CLIPS, batch };
  const { weights: changed, layers, leftOut } = await correctBiases(input);
  const after = new Map([...weights, ...changed]);
  expect(leftOut).toEqual([]);
  expect(layers.map(({ layer, corrected }) => [layer, corrected])).toEqual([
    ['a', 'a'],
    ['b', 'bn'],
    ['c', 'c'],
  ]);
  for (const blob of ['a', 'bn', 'c']) {
    const expected = await meansOf(graph, blob, weights);
    const [before, now] = [await meansOf(graph, blob, weights, CLIPS), await meansOf(graph, blob, after, CLIPS)];
    const off = (means: number[]) => Math.max(...means.map((mean, i) => Math.abs(mean - expected[i]!)));
    expect(off(before)).toBeGreaterThan(0.01);
    expect(off(now)).toBeLessThan(1e-4);
  }
  for (const { before, after: corrected } of layers) expect(corrected).toBeGreaterThan(before);
});

test('with other weights, such as rounded ones, the means become those of the net that they were made of', async () => {
  const graph = graphOf(NET);
  const floatWeights = weightsOf(graph);
  const [kernel, ...others] = floatWeights.get('a')!;
  const weights = new Map([...floatWeights, ['a', [kernel!.map((value) => value + 0.05), ...others]]]);
  const input = { graph, inputShapes: SHAPES, weights, floatWeights, plan: planOf(graph), clips: CLIPS, batch };
  const { weights: changed } = await correctBiases(input);
  const after = await meansOf(graph, 'a', new Map([...weights, ...changed]), CLIPS);
  (await meansOf(graph, 'a', floatWeights)).forEach((mean, channel) => expect(after[channel]).toBeCloseTo(mean, 4));
});

test('the effect that is told of the first layer is that of its definition', async () => {
  const graph = graphOf(NET);
  const weights = weightsOf(graph);
  const input = { graph, inputShapes: SHAPES, weights, plan: planOf(graph), clips: CLIPS, batch };
  const [first] = (await correctBiases(input)).layers;
  const [expected, actual] = [await meansOf(graph, 'a', weights), await meansOf(graph, 'a', weights, CLIPS)];
  const largest = Math.max(...actual.map((mean, i) => Math.abs(mean - expected[i]!)));
  expect(first!.largestShift).toBeCloseTo(largest, 5);
});

test.each([
  [
    'no bias',
    'TEST',
    NET.replace('type: "BatchNorm"', 'type: "Sigmoid"'),
    'b',
    'it has no bias, and no BatchNorm alone is behind it',
  ],
  [
    'statistics of the batch',
    'TRAIN',
    NET,
    'b',
    'BatchNorm "bn" behind it takes the mean of each batch out while it trains; batchNorm: freeze keeps the stored one',
  ],
  [
    'shared parameters',
    'TEST',
    NET.replace('top: "a" conv', 'top: "a" param { name: "w" } conv') +
      '\nlayer { name: "d" type: "Convolution" bottom: "data" top: "d" param { name: "w" } convolution_param { num_output: 4 kernel_size: 3 } }',
    'a',
    'it shares its parameters with another layer',
  ],
] as const)('a layer with %s is left out by name', async (_name, phase, text, layer, reason) => {
  // prettier-ignore
  const graph = graphOf(text, phase);
  const clips = new Map([...CLIPS, ['d', { max: 1, min: -1 }] as const]);
  const input = { graph, inputShapes: SHAPES, weights: weightsOf(graph), plan: planOf(graph), clips, batch };
  expect((await correctBiases(input)).leftOut).toContainEqual({ layer, reason });
});
