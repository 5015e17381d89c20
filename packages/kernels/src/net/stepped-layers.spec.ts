import { buildNetGraph } from '@caffe-quant/caffe-io';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { lowerNet } from './lower-net.ts';
import { steppedLayers } from './stepped-layers.ts';

/** A layer from "a" to "b" between two others. */
const stepped = (layer: string, phase: 'TRAIN' | 'TEST' = 'TEST'): string[] => {
  const { graph } = buildNetGraph(
    parseNet(`
layer { name: "in" type: "Input" top: "x" }
layer { name: "before" type: "Power" bottom: "x" top: "a" }
layer { name: "it" bottom: "a" top: "b" ${layer} }
layer { name: "behind" type: "ReLU" bottom: "b" top: "c" }
layer { name: "beside" type: "ReLU" bottom: "a" top: "d" }
`),
    { file: 'net.prototxt', phase },
  );
  const net = lowerNet(new GraphBuilder(), graph, { inputShapes: new Map([['x', [2, 3, 4, 4]]]) });
  const isStepped = steppedLayers(net);
  return graph.layers.filter((each) => each.type !== 'Input' && isStepped(each)).map(({ name }) => name);
};

test.each([
  ['Quant', String.raw`type: "Quant" quant_param { scale: 10 offset: "\001" }`],
  ['DeQuant', 'type: "DeQuant" dequant_param { channel_wise: false }'],
  ['a layer without a backward pass', 'type: "Threshold"'],
])('%s takes steps, and what is behind it', (_, layer) => {
  expect(stepped(layer)).toEqual(['it', 'behind']);
});

test('pooling takes steps where it draws its choice', () => {
  const pooling = (pool: string) => `type: "Pooling" pooling_param { pool: ${pool} kernel_size: 2 }`;
  expect(stepped(pooling('STOCHASTIC'), 'TRAIN')).toEqual(['it', 'behind']);
  expect(stepped(pooling('MAX'), 'TRAIN')).toEqual([]);
});
