import { buildNetGraph, readSolverText } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import { NetRunner } from '../net/net-runner.ts';
import type { NetWeights } from '../net/net-params.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { smallBatch, smallPlan } from '../testing/small-net.ts';
import { distillationNet, taughtOutputs } from './distillation.ts';
import { Trainer } from './trainer.ts';

const NET = `
name: "student"
layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 1 dim: 6 dim: 6 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 3 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "prob" type: "Softmax" bottom: "ip" top: "prob" }
layer { name: "box" type: "InnerProduct" bottom: "conv" top: "box"
        inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
`;
const graph = buildNetGraph(parseNet(NET), { file: 'student.prototxt', phase: 'TEST' }).graph;
const data = new Map([['data', [8, 1, 6, 6]]]);
const weights = initialWeights(graph, data, 3);
const shapes = new Map([...data, ['teacher/ip', [8, 4]], ['teacher/box', [8, 2]]]);

/** What the float net with these weights says about the first records. */
async function answersOf(of: NetWeights): Promise<Awaited<ReturnType<NetRunner['run']>>> {
  const runner = await NetRunner.create({ graph, weights: of, inputShapes: data, outputs: taughtOutputs(graph) });
  const answers = await runner.run(smallBatch(0, 8));
  await runner.close();
  return answers;
}

/** The weights with those of one layer made another number of times as large. */
const scaled = (layer: string, factor: number): NetWeights =>
  new Map(
    [...weights].map(([name, blobs]) => [name, name === layer ? blobs.map((b) => b.map((w) => w * factor)) : blobs]),
  );

test('the scores under a Softmax are compared as probabilities, other outputs by their distance', async () => {
  expect(taughtOutputs(graph)).toEqual(['ip', 'box']);
  const net = distillationNet(graph, [await answersOf(weights)]);
  expect([...net.teacher]).toEqual([
    ['ip', 'teacher/ip'],
    ['box', 'teacher/box'],
  ]);
  expect(net.graph.layers.slice(-2).map(({ type, bottoms }) => [type, ...bottoms.map(({ id }) => id)])).toEqual([
    ['DistillationLoss', 'ip', 'teacher/ip'],
    ['EuclideanLoss', 'box', 'teacher/box'],
  ]);
});

describe('the objective is', () => {
  const { solver } = readSolverText('base_lr: 0 lr_policy: "fixed"', 'solver.prototxt');
  const lossOf = async (student: NetWeights, teacher: NetWeights) => {
    const answers = await answersOf(teacher);
    const net = distillationNet(graph, [answers]);
    const trainer = await Trainer.create({ graph: net.graph, solver, inputShapes: shapes, weights: student });
    const taught = [...net.teacher].map(([id, name]) => [name, answers.get(id)!.data] as const);
    const { loss } = await trainer.step(new Map([...smallBatch(0, 8), ...taught]));
    await trainer.close();
    return loss;
  };
  const silent: NetWeights = new Map([...weights].map(([name, blobs]) => [name, blobs.map((b) => b.map(() => 0))]));

  test('0 for a net that says what the teacher says', async () => {
    expect(await lossOf(weights, weights)).toBeCloseTo(0, 6);
  });

  test.each<[string, NetWeights]>([
    ['as they are', weights],
    ['in a unit a thousand times smaller', scaled('box', 1000)],
    ['a thousandth as large', scaled('box', 1e-3)],
  ])('half of 1 for boxes that are 0 and scores that are right, the boxes %s', async (_, teacher) => {
    const [own, none] = [teacher.get('box')!, silent.get('box')!];
    const student = new Map([...teacher].map(([name, blobs]) => [name, blobs === own ? none : blobs]));
    expect(await lossOf(student, teacher)).toBeCloseTo(0.5, 4);
  });

  test('half of the divergence in nats for scores that are equal and boxes that are right', async () => {
    const teacher = scaled('ip', 50);
    const student = new Map([...teacher].map(([name, blobs]) => [name, name === 'ip' ? silent.get('ip')! : blobs]));
    const { data: scores } = (await answersOf(teacher)).get('ip')!;
    let expected = 0;
    for (let row = 0; row < 8; row++) {
      const powers = Array.from(scores.subarray(row * 4, row * 4 + 4), Math.exp);
      const sum = powers.reduce((total, power) => total + power, 0);
      for (const power of powers) expected += ((power / sum) * Math.log((4 * power) / sum)) / 8;
    }
    expect(expected).toBeGreaterThan(0.1);
    expect(await lossOf(student, teacher)).toBeCloseTo(expected / 2, 4);
  });

  test('the noise-to-signal ratio of an output without Softmax, half of it where there are two outputs', async () => {
    expect(await lossOf(scaled('box', 0.9), weights)).toBeCloseTo(0.01 / 2, 6);
    expect(await lossOf(scaled('box', 900), scaled('box', 1000))).toBeCloseTo(0.01 / 2, 6);
  });

  test('finite where the teacher says 0', async () => {
    expect(await lossOf(weights, silent)).toBeGreaterThan(0);
  });
});

test('a quantized net comes closer to the float one on data without labels', async () => {
  const { graph: student, teacher } = distillationNet(graph, [await answersOf(weights)]);
  const { solver } = readSolverText('base_lr: 0.02 lr_policy: "fixed" momentum: 0.9', 'solver.prototxt');
  const float = await NetRunner.create({ graph, weights, inputShapes: data, outputs: [...teacher.keys()] });
  const clips = new Map([
    ['conv', { max: 0.4, min: -0.4 }],
    ['ip', { max: 0.5, min: 0 }],
  ]);
  const trainer = await Trainer.create({
    graph: student,
    solver,
    inputShapes: shapes,
    weights,
    plan: smallPlan(),
    clips,
  });
  const losses: number[] = [];
  for (let i = 0; i < 80; i++) {
    const images = new Map([['data', smallBatch(i * 8, 8).get('data')!]]);
    const answers = await float.run(images);
    const taught = [...teacher].map(([id, name]) => [name, answers.get(id)!.data] as const);
    losses.push((await trainer.step(new Map([...images, ...taught]))).loss);
  }
  const mean = (part: readonly number[]) => part.reduce((sum, loss) => sum + loss, 0) / part.length;
  expect(mean(losses.slice(-10))).toBeLessThan(mean(losses.slice(0, 10)) / 3);
  await float.close();
  await trainer.close();
});
