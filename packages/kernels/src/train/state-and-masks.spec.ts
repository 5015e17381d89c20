import { buildNetGraph, readSolverText, type NetGraph } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import { NetRunner } from '../net/net-runner.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { smallBatch, smallShapes } from '../testing/small-net.ts';
import { Trainer } from './trainer.ts';

const net = (body: string) => `
name: "small"
layer { name: "in" type: "Input" top: "data" top: "label" }
${body}
layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
`;
const BATCH_NORM = `
layer { name: "bn" type: "BatchNorm" bottom: "data" top: "x" batch_norm_param { moving_average_fraction: 0.5 } }
layer { name: "scale" type: "Scale" bottom: "x" top: "x" scale_param { bias_term: true } }`;
const DROPOUT = `layer { name: "drop" type: "Dropout" bottom: "data" top: "x" dropout_param { dropout_ratio: 0.25 } }`;

const graphOf = (text: string, phase: 'TRAIN' | 'TEST'): NetGraph =>
  buildNetGraph(parseNet(text), { file: 'small.prototxt', phase }).graph;
const shapes = smallShapes(8);

async function train(text: string, solver: string, steps: number, threads?: number) {
  const graph = graphOf(text, 'TRAIN');
  const parsed = readSolverText(`base_lr: 0.1 lr_policy: "fixed" ${solver}`, 'solver.prototxt').solver;
  const trainer = await Trainer.create({
    graph,
    solver: parsed,
    inputShapes: shapes,
    weights: initialWeights(graph, shapes, 5),
    ...(threads && { threads }),
  });
  const losses: number[] = [];
  const iterSize = parsed.iter_size ?? 1;
  for (let i = 0; i < steps; i++) {
    const batches = Array.from({ length: iterSize }, (_, k) => smallBatch((i * iterSize + k) * 8, 8));
    losses.push((await trainer.step(...batches)).loss);
  }
  const weights = await trainer.weights();
  await trainer.close();
  return { weights, losses, graph };
}

describe("BatchNorm's statistics", () => {
  /** Sum, over the batches, of 0.5 ^ age * their mean and unbiased variance: one channel of 8 x 36 values. */
  function expected(batches: number): [number, number, number] {
    let [mean, variance, factor] = [0, 0, 0];
    for (let i = 0; i < batches; i++) {
      const values = [...smallBatch(i * 8, 8).get('data')!];
      const own = values.reduce((a, b) => a + b) / values.length;
      const spread = values.reduce((sum, value) => sum + (value - own) ** 2, 0) / (values.length - 1);
      [mean, variance, factor] = [mean * 0.5 + own, variance * 0.5 + spread, factor * 0.5 + 1];
    }
    return [mean, variance, factor];
  }

  test.each([
    ['each step', '', 3, 3],
    ['each batch of an iteration', 'iter_size: 2', 2, 4],
  ])('move with %s, though no solver touches them', async (_name, solver, steps, batches) => {
    const { weights } = await train(net(BATCH_NORM), solver, steps);
    const actual = weights.get('bn')!.map((blob) => blob[0]!);
    expected(batches).forEach((value, i) => expect(Math.abs(actual[i]! / value - 1)).toBeLessThan(1e-5));
    expect(weights.get('scale')![0]![0]).not.toBe(1);
  });

  test('are what a TEST net normalizes by, and stay as they are there', async () => {
    const { weights } = await train(net(BATCH_NORM), '', 3);
    const before = weights.get('bn')!.map((blob) => blob.slice());
    const runner = await NetRunner.create({
      graph: graphOf(net(BATCH_NORM), 'TEST'),
      inputShapes: shapes,
      weights,
      outputs: ['x'],
    });
    const batch = smallBatch(0, 8);
    const y = (await runner.run(batch)).get('x')!.data;
    await runner.close();
    expect(weights.get('bn')).toEqual(before);
    const [mean, variance, factor] = before.map((blob) => blob[0]!) as [number, number, number];
    const x = batch.get('data')![7]!;
    expect(y[7]).toBeCloseTo((x - mean / factor) / Math.sqrt(variance / factor + 1e-5), 5);
  });
});

describe('Dropout', () => {
  const weightsOf = async (solver: string, threads?: number) => [
    ...(await train(net(DROPOUT), solver, 3, threads)).weights,
  ];

  test('draws the same masks for the same seed, whatever the number of threads, and others for another seed', async () => {
    const one = await weightsOf('random_seed: 1', 1);
    expect(await weightsOf('random_seed: 1', 3)).toEqual(one);
    expect(await weightsOf('random_seed: 2')).not.toEqual(one);
  });

  test('drops as many as it should, divides the others, and draws anew each time', async () => {
    const options = { graph: graphOf(net(DROPOUT), 'TRAIN'), inputShapes: shapes, outputs: ['x'], weights: new Map() };
    const runner = await NetRunner.create({ ...options, until: 'x' });
    const batch = new Map([...smallBatch(0, 8), ['data', new Float32Array(8 * 36).fill(3)]]);
    const first = (await runner.run(batch)).get('x')!.data;
    const second = (await runner.run(batch)).get('x')!.data;
    await runner.close();
    expect(new Set(first)).toEqual(new Set([0, 4]));
    expect(first.filter((value) => value === 0).length / first.length).toBeCloseTo(0.25, 1);
    expect(second).not.toEqual(first);
  });

  test.each([
    ['in a TEST net', DROPOUT, 'TEST'],
    ['where its own phase is TEST', DROPOUT.replace('top: "x"', 'top: "x" phase: TEST'), 'TRAIN'],
  ] as const)('does nothing %s', async (_, layer, phase) => {
    const graph = graphOf(net(layer), phase);
    const runner = await NetRunner.create({
      graph,
      inputShapes: shapes,
      outputs: ['x'],
      weights: new Map(),
      until: 'x',
    });
    const batch = smallBatch(0, 8);
    expect((await runner.run(batch)).get('x')!.data).toEqual(batch.get('data'));
    await runner.close();
  });
});
