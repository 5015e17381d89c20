import { buildNetGraph } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import { NetRunner } from '../net/net-runner.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { smallBatch, smallShapes } from '../testing/small-net.ts';
import { reestimateBatchNorm } from './reestimate-batch-norm.ts';

const graph = buildNetGraph(
  parseNet(`
layer { name: "in" type: "Input" top: "data" top: "label" }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 3 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "bn" batch_norm_param { moving_average_fraction: 0.5 } }
layer { name: "ip" type: "InnerProduct" bottom: "bn" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }`),
  { file: 'bn.prototxt', phase: 'TRAIN' },
).graph;
const inputShapes = smallShapes(8);
const weights = initialWeights(graph, inputShapes, 5);
const batch = (index: number) => Promise.resolve(smallBatch(index * 8, 8));

test('the statistics are the plain means over the batches; all other weights stay', async () => {
  const batches = 3;
  const estimated = await reestimateBatchNorm({ graph, inputShapes, weights, batches, batch });
  // In float64, of the convolution's outputs.
  const runner = await NetRunner.create({ graph, inputShapes, weights, outputs: ['conv'], until: 'conv' });
  const [means, variances] = [new Float64Array(3), new Float64Array(3)];
  const count = 8 * 16;
  for (let index = 0; index < batches; index++) {
    const { data } = (await runner.run(await batch(index))).get('conv')!;
    for (let channel = 0; channel < 3; channel++) {
      const values = [...data].filter((_, i) => Math.floor(i / 16) % 3 === channel);
      const mean = values.reduce((sum, value) => sum + value, 0) / count;
      means[channel]! += mean;
      variances[channel]! += values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
    }
  }
  await runner.close();
  const [mean, variance, factor] = estimated.get('bn')!;
  expect([...factor!]).toEqual([batches]);
  for (let channel = 0; channel < 3; channel++) {
    expect(mean![channel]).toBeCloseTo(means[channel]!, 4);
    expect(variance![channel]).toBeCloseTo(variances[channel]!, 4);
  }
  for (const name of ['conv', 'ip']) expect(estimated.get(name)).toEqual(weights.get(name));
  expect(weights.get('bn')![2]).toEqual(Float32Array.of(0));
});

test('a net without BatchNorm keeps its weights', async () => {
  const without = { ...graph, layers: graph.layers.filter(({ type }) => type !== 'BatchNorm') };
  expect(await reestimateBatchNorm({ graph: without, inputShapes, weights, batches: 1, batch })).toBe(weights);
});
