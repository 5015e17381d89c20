import { createHash } from 'node:crypto';
import { buildNetGraph, readNetText, readSolverText } from '@caffe-quant/caffe-io';
import type { CanonicalPlan } from '../quantizers/canonical-plan.ts';
import { initialWeights } from '../fillers/initial-weights.ts';
import { Trainer } from './trainer.ts';

const unit = (name: string, bottom: string, settings: string) => `
layer { name: "${name}" type: "Convolution" bottom: "${bottom}" top: "${name}" convolution_param {
  ${settings} bias_term: false weight_filler { type: "msra" } } }
layer { name: "${name}_bn" type: "BatchNorm" bottom: "${name}" top: "${name}" }
layer { name: "${name}_scale" type: "Scale" bottom: "${name}" top: "${name}" scale_param { bias_term: true } }
layer { name: "${name}_relu" type: "ReLU" bottom: "${name}" top: "${name}" }`;

/** A convolution of every kind that runs in blocks of channels. */
const NET = `name: "blocks"
layer { name: "in" type: "Input" top: "data" top: "label" }
${unit('image', 'data', 'num_output: 16 kernel_size: 7 stride: 2 pad: 3')}
layer { name: "pool" type: "Pooling" bottom: "image" top: "pool" pooling_param { kernel_size: 3 stride: 2 } }
${unit('dense', 'pool', 'num_output: 16 kernel_size: 3 pad: 1')}
layer { name: "sum" type: "Eltwise" bottom: "pool" bottom: "dense" top: "sum" }
${unit('strided', 'sum', 'num_output: 64 kernel_size: 3 stride: 2 pad: 1')}
${unit('depthwise', 'strided', 'num_output: 64 group: 64 kernel_size: 3 stride: 2 pad: 1')}
${unit('pointwise', 'depthwise', 'num_output: 32 kernel_size: 1')}
${unit('grouped', 'pointwise', 'num_output: 32 group: 2 kernel_size: 3 pad: 2 dilation: 2')}
layer { name: "ip" type: "InnerProduct" bottom: "grouped" top: "ip" inner_product_param {
  num_output: 5 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }`;

test.each([1, 3, 16])('batches of %d: the same bytes for any number of threads', async (n) => {
  const { graph } = buildNetGraph(readNetText(NET, 'blocks.prototxt').net, { file: 'blocks.prototxt', phase: 'TRAIN' });
  const inputShapes = new Map([
    ['data', [n, 3, 64, 56]],
    ['label', [n]],
  ]);
  const layers = graph.layers.filter(({ type }) => type === 'Convolution' || type === 'InnerProduct');
  const plan: CanonicalPlan = {
    batchNum: 1,
    layers: layers.map(({ name, type }) => ({ name, type, quantizer: name, channelWise: type === 'Convolution' })),
    quantizers: layers.map(({ name, bottoms }) => ({
      ...{ name, blob: bottoms[0]!.id, layers: [name], fixedMin: false, lrMult: 1, decayMult: 0 },
    })),
  };
  const options = {
    graph,
    solver: readSolverText('base_lr: 0.01 lr_policy: "fixed" momentum: 0.9 weight_decay: 0.001', 'solver').solver,
    inputShapes,
    weights: initialWeights(graph, inputShapes, 1),
    plan,
    clips: new Map(layers.map(({ name }) => [name, { max: 3, min: -3 }])),
  };
  const batch = new Map([
    ['data', Float32Array.from({ length: n * 3 * 64 * 56 }, (_, i) => 2 * Math.sin(0.37 * i))],
    ['label', Float32Array.from({ length: n }, (_, i) => i % 5)],
  ]);
  const digests = new Set<string>();
  for (const threads of [1, 2, 3, 8]) {
    const trainer = await Trainer.create({ ...options, threads });
    for (let i = 0; i < 3; i++) await trainer.step(batch);
    const hash = createHash('sha256').update(JSON.stringify([...trainer.clips()]));
    for (const blobs of (await trainer.weights()).values()) {
      for (const { buffer, byteOffset, byteLength } of blobs)
        hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
    digests.add(hash.digest('hex'));
    await trainer.close();
  }
  expect(digests.size).toBe(1);
});
