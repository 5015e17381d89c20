import { buildNetGraph, type NetGraph } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import type { CanonicalPlan } from '../quantizers/canonical-plan.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { findChannelPairs } from './channel-pairs.ts';
import { equalize } from './equalize.ts';
import { keptOutputs } from './kept-outputs.ts';

const SHAPES = new Map([['data', [2, 3, 8, 8]]]);
const BATCH = new Map([['data', Float32Array.from({ length: 384 }, (_, i) => Math.sin(i * i) + 0.2)]]);

const graphOf = (layers: string, phase: 'TRAIN' | 'TEST' = 'TEST'): NetGraph =>
  buildNetGraph(parseNet(`layer { name: "in" type: "Input" top: "data" }\n${layers}`), { file: 'n.prototxt', phase })
    .graph;

const XAVIER = 'weight_filler { type: "xavier" }';
const conv = (name: string, bottom: string, count: number, more = '') =>
  `layer { name: "${name}" type: "Convolution" bottom: "${bottom}" top: "${name}" convolution_param { num_output: ${count} kernel_size: 3 pad: 1 ${XAVIER} bias_filler { type: "constant" value: 0.3 } ${more} } }\n`;
const ip = (name: string, bottom: string, count: number, more = '') =>
  `layer { name: "${name}" type: "InnerProduct" bottom: "${bottom}" top: "${name}" inner_product_param { num_output: ${count} ${XAVIER} ${more} } }\n`;
const layer = (type: string, name: string, bottom: string, more = '') =>
  `layer { name: "${name}" type: "${type}" bottom: "${bottom}" top: "${name}" ${more} }\n`;
const relu = (bottom: string, more = '') =>
  `layer { name: "relu_${bottom}" type: "ReLU" bottom: "${bottom}" top: "${bottom}" ${more} }\n`;
const normalized = (bottom: string, more = '') =>
  layer('BatchNorm', `bn_${bottom}`, bottom, more) + layer('Scale', `scale_${bottom}`, `bn_${bottom}`, 'scale_param { bias_term: true }'); // prettier-ignore

/** All layers with weights, with one scale for all of theirs. */
function planOf(graph: NetGraph, clips: readonly string[] = []): CanonicalPlan {
  const layers = graph.layers.filter(({ type }) => /Convolution|Deconvolution|InnerProduct/.test(type));
  return {
    batchNum: 1,
    layers: layers.map(({ name, type }) => ({ name, type, quantizer: name, channelWise: false })),
    quantizers: layers.map(({ name, bottoms }) => ({
      ...{ name, blob: bottoms[0]!.id, layers: [name], fixedMin: false, lrMult: 1, decayMult: 0 },
      ...(clips.includes(name) && { clip: { max: 6, min: -6 } }),
    })),
  };
}

/** Weights with rows of very different range in all layers but the last, and statistics that are not those of an identity. */
function weightsOf(graph: NetGraph) {
  const weights = initialWeights(graph, SHAPES, 3);
  for (const { name, type } of graph.layers) {
    const [first, second, third] = weights.get(name) ?? [];
    if (/Convolution|InnerProduct/.test(type) && name !== graph.layers.at(-1)!.name) {
      const row = first!.length / (second?.length ?? 4);
      first!.forEach((value, i) => (first![i] = value * 10 ** ((Math.floor(i / row) % 4) / 2)));
    } else if (type === 'BatchNorm') {
      first!.forEach((_, i) => (first![i] = 2 * i));
      second!.forEach((_, i) => (second![i] = 2 * (0.3 + i)));
      third![0] = 2;
    } else if (type === 'Scale') {
      first!.forEach((_, i) => (first![i] = (i % 2 ? -1 : 1) * (0.5 + i)));
      second!.forEach((_, i) => (second![i] = 0.1 * i));
    }
  }
  return weights;
}

function run(graph: NetGraph, others: readonly NetGraph[] = []) {
  const weights = weightsOf(graph);
  const found = equalize({ graphs: [graph, ...others], inputShapes: SHAPES, weights, plan: planOf(graph) });
  return { weights, found, after: new Map([...weights, ...found.weights]) };
}

