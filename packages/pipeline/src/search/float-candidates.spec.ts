import { buildNetGraph, readNetText } from '@caffe-quant/caffe-io';
import type { LayerResult } from '@caffe-quant/report';
import { floatCandidates, mostFloatLayers, mostSensitive } from './float-candidates.ts';

const ip = (name: string, shared = '') =>
  `layer { name: "${name}" type: "InnerProduct" bottom: "data" top: "${name}" ${shared && `param { name: "${shared}" }`} inner_product_param { num_output: 2 } }`;

const graphOf = (...layers: string[]) => {
  const data = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 2 } } }';
  return buildNetGraph(readNetText([data, ...layers].join('\n'), 'net.prototxt').net, {
    file: 'net.prototxt',
    phase: 'TEST',
  }).graph;
};

const layer = (name: string, sensitivity?: number, quantized = true): LayerResult => ({
  ...{ name, type: 'InnerProduct', quantized, reason: '' },
  ...(sensitivity !== undefined && { sensitivity }),
});

test('the layers whose quantization costs most come first, those that were not measured last', () => {
  const graph = graphOf(ip('a'), ip('b'), ip('c'), ip('d'));
  const found = floatCandidates(graph, [layer('a', 40), layer('b'), layer('c', 20), layer('d', 10, false)]);
  expect(found).toEqual([{ layers: ['c'], sensitivity: 20 }, { layers: ['a'], sensitivity: 40 }, { layers: ['b'] }]);
});

test('layers that share their weights come together', () => {
  const graph = graphOf(ip('a', 'w'), ip('b'), ip('c', 'w'));
  const found = floatCandidates(graph, [layer('a', 40), layer('b', 30), layer('c', 20)]);
  expect(found).toEqual([
    { layers: ['a', 'c'], sensitivity: 20 },
    { layers: ['b'], sensitivity: 30 },
  ]);
  expect([1, 2, 3].map((count) => mostSensitive(found, count))).toEqual([[], ['a', 'c'], ['a', 'c', 'b']]);
});

test.each([
  [1, undefined, 0],
  [2, undefined, 1],
  [3, undefined, 1],
  [20, undefined, 5],
  [20, 2, 2],
  [4, 9, 3],
  [4, 0, 0],
])('of %i quantized layers, asked %p: %i', (count, asked, most) => {
  const candidates = Array.from({ length: count }, (_, i) => ({ layers: [`l${i}`] }));
  expect(mostFloatLayers(candidates, asked)).toBe(most);
});
