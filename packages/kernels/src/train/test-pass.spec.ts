import { evaluate, netRunnerFactory } from '../evaluate/evaluate.ts';
import { decidingMetric, isBetter, netMetrics } from '../evaluate/metrics.ts';
import { initialWeights } from '../fillers/initial-weights.ts';
import { smallBatch, smallData, smallGraph, smallPlan, smallShapes } from '../testing/small-net.ts';
import { TestPass } from './test-pass.ts';

const graph = smallGraph('TEST');
const weights = initialWeights(graph, smallShapes(1), 7);
const others = initialWeights(graph, smallShapes(1), 8);
const data = { ...smallData(40, 8), batch: (index: number) => Promise.resolve(smallBatch((index % 5) * 8, 8)) };
const factory = (of: typeof weights) => netRunnerFactory(graph, of);

test('test_iter batches that cover the data give what an evaluation gives, for each set of weights', async () => {
  const pass = new TestPass({ graph, data, batches: 5 });
  for (const [index, of] of [weights, others, weights].entries()) {
    const metrics = await pass.run(index, of, new Map());
    const whole = await evaluate(graph, data, factory(of));
    for (const [name, value] of Object.entries(whole.metrics)) expect(metrics[name]).toBeCloseTo(value, 6);
  }
  await pass.close();
});

test('a test goes on in the data where the one before stopped, as in Caffe', async () => {
  const seen: number[] = [];
  const watched = {
    ...data,
    batch: (index: number) => {
      seen.push(index);
      return data.batch(index);
    },
  };
  const pass = new TestPass({ graph, data: watched, batches: 2 });
  const first = await pass.run(0, weights, new Map());
  const second = await pass.run(1, weights, new Map());
  expect(seen).toEqual([0, 1, 2, 3]);
  expect(second).not.toEqual(first);
  await pass.close();
});

test('without test_iter every record counts once, and with a plan the quantized net is tested', async () => {
  const clips = new Map([
    ['conv', { max: 0.3, min: -0.3 }],
    ['ip', { max: 0.3, min: 0 }],
  ]);
  const [float, quantized] = [new TestPass({ graph, data }), new TestPass({ graph, data, plan: smallPlan() })];
  const whole = await evaluate(graph, data, factory(weights));
  expect(await float.run(3, weights, new Map())).toEqual(whole.metrics);
  const expected = await evaluate(graph, data, netRunnerFactory(graph, weights, { plan: smallPlan(), clips }));
  expect(await quantized.run(0, weights, clips)).toEqual(expected.metrics);
  expect(expected.metrics).not.toEqual(whole.metrics);
});

test('accuracy is better when higher, a loss when lower; accuracy decides', () => {
  const metrics = netMetrics(graph);
  expect(metrics.map(({ name, better, isShare }) => [name, better, isShare])).toEqual([
    ['accuracy', 'higher', true],
    ['loss', 'lower', false],
  ]);
  expect(decidingMetric(metrics)!.name).toBe('accuracy');
  const [accuracy, loss] = metrics;
  expect(isBetter(accuracy!, 0.9, 0.8)).toBe(true);
  expect(isBetter(accuracy!, 0.8, 0.8)).toBe(false);
  expect(isBetter(loss!, 0.9, 0.8)).toBe(false);
  expect(isBetter(loss!, NaN, undefined)).toBe(false);
  expect(isBetter(loss!, 5, undefined)).toBe(true);
});
