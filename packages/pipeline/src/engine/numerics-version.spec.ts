import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildNetGraph, readNetText, readSolverText } from '@caffe-quant/caffe-io';
import { calibrate, initialWeights, NUMERICS_VERSION, Trainer } from '@caffe-quant/kernels';
import type { CanonicalPlan } from '@caffe-quant/resolver';
import { installedEngine } from './installed-engine.ts';
import { processorKind } from './processor-kind.ts';

/**
 * Holds the bytes that a short training makes to those recorded under this NUMERICS_VERSION, for the kinds of
 * processor that were at hand. RECORD_NUMERICS=1 records the bytes of a new one.
 */
const RECORDS = join(__dirname, 'fixtures/numerics.json');

const NET = `
name: "numerics"
layer { name: "in" type: "Input" top: "data" top: "label" }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
        convolution_param { num_output: 6 kernel_size: 5 weight_filler { type: "xavier" } } }
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { kernel_size: 2 stride: 2 } }
layer { name: "conv2" type: "Convolution" bottom: "pool1" top: "conv2"
        convolution_param { num_output: 16 kernel_size: 3 stride: 2 pad: 1 weight_filler { type: "xavier" } } }
layer { name: "relu" type: "ReLU" bottom: "conv2" top: "conv2" }
layer { name: "conv3" type: "Convolution" bottom: "conv2" top: "conv3"
        convolution_param { num_output: 32 kernel_size: 3 stride: 2 pad: 1 weight_filler { type: "xavier" } } }
layer { name: "ip" type: "InnerProduct" bottom: "conv3" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
`;
const SHAPES = new Map([
  ['data', [16, 1, 20, 20]],
  ['label', [16]],
]);
const LAYERS = [
  ['conv1', 'Convolution', 'data'],
  ['conv2', 'Convolution', 'pool1'],
  ['conv3', 'Convolution', 'conv2@1'],
  ['ip', 'InnerProduct', 'conv3'],
] as const;
const PLAN: CanonicalPlan = {
  batchNum: 1,
  layers: LAYERS.map(([name, type]) => ({ name, type, quantizer: name, channelWise: type === 'Convolution' })),
  quantizers: LAYERS.map(([name, , blob]) => ({
    name,
    blob,
    layers: [name],
    fixedMin: name === 'conv3',
    lrMult: 1,
    decayMult: 0,
  })),
};

function batch(index: number): Map<string, Float32Array> {
  const pixel = (_: unknown, i: number) => (((index * 7919 + i * 104729) % 997) / 997 - 0.3) * (1 + (i % 4));
  return new Map([
    ['data', Float32Array.from({ length: 16 * 400 }, pixel)],
    ['label', Float32Array.from({ length: 16 }, (_, i) => (i + index) % 4)],
  ]);
}

async function digestOfTraining(): Promise<string> {
  const { graph } = buildNetGraph(readNetText(NET, 'numerics.prototxt').net, {
    file: 'numerics.prototxt',
    phase: 'TRAIN',
  });
  const weights = initialWeights(graph, SHAPES, 1);
  const ranges = await calibrate({
    graph,
    inputShapes: SHAPES,
    weights,
    plan: PLAN,
    batch: (index) => Promise.resolve(batch(index)),
  });
  const trainer = await Trainer.create({
    graph,
    solver: readSolverText('base_lr: 0.01 lr_policy: "fixed" momentum: 0.9 weight_decay: 0.0005', 'solver').solver,
    inputShapes: SHAPES,
    weights,
    plan: PLAN,
    clips: new Map(ranges.map(({ name, clip }) => [name, clip])),
  });
  for (let i = 0; i < 20; i++) await trainer.step(batch(i));
  const hash = createHash('sha256');
  for (const blobs of (await trainer.weights()).values())
    for (const blob of blobs) hash.update(new Uint8Array(blob.buffer));
  hash.update(JSON.stringify([...trainer.clips()]));
  await trainer.close();
  return hash.digest('hex');
}

test('the bytes of a training are those of this NUMERICS_VERSION', async () => {
  const { onnxruntime } = installedEngine(process.cwd());
  const kind = `version ${NUMERICS_VERSION}, onnxruntime ${onnxruntime}, ${processorKind()}`;
  const records = existsSync(RECORDS) ? (JSON.parse(readFileSync(RECORDS, 'utf8')) as Record<string, string>) : {};
  const digest = await digestOfTraining();
  if (process.env['RECORD_NUMERICS'] === '1') {
    writeFileSync(RECORDS, JSON.stringify({ ...records, [kind]: digest }, null, 2) + '\n');
  } else if (records[kind] === undefined) {
    console.warn(`no bytes are recorded for ${kind}: nothing to compare with`);
  } else {
    expect({ kind, digest, advice: 'other bytes need another NUMERICS_VERSION' }).toMatchObject({
      digest: records[kind],
    });
  }
});
