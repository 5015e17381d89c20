import { initialWeights } from '../fillers/initial-weights.ts';
import { smallBatch, smallData, smallGraph, smallPlan, smallShapes } from '../testing/small-net.ts';
import { Trainer } from '../train/trainer.ts';
import { readSolverText } from '@caffe-quant/caffe-io';
import { agreement, evaluate, netRunnerFactory, scoreBlob } from './evaluate.ts';

const graph = smallGraph('TEST');
const weights = initialWeights(graph, smallShapes(1), 7);

test('every record counts once, whatever the batch size', async () => {
  const whole = await evaluate(graph, smallData(50, 50), netRunnerFactory(graph, weights));
  expect(whole.records).toBe(50);
  expect(whole.predictions).toHaveLength(50);
  for (const batchSize of [1, 7, 16, 100]) {
    const { metrics, predictions } = await evaluate(graph, smallData(50, batchSize), netRunnerFactory(graph, weights));
    expect(predictions).toEqual(whole.predictions);
    expect(metrics['accuracy']).toBeCloseTo(whole.metrics['accuracy']!, 6);
    expect(metrics['loss']).toBeCloseTo(whole.metrics['loss']!, 5);
  }
});

test('accuracy is the share of predictions that are the label', async () => {
  const { metrics, predictions } = await evaluate(graph, smallData(40, 8), netRunnerFactory(graph, weights));
  const hits = predictions!.filter((prediction, i) => prediction === i % 4).length;
  expect(metrics['accuracy']).toBeCloseTo(hits / 40, 6);
  expect(Object.keys(metrics).sort()).toEqual(['accuracy', 'loss']);
});

test('a fake-quantized net differs from the float net, and less so with wide ranges than with tight ones', async () => {
  const loss = async (width?: number) => {
    const clips = new Map([
      ['conv', { max: width ?? 1, min: -(width ?? 1) }],
      ['ip', { max: width ?? 1, min: 0 }],
    ]);
    const quantization = width === undefined ? undefined : { plan: smallPlan(), clips };
    return (await evaluate(graph, smallData(40, 8), netRunnerFactory(graph, weights, quantization))).metrics['loss']!;
  };
  const float = await loss();
  const [wide, tight] = [Math.abs((await loss(4)) - float), Math.abs((await loss(0.02)) - float)];
  expect(wide).toBeGreaterThan(0);
  expect(tight).toBeGreaterThan(4 * wide);
});

test('the scores are what Accuracy reads, or without one what the loss reads', () => {
  expect(scoreBlob(graph)).toBe('ip');
  expect(scoreBlob(smallGraph('TRAIN'))).toBe('ip');
});

test('agreement is the share of equal predictions', () => {
  expect(agreement(Int32Array.of(1, 2, 3, 4), Int32Array.of(1, 2, 0, 4))).toBe(0.75);
  expect(() => agreement(Int32Array.of(1), Int32Array.of(1, 2))).toThrow('cannot compare 1 with 2');
});

test('training on these images is learned by evaluation', async () => {
  const { solver } = readSolverText('base_lr: 0.1 lr_policy: "fixed" momentum: 0.9', 'solver.prototxt');
  const train = smallGraph('TRAIN');
  const trainer = await Trainer.create({ graph: train, solver, inputShapes: smallShapes(16), weights });
  for (let i = 0; i < 60; i++) await trainer.step(smallBatch(i * 16, 16));
  const before = await evaluate(graph, smallData(200, 50), netRunnerFactory(graph, weights));
  const after = await evaluate(graph, smallData(200, 50), netRunnerFactory(graph, await trainer.weights()));
  expect(after.metrics['accuracy']!).toBeGreaterThan(0.95);
  expect(after.metrics['loss']!).toBeLessThan(before.metrics['loss']! / 4);
  await trainer.close();
});
