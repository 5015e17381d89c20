import { readSolverText } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { smallGraph, smallPlan, smallShapes } from '../testing/small-net.ts';
import { estimateCalibration, estimateForward, estimateTraining } from './memory-estimate.ts';

const { solver } = readSolverText('base_lr: 0.01 lr_policy: "fixed" momentum: 0.9', 'solver.prototxt');
const ofTraining = (batch: number) =>
  estimateTraining({ graph: smallGraph('TRAIN'), inputShapes: smallShapes(batch), plan: smallPlan(), solver });
const ofForward = (batch: number) => estimateForward({ graph: smallGraph('TEST'), inputShapes: smallShapes(batch) });

/** 3 x 1 x 3 x 3 and 3, 4 x 48 and 4. */
const WEIGHTS = 4 * (27 + 3 + 4 * 48 + 4);

test('weights are there once in a forward pass; in training with a history twice, and as they were at first', () => {
  expect(ofForward(8).weights).toBe(WEIGHTS);
  // Two ranges of two quantizers, one of them fixed at its lower end, learn as weights do.
  expect(ofTraining(8).weights).toBe(5 * WEIGHTS + 4 * 3 * 4);
});

test.each([
  ['training', ofTraining],
  ['a forward pass', ofForward],
])('data and blobs of %s grow with the batch', (_, estimate) => {
  const [small, large] = [estimate(64), estimate(640)];
  expect(large.data / small.data).toBeCloseTo(10);
  expect(large.blobs / small.blobs).toBeGreaterThan(8);
  expect(large.weights).toBe(small.weights);
});

test('the layers that hold most are told, largest first', () => {
  const { layers } = ofTraining(64);
  expect(layers.map(({ layer }) => layer.name)).toContain('conv');
  expect(layers.map(({ bytes }) => bytes)).toEqual(layers.map(({ bytes }) => bytes).sort((a, b) => b - a));
});

test('calibration keeps what quantizers see of all batches', () => {
  const of = (batchNum: number) =>
    estimateCalibration({
      ...{ graph: smallGraph('TRAIN'), inputShapes: smallShapes(8), plan: smallPlan({}, batchNum) },
    });
  // The input of ip, [8, 3, 4, 4]; it is more than that of conv, [8, 1, 6, 6].
  expect(of(5).data - of(1).data).toBe(4 * 3 * 4 * 8 * 48);
});

test('a tensor beyond the limit is an error of its layer', () => {
  const estimate = () =>
    estimateForward({ graph: smallGraph('TEST'), inputShapes: smallShapes(1e6), memoryLimit: 100e6 });
  expect(estimate).toThrow(DiagnosticsError);
  expect(estimate).toThrow(/layer `in`: Input: \[1000000, 1, 6, 6\] takes 144 MB, more than the memory of 100 MB/);
});
