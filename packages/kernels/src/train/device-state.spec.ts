import { readSolverText } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import { isOnDevice, keepsTensors } from '../graph/device-tensor.ts';
import { elementCount } from '../graph/graph-builder.ts';
import { smallBatch, smallGraph, smallPlan, smallShapes } from '../testing/small-net.ts';
import { hasWebgpuAdapter } from '../testing/webgpu-adapter.ts';
import { DeviceState } from './device-state.ts';
import { Trainer } from './trainer.ts';

const hasAdapter = hasWebgpuAdapter('that what a training carries stays on the device, and is the same there');

const inputShapes = smallShapes(8);
const clips = new Map([
  ['conv', { max: 1.5, min: -0.5 }],
  ['ip', { max: 2, min: 0 }],
]);

async function open(keepsState: boolean, iterSize: number): Promise<Trainer> {
  const graph = smallGraph('TRAIN');
  const text = `base_lr: 0.05 momentum: 0.9 lr_policy: "fixed" iter_size: ${iterSize}`;
  return Trainer.create({
    ...{ graph, inputShapes, weights: initialWeights(graph, inputShapes, 1), plan: smallPlan(), clips },
    ...{ solver: readSolverText(text, 'solver.prototxt').solver, device: 'webgpu', keepsState, checksDevice: false },
  });
}

/** Trains from iteration `first` on; what it ends with, and the losses on the way. */
async function train(trainer: Trainer, first: number, iterations: number) {
  const losses: number[] = [];
  for (let i = first; i < first + iterations; i++) {
    const batches = Array.from({ length: trainer.iterSize }, (_, k) => smallBatch(8 * (i * trainer.iterSize + k), 8));
    losses.push((await trainer.step(...batches)).loss);
  }
  return { losses, weights: await trainer.weights(), clips: trainer.clips() };
}

(hasAdapter ? describe : describe.skip)('on an adapter', () => {
  test.each([1, 2])('kept and copied state give the same bytes, with iter_size %d', async (iterSize) => {
    const [kept, copied] = [await open(true, iterSize), await open(false, iterSize)];
    const ofKept = await train(kept, 0, 3);
    expect(ofKept).toEqual(await train(copied, 0, 3));
    const bytes = [...ofKept.weights.values()].flat().reduce((sum, { byteLength }) => sum + byteLength, 0);
    const { carried: sent, ...otherSent } = copied.crossing!.toDevice;
    const { carried: back, ...otherBack } = copied.crossing!.fromDevice;
    // Weights and histories at least.
    expect([sent! >= 2 * bytes, back! >= 2 * bytes, copied.crossing!.kept]).toEqual([true, true, 0]);
    expect(kept.crossing).toEqual({ toDevice: otherSent, fromDevice: otherBack, kept: expect.any(Number) });
    expect(kept.crossing!.kept).toBeGreaterThanOrEqual(2 * bytes);
    await Promise.all([kept.close(), copied.close()]);
  });

  test('a training goes on from a snapshot, and another one from it too', async () => {
    const through = await open(true, 1);
    await train(through, 0, 2);
    const snapshot = await through.snapshot();
    const rest = await train(through, 2, 2);
    const resumed = await open(true, 1);
    resumed.restore(snapshot);
    expect(await train(resumed, 2, 2)).toEqual(rest);
    through.restore(snapshot);
    expect(await train(through, 2, 2)).toEqual(rest);
    await Promise.all([through.close(), resumed.close()]);
  });

  test('a tensor put there is read back, of any shape', async () => {
    const state = new DeviceState('webgpu');
    for (const shape of [[], [3], [2, 1, 4]]) {
      const values = Float32Array.from({ length: elementCount(shape) }, (_, i) => i - 1.5);
      state.add(`x${shape.length}`, shape, values);
      expect(await state.read(`x${shape.length}`)).toEqual(values);
      await state.clear([`x${shape.length}`]);
      expect(isOnDevice(state.currentTensor(`x${shape.length}`))).toBe(true);
      expect(await state.read(`x${shape.length}`)).toEqual(new Float32Array(values.length));
    }
    await state.release();
  });
});

test('another provider is not asked to keep what onnxruntime-node would take for an address of the processor', () => {
  expect((['cpu', 'cuda', 'dml', 'coreml'] as const).map(keepsTensors)).toEqual([false, false, false, false]);
});