const maximum = (values: Iterable<number>) => [...values].reduce((most, value) => Math.max(most, Math.abs(value)), 0);

test('a pair is scaled by the square root of the ratio of its ranges', () => {
  const graph = graphOf(conv('a', 'data', 4) + relu('a') + ip('b', 'a', 5));
  const { weights, after } = run(graph);
  const [a, bias] = weights.get('a')!;
  const [b] = weights.get('b')!;
  const factors = [0, 1, 2, 3].map((channel) => {
    const row = a!.slice(channel * 27, channel * 27 + 27);
    const columns = b!.filter((_, i) => Math.floor((i % 256) / 64) === channel);
    return Math.sqrt(maximum(row) / maximum(columns));
  });
  const expected = [
    a!.map((value, i) => value / factors[Math.floor(i / 27)]!),
    bias!.map((value, i) => value / factors[i]!),
    b!.map((value, i) => value * factors[Math.floor((i % 256) / 64)]!),
  ];
  const actual = [...after.get('a')!, after.get('b')![0]!];
  expected.forEach((blob, i) => blob.forEach((value, j) => expect(actual[i]![j]).toBeCloseTo(value, 4)));
});

const SAME: readonly (readonly [string, string, number])[] = [
  ['a chain with pools and an in-place PReLU', conv('a', 'data', 4) + relu('a') + layer('Pooling', 'p', 'a', 'pooling_param { pool: MAX kernel_size: 2 stride: 2 }') + conv('b', 'p', 4) + `layer { name: "pr" type: "PReLU" bottom: "b" top: "b" }` + layer('Pooling', 'q', 'b', 'pooling_param { pool: AVE kernel_size: 2 stride: 2 pad: 1 }') + layer('Dropout', 'd', 'q') + layer('Flatten', 'f', 'd') + ip('c', 'f', 5), 2], // prettier-ignore
  ['groups', conv('a', 'data', 8) + relu('a') + conv('b', 'a', 8, 'group: 4') + relu('b') + conv('c', 'b', 4, 'group: 2'), 2], // prettier-ignore
  ['a depthwise layer', conv('a', 'data', 4) + relu('a') + conv('b', 'a', 4, 'group: 4') + relu('b') + conv('c', 'b', 4), 2], // prettier-ignore
  ['a transposed InnerProduct', conv('a', 'data', 4) + relu('a') + ip('b', 'a', 4, 'transpose: true') + relu('b') + ip('c', 'b', 3), 2], // prettier-ignore
  ['a Deconvolution with groups', conv('a', 'data', 4) + relu('a') + conv('b', 'a', 8, 'group: 2').replace('"Convolution"', '"Deconvolution"') + relu('b') + conv('c', 'b', 3), 2], // prettier-ignore
  ['BatchNorm and Scale', conv('a', 'data', 4) + normalized('a') + relu('scale_a', 'relu_param { negative_slope: 0.1 }') + conv('b', 'scale_a', 4, 'bias_term: false') + normalized('b') + relu('scale_b') + ip('c', 'scale_b', 5), 2], // prettier-ignore
];

describe.each(SAME)('%s', (_name, layers, count) => {
  const graph = graphOf(layers);
  const { weights, found, after } = run(graph);
  test('computes what it did', async () => {
    expect(found.leftOut).toEqual([]);
    expect(found.pairs).toHaveLength(count);
    const sqnr = await keptOutputs({ graph, inputShapes: SHAPES, before: weights, after, batch: BATCH });
    expect(sqnr).toBeGreaterThan(100);
  });

  test('has weights of less noise where the rows of a layer were far apart', () => {
    const sum = (of: 'before' | 'after') => found.layers.reduce((total, each) => total + each[of], 0);
    expect(sum('after')).toBeGreaterThan(sum('before'));
  });
});

