import { jest } from '@jest/globals';
import { buildNetGraph, type NetGraph, readSolverText } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { initialWeights } from '../fillers/initial-weights.ts';
import { WEBGPU } from '../graph/webgpu.ts';
import { NetRunner } from '../net/net-runner.ts';
import { smallBatch, smallGraph, smallPlan, smallShapes } from '../testing/small-net.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { hasWebgpuAdapter } from '../testing/webgpu-adapter.ts';
import { Trainer } from './trainer.ts';
import type { TrainerOptions } from './training.ts';

const hasAdapter = hasWebgpuAdapter('that a wrong device is stopped before its results are used');
const onAdapter = hasAdapter ? describe : describe.skip;

const inputShapes = smallShapes(8);
const batch = smallBatch(0, 8);
const { solver } = readSolverText('base_lr: 0.01 momentum: 0.9 lr_policy: "fixed"', 'solver.prototxt');
const clips = new Map([
  ['conv', { max: 1.5, min: -0.5 }],
  ['ip', { max: 2, min: 0 }],
]);

/** Two convolutions, the second with groups. */
const grouped = (outputs: number, group: number): NetGraph =>
  buildNetGraph(
    parseNet(`
layer { name: "in" type: "Input" top: "data" top: "label" }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 4 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "grouped" type: "Convolution" bottom: "conv" top: "grouped"
        convolution_param { num_output: ${outputs} group: ${group} kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "ip" type: "InnerProduct" bottom: "grouped" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
`),
    { file: 'grouped.prototxt', phase: 'TRAIN' },
  ).graph;

/** The loss of the first step on the device, or the diagnostics. */
async function firstStep(graph: NetGraph, options: Partial<TrainerOptions> = {}) {
  const weights = initialWeights(graph, inputShapes, 1);
  const trainer = await Trainer.create({ graph, inputShapes, weights, solver, device: 'webgpu', ...options });
  try {
    return (await trainer.step(batch)).loss;
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics;
    throw error;
  } finally {
    await trainer.close();
  }
}

onAdapter('on a device, before its results are used', () => {
  test.each([
    ['a float training', smallGraph('TRAIN'), {}],
    ['a quantized training', smallGraph('TRAIN'), { plan: smallPlan(), clips }],
    ['a training whose convolution has groups', grouped(12, 2), {}],
  ])('%s goes on where it agrees with the processor', async (_, graph, options) => {
    const onDevice = await firstStep(graph, options);
    expect(onDevice).toBeCloseTo((await firstStep(graph, { ...options, device: 'cpu' })) as number, 4);
  });

  test('a NaN is seen that ReLU makes 0 of there', async () => {
    const graph = smallGraph('TRAIN');
    const weights = initialWeights(graph, inputShapes, 1);
    const settings = { graph, inputShapes, weights, outputs: ['ip'], device: 'webgpu' as const, checksDevice: false };
    const runner = await NetRunner.create(settings);
    const broken = new Map([...batch, ['data', batch.get('data')!.map((value, i) => (i === 40 ? Number.NaN : value))]]);
    await expect(runner.run(broken)).rejects.toMatchObject({ diagnostics: [{ code: 'not-finite', layer: 'in' }] });
    await runner.close();
  });

  describe('with an operator that is wrong on purpose', () => {
    // The provider's default, whose convolutions with groups are wrong without an error.
    beforeEach(() => jest.replaceProperty(WEBGPU, 'preferredLayout', 'NHWC'));
    afterEach(() => jest.restoreAllMocks());

    const message = expect.stringMatching(
      /^Convolution: the device 'webgpu' computes something else than the processor: blob 'grouped' \(\[8, 12, 2, 2\]\) is -?[\d.]+ at \[\d, \d+, \d, \d\], and -?[\d.]+ on the processor; so it does in ip(, loss)?$/,
    );
    const hint = expect.stringContaining('device: cpu works');
    const stopped = {
      code: 'device-differs',
      severity: 'error',
      file: 'grouped.prototxt',
      layer: 'grouped',
      message,
      hint,
    };

    test('a training stops at the layer', async () => {
      expect(await firstStep(grouped(12, 2))).toEqual([stopped]);
    });

    test('a forward pass stops at the layer, whichever blob is asked for, and again', async () => {
      const graph = grouped(12, 2);
      const weights = initialWeights(graph, inputShapes, 1);
      const runner = await NetRunner.create({ graph, inputShapes, weights, outputs: ['ip'], device: 'webgpu' });
      for (let time = 0; time < 2; time++) {
        await expect(runner.run(batch)).rejects.toMatchObject({ diagnostics: [stopped] });
      }
      await runner.close();
    });

    test('a gradient alone stops it too', async () => {
      // With two outputs a group the forward pass is right; what goes back has one channel a group, made of two.
      expect(await firstStep(grouped(8, 4))).toEqual([
        {
          ...stopped,
          layer: 'conv',
          message: expect.stringContaining(
            "the device 'webgpu' computes something else than the processor: the gradient of blob",
          ),
        },
      ]);
    });
  });
});

if (!hasAdapter) test.todo('needs a WebGPU adapter');
