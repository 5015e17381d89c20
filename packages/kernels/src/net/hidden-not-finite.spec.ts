import { buildNetGraph } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import { expectSumsShowNaN } from '../graph/sums-show-nan.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { hasWebgpuAdapter } from '../testing/webgpu-adapter.ts';
import { NetRunner } from './net-runner.ts';

const hasAdapter = hasWebgpuAdapter('that a NaN within a layer is seen on a device that makes a number of it');

/** In the second step a gate's sum is inf - inf, and its sigmoid of that 0 on WebGPU: no blob has a NaN there. */
const { graph } = buildNetGraph(
  parseNet(`
layer { name: "in" type: "Input" top: "x" top: "cont" }
layer { name: "lstm" type: "LSTM" bottom: "x" bottom: "cont" top: "h" recurrent_param { num_output: 2 } }
layer { name: "after" type: "ReLU" bottom: "h" top: "y" }
`),
  { file: 'net.prototxt', phase: 'TEST' },
);
const inputShapes = new Map([
  ['x', [2, 1, 2]],
  ['cont', [2, 1]],
]);
const batch = new Map([
  ['x', Float32Array.of(2, 2, 2, 2)],
  ['cont', Float32Array.of(0, 1)],
]);

const runOn = async (device: 'cpu' | 'webgpu') => {
  const weights = initialWeights(graph, inputShapes, 1);
  const [ofInput, , ofHidden] = weights.get('lstm')!;
  ofInput!.fill(3e38);
  ofHidden!.fill(-3e38);
  const runner = await NetRunner.create({ graph, inputShapes, weights, outputs: ['y'], device, checksDevice: false });
  try {
    return await runner.run(batch);
  } finally {
    await runner.close();
  }
};

const devices = ['cpu', ...(hasAdapter ? (['webgpu'] as const) : [])] as const;
test.each(devices)('a NaN within a layer ends the run on %s, at the layer', async (device) => {
  await expect(runOn(device)).rejects.toMatchObject({ diagnostics: [{ code: 'not-finite', layer: 'lstm' }] });
});

test.each(devices)('the sums of %s show NaN and infinity', async (device) => {
  await expect(expectSumsShowNaN(device)).resolves.toBeUndefined();
});