test('behind a BatchNorm on stored statistics all rows get the range of the largest', () => {
  const { found, after } = run(graphOf(SAME.at(-1)![1]));
  expect(found.normalized).toEqual([
    { layer: 'a', batchNorm: 'bn_a' },
    { layer: 'b', batchNorm: 'bn_b' },
  ]);
  for (const [name, row] of [
    ['a', 27],
    ['b', 36],
  ] as const) {
    // prettier-ignore
    const [blob] = after.get(name)!;
    const ranges = [0, 1, 2, 3].map((channel) => maximum(blob!.slice(channel * row, (channel + 1) * row)));
    for (const range of ranges) expect(range / ranges[0]!).toBeCloseTo(1, 5);
  }
});

test('in training, where BatchNorm follows the batches, only Scale is touched', () => {
  const graph = graphOf(SAME.at(-1)![1], 'TRAIN');
  const { found } = run(graph);
  expect(found.normalized).toEqual([]);
  expect([...found.weights.keys()].sort()).toEqual(['b', 'c', 'scale_a', 'scale_b']);
});

const CHAIN = conv('a', 'data', 4) + relu('a');
test.each([
  [
    'another reader',
    CHAIN + conv('b', 'a', 4) + conv('c', 'a', 4),
    'b',
    `'a' before it is read by Convolution "c" as well`,
  ],
  [
    'a sum',
    CHAIN +
      conv('s', 'data', 4) +
      `layer { name: "e" type: "Eltwise" bottom: "a" bottom: "s" top: "e" }` +
      conv('b', 'e', 4),
    'b',
    'Eltwise "e" before it joins or splits channels',
  ],
  [
    'a Sigmoid',
    CHAIN + layer('Sigmoid', 's', 'a') + conv('b', 's', 4),
    'b',
    'Sigmoid "s" before it does not let a factor through',
  ],
  [
    'ReLU6',
    conv('a', 'data', 4) + relu('a', 'relu_param { relu6: true }') + conv('b', 'a', 4),
    'b',
    'ReLU "relu_a" before it ends at 6',
  ],
  ['LRN', CHAIN + layer('LRN', 'l', 'a') + conv('b', 'l', 4), 'b', 'LRN "l" before it does not let a factor through'],
  [
    'BatchNorm alone',
    CHAIN + layer('BatchNorm', 'n', 'a') + conv('b', 'n', 4),
    'b',
    'BatchNorm "n" before it has no Scale behind it that could take a factor',
  ],
  [
    'shared weights',
    conv('a', 'data', 3).replace('top: "a"', 'top: "a" param { name: "w" }') +
      conv('b', 'a', 3).replace('top: "b"', 'top: "b" param { name: "w" }'),
    'b',
    'Convolution "b" shares its weights with another layer',
  ],
])('%s is left out by name', (_name, layers, second, reason) => {
  // prettier-ignore
  const graph = graphOf(layers);
  expect(findChannelPairs(graph, planOf(graph)).leftOut).toContainEqual({ layer: second, reason });
});

test('a range of the config keeps a pair as it is, and so does a layer that stays float', () => {
  const graph = graphOf(CHAIN + conv('b', 'a', 4));
  expect(findChannelPairs(graph, planOf(graph, ['b'])).leftOut).toEqual([
    { layer: 'b', reason: 'quant.cfg gives the range of the input of "b"' },
  ]);
  const plan = planOf(graph);
  const skipped = { ...plan, layers: plan.layers.slice(1), quantizers: plan.quantizers.slice(1) };
  expect(findChannelPairs(graph, skipped).leftOut).toEqual([
    { layer: 'b', reason: 'Convolution "a" before it stays float' },
  ]);
});

test('what another form of the net reads as well is left out', () => {
  const graph = graphOf(CHAIN + conv('b', 'a', 4));
  const other = graphOf(CHAIN + conv('b', 'a', 4) + layer('Sigmoid', 's', 'a'));
  const { found } = run(graph, [other]);
  expect([found.pairs, found.weights.size]).toEqual([[], 0]);
  expect(found.leftOut).toEqual([{ layer: 'b', reason: `'a' before it is read by Sigmoid "s" as well` }]);
});
