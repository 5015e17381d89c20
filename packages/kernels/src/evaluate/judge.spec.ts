import { buildNetGraph } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { smallBatch, smallData, smallGraph, smallPlan } from '../testing/small-net.ts';
import { TestPass } from '../train/test-pass.ts';
import { Judge } from './judge.ts';

const UNLABELLED = `
layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 1 dim: 6 dim: 6 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 3 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip" inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
`;
const BOX = 'layer { name: "box" type: "Sigmoid" bottom: "conv" top: "box" }';
const graphOf = (text: string) => buildNetGraph(parseNet(text), { file: 'net.prototxt', phase: 'TEST' }).graph;

test('an accuracy judges where there is one', () => {
  const judge = Judge.of(smallGraph('TEST'))!;
  expect([judge.name, judge.needsReference]).toEqual(['accuracy', false]);
  expect(judge.figure({ accuracy: 0.9, loss: 3 })).toBe(0.9);
  expect(judge.figure({ loss: 3 })).toBeUndefined();
});

test.each([
  ['one output', UNLABELLED, 'ip SQNR dB', { 'ip SQNR dB': 30 }, 30],
  ['the mean of several', UNLABELLED + BOX, 'mean SQNR dB', { 'ip SQNR dB': 30, 'box SQNR dB': 21 }, 25.5],
])('without accuracy and loss, the ratio of %s to the float net judges', (_, text, name, metrics, figure) => {
  const judge = Judge.of(graphOf(text))!;
  expect([judge.name, judge.needsReference]).toEqual([name, true]);
  expect(judge.figure(metrics)).toBe(figure);
  expect([judge.prefers(31, 30), judge.prefers(29, 30), judge.prefers(NaN, undefined)]).toEqual([true, false, false]);
});

test('a test with a reference gives what it judges by, on some batches as on all records', async () => {
  const graph = graphOf(UNLABELLED);
  const labelled = smallData(40, 8);
  const shapes = (size?: number) => new Map([['data', labelled.inputShapes(size).get('data')!]]);
  const data = { ...labelled, inputShapes: shapes, batch: (i: number) => Promise.resolve(smallBatch(i * 8, 8)) };
  const weights = initialWeights(graph, shapes(8), 7);
  const plan = smallPlan();
  const { quantizers, layers, batchNum } = plan;
  const own = {
    batchNum,
    layers,
    quantizers: quantizers.map((each) => ({ ...each, blob: each.name === 'ip' ? 'conv' : each.blob })),
  };
  const clips = new Map([
    ['conv', { max: 0.6, min: -0.6 }],
    ['ip', { max: 0.6, min: -0.6 }],
  ]);
  const judge = Judge.of(graph)!;
  const figures = [];
  for (const batches of [undefined, 5, 1]) {
    const pass = new TestPass({ graph, data, batches, plan: own, reference: weights });
    figures.push(judge.figure(await pass.run(0, weights, clips))!);
    await pass.close();
  }
  const [whole, all, some] = figures as [number, number, number];
  expect(whole).toBeGreaterThan(3);
  expect(whole).toBeLessThan(60);
  expect(all).toBeCloseTo(whole, 6);
  expect(some).not.toBeCloseTo(whole, 3);
});
