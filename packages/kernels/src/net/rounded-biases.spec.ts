import { buildNetGraph, readSolverText } from '@caffe-quant/caffe-io';
import type { CanonicalPlan } from '../quantizers/canonical-plan.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { Trainer } from '../train/trainer.ts';
import { NetRunner } from './net-runner.ts';

const layer = (name: string, type: string, bottom: string, top: string, rest = ''): string =>
  `layer { name: "${name}" type: "${type}" bottom: "${bottom}" top: "${top}" ${rest} }\n`;
const input = (...tops: string[]): string =>
  `layer { name: "in" type: "Input" ${tops.map((top) => `top: "${top}"`).join(' ')} }\n`;
const planOf = (name: string, type: string, channelWise: boolean, int32Biases: boolean): CanonicalPlan => ({
  batchNum: 1,
  int32Biases,
  layers: [{ name, type, quantizer: name, channelWise }],
  quantizers: [{ name, blob: 'data', layers: [name], fixedMin: true, lrMult: 0, decayMult: 0 }],
});

describe('a bias between two steps of scale_d * scale_w', () => {
  const ip = layer('ip', 'InnerProduct', 'data', 'y', 'inner_product_param { num_output: 1 }');
  const net = input('data', 'label') + ip + layer('loss', 'EuclideanLoss', 'y" bottom: "label', 'loss');
  const graph = buildNetGraph(parseNet(net), { file: 'net.prototxt', phase: 'TRAIN' }).graph;
  const inputShapes = new Map([
    ['data', [2, 1]],
    ['label', [2, 1]],
  ]);
  // Steps of 2 and of 1 / 4: a bias of 0.8 is 1.6 of them.
  const clips = new Map([['ip', { max: 510, min: 0 }]]);
  const weights = new Map([['ip', [Float32Array.of(127 / 4), Float32Array.of(0.8)]]]);
  const batch = new Map([
    ['data', Float32Array.of(2, 4)],
    ['label', Float32Array.of(60, 120)],
  ]);

  test.each([
    ['is rounded', true, 1],
    ['stays as it is', false, 0.8],
  ])(
    '%s in the forward pass with int32Biases: %p, and its gradient goes straight through',
    async (_, rounded, bias) => {
      const plan = planOf('ip', 'InnerProduct', false, rounded);
      const outputs = ['y'];
      const runner = await NetRunner.create({ graph, inputShapes, weights, plan, clips, outputs });
      const { data } = (await runner.run(batch)).get('y')!;
      await runner.close();
      expect([...data]).toEqual([63.5 + bias, 127 + bias].map(Math.fround));

      const { solver } = readSolverText('base_lr: 0.1 lr_policy: "fixed" type: "SGD"', 'solver.prototxt');
      const trainer = await Trainer.create({ graph, solver, inputShapes, weights, plan, clips });
      await trainer.step(batch);
      const [, [learned]] = (await trainer.weights()).get('ip')! as unknown as [Float32Array, [number]];
      await trainer.close();
      // The mean of y - label, times the rate.
      expect(learned).toBeCloseTo(0.8 - 0.1 * (5.25 + bias), 5);
    },
  );

  test('is kept where the weights are all 0: their scale is chosen for it', async () => {
    const dead = new Map([['ip', [Float32Array.of(0), Float32Array.of(0.8)]]]);
    const plan = planOf('ip', 'InnerProduct', false, true);
    const runner = await NetRunner.create({ graph, inputShapes, weights: dead, plan, clips, outputs: ['y'] });
    const { data } = (await runner.run(batch)).get('y')!;
    await runner.close();
    expect([...data]).toEqual([0.8, 0.8].map(Math.fround));
  });
});

describe('a bias that BatchNorm is folded into', () => {
  const settings = 'convolution_param { num_output: 2 kernel_size: 1 }';
  const net =
    input('data') +
    layer('conv', 'Convolution', 'data', 'conv', settings) +
    layer('bn', 'BatchNorm', 'conv', 'bn', 'batch_norm_param { eps: 0 }') +
    layer('scale', 'Scale', 'bn', 'y', 'scale_param { bias_term: true }');
  const inputShapes = new Map([['data', [2, 1, 2, 2]]]);
  const clips = new Map([['conv', { max: 510, min: 0 }]]);
  const weights = new Map([
    ['conv', [Float32Array.of(127 / 4, -32), Float32Array.of(0.8, 0.3)]],
    ['bn', [Float32Array.of(1, 2), Float32Array.of(4, 16), Float32Array.of(1)]],
    ['scale', [Float32Array.of(1, -2), Float32Array.of(0.6, -0.45)]],
  ]);
  const batch = new Map([['data', Float32Array.of(2, 4, 6, 8, 10, 12, 14, 16)]]);
  const outputOf = async (phase: 'TRAIN' | 'TEST', int32Biases: boolean): Promise<number[]> => {
    const graph = buildNetGraph(parseNet(net), { file: 'net.prototxt', phase }).graph;
    const plan = planOf('conv', 'Convolution', true, int32Biases);
    const runner = await NetRunner.create({ graph, inputShapes, weights, plan, clips, outputs: ['y'] });
    const { data } = (await runner.run(batch)).get('y')!;
    await runner.close();
    return [...data];
  };

  test('is rounded as the fold has it, in steps of scale_d * scale_w * |a|', async () => {
    const [rounded, float] = [await outputOf('TEST', true), await outputOf('TEST', false)];
    // a = 1 / 2 and -2 / 4, so steps of 2 * 1/4 * 1/2 each; a * (b - mean) + beta = 0.5 and 0.4.
    const errors = rounded.map((value, i) => value - float[i]!);
    errors.forEach((error, i) => expect(error).toBeCloseTo([0, 0.1][Math.floor(i / 4) % 2]!, 3));
  });

  test('stays float where BatchNorm takes the statistics of the batch', async () => {
    expect(await outputOf('TRAIN', true)).toEqual(await outputOf('TRAIN', false));
  });
});
