import { buildNetGraph, readSolverText, type NetGraph } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import { GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import { runGraph } from '../graph/run-once.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { Trainer } from '../train/trainer.ts';
import { finiteness, sumOf } from './finiteness.ts';
import { lowerNet } from './lower-net.ts';
import { NetRunner } from './net-runner.ts';

const graphOf = (body: string, phase: 'TRAIN' | 'TEST' = 'TEST'): NetGraph =>
  buildNetGraph(parseNet(`layer { name: "in" type: "Input" top: "data" }\n${body}`), { file: 'n.prototxt', phase })
    .graph;
const SHAPE = [2, 1, 4, 8];
const shapes = new Map<string, Shape>([['data', SHAPE]]);
/** Positive numbers, one of them replaced. */
const data = (at: number, value: number) => {
  const values = Float32Array.from({ length: 64 }, (_, i) => 0.5 + (i % 7) / 10);
  values[at] = value;
  return new Map([['data', values]]);
};
const layer = (name: string, type: string, bottom: string, top: string, more = '') =>
  `layer { name: "${name}" type: "${type}" bottom: "${bottom}" top: "${top}" ${more} }\n`;
const POOL = layer('pool', 'Pooling', 'x', 'y', 'pooling_param { pool: MAX kernel_h: 4 kernel_w: 8 }');
const RELU = layer('relu', 'ReLU', 'x', 'x');

async function run(body: string, output: string, batch: Map<string, Float32Array>): Promise<string> {
  const graph = graphOf(body);
  const outputs = [graph.layers.flatMap(({ tops }) => tops).findLast(({ name }) => name === output)!.id];
  const weights = initialWeights(graph, shapes, 1);
  const runner = await NetRunner.create({ graph, weights, inputShapes: shapes, outputs });
  try {
    await runner.run(batch);
    return '';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await runner.close();
  }
}

describe('what is not finite is named where it arises', () => {
  test.each([
    [
      'Log of a negative number',
      layer('l', 'Log', 'data', 'x'),
      data(41, -0.3),
      /`l`: Log .* element \[1, 0, 1, 1\] is NaN; its input 'data' there is -0.3/,
    ],
    ['Log of 0', layer('l', 'Log', 'data', 'x'), data(0, 0), /`l`: Log .* element \[0, 0, 0, 0\] is -Infinity/],
    [
      'a root of a negative number',
      layer('p', 'Power', 'data', 'x', 'power_param { power: 0.5 }'),
      data(63, -4),
      /`p`: Power .* element \[1, 0, 3, 7\] is NaN/,
    ],
    [
      'a broken power',
      layer('p', 'Power', 'data', 'x', 'power_param { power: 1.7 }'),
      data(63, -4),
      /`p`: Power .* is NaN/,
    ],
    [
      'a negative power of 0',
      layer('p', 'Power', 'data', 'x', 'power_param { power: -1 }'),
      data(7, 0),
      /`p`: Power .* element \[0, 0, 0, 7\] is Infinity/,
    ],
    [
      'Exp of a large number',
      layer('e', 'Exp', 'data', 'x'),
      data(5, 89),
      /`e`: Exp .* element \[0, 0, 0, 5\] is Infinity/,
    ],
    [
      'BatchNorm without variance and eps',
      layer('b', 'BatchNorm', 'data', 'x', 'batch_norm_param { eps: 0 }'),
      data(0, 1),
      /`b`: BatchNorm .* element \[0, 0, 0, 0\] is Infinity, the first of 64/,
    ],
  ])('%s', async (_name, risky, batch, message) => {
    // Both lose a NaN at most places, and -Infinity at all.
    for (const [hiding, output] of [
      [POOL, 'y'],
      [RELU, 'x'],
      [RELU + POOL, 'y'],
    ] as const) {
      expect(await run(risky + hiding, output, batch)).toMatch(message);
    }
    expect(await run(risky, 'x', batch)).toMatch(message);
  });

  test('Normalize of zeros without eps', async () => {
    const zeros = new Map([['data', new Float32Array(64)]]);
    const normalize = layer('n', 'Normalize', 'data', 'x', 'norm_param { eps: 0 }');
    expect(await run(normalize + POOL, 'y', zeros)).toMatch(/`n`: Normalize .* is NaN, the first of 64/);
  });

  test('the data themselves', async () => {
    for (const at of [0, 31, 63]) {
      const rename = layer('p', 'Pooling', 'data', 'y', 'pooling_param { pool: MAX kernel_h: 4 kernel_w: 8 }');
      expect(await run(rename, 'y', data(at, NaN))).toMatch(/layer `in`: the data are not finite: of blob 'data'/);
    }
  });

  test('a weight', async () => {
    const graph = graphOf(layer('ip', 'InnerProduct', 'data', 'x', 'inner_product_param { num_output: 3 }') + RELU);
    const weights = initialWeights(graph, shapes, 1);
    weights.get('ip')![0]![40] = Infinity;
    const runner = await NetRunner.create({ graph, weights, inputShapes: shapes, outputs: ['x@1'] });
    await expect(runner.run(data(0, 1))).rejects.toThrow(/`ip`: of blob 0 of layer "ip" element \[1, 8\] is Infinity/);
    await runner.close();
  });

  test('what no output depends on is not looked at', async () => {
    const sound = layer('s', 'Power', 'data', 'z', 'power_param { scale: 2 }');
    expect(await run(sound + layer('l', 'Log', 'data', 'x'), 'z', data(0, -1))).toBe('');
  });

  test('numbers whose sum is beyond float32 are finite', async () => {
    const large = new Map([['data', new Float32Array(64).fill(3e38)]]);
    const pool = layer('p', 'Pooling', 'data', 'y', 'pooling_param { pool: MAX kernel_h: 4 kernel_w: 8 }');
    expect(await run(pool, 'y', large)).toBe('');
  });
});

test.each([NaN, Infinity, -Infinity])(
  'no kernel loses %p in a sum, whatever its place and the threads are',
  async (bad) => {
    for (const [length, threads] of [
      [1, 1],
      [2, 2],
      [64, 1],
      [64, 2],
      [1027, 2],
      [50_000, 1],
      [50_000, 3],
    ] as const) {
      for (const at of new Set([0, length >> 1, length - 1])) {
        const x = Float32Array.from({ length }, (_, i) => Math.sin(i));
        x[at] = bad;
        const { sum } = await runGraph((g) => ({ sum: sumOf(g, g.input('x', [1, length])) }), { x }, threads);
        expect([length, threads, at, Number.isFinite(sum![0])]).toEqual([length, threads, at, false]);
      }
    }
  },
);

test('one blob is read where several tell the same', () => {
  const conv = 'convolution_param { num_output: 4 kernel_size: 3 pad: 1 }';
  const body =
    layer('c1', 'Convolution', 'data', 'c1', conv) +
    layer('b1', 'BatchNorm', 'c1', 'c1') +
    layer('s1', 'Scale', 'c1', 'c1') +
    layer('r1', 'ReLU', 'c1', 'c1') +
    layer('p1', 'Pooling', 'c1', 'p1', 'pooling_param { pool: MAX kernel_size: 2 }') +
    layer('c2', 'Convolution', 'p1', 'c2', conv);
  const g = new GraphBuilder();
  const net = lowerNet(g, graphOf(body), { inputShapes: shapes });
  const before = g.nodes.length;
  finiteness(g, net, ['c2']);
  const blobs = g.nodes
    .slice(before)
    .flatMap(({ inputs }) => inputs.map((name) => g.valueOf(name)!))
    .filter(({ name, shape }) => shape.length === 4 && !name.startsWith('net/'));
  // The map of b1, s1 is told by what it is a map of.
  expect([...new Set(blobs.map(({ name }) => name.split('/')[0]))]).toEqual(['b1', 'c2']);
});

describe('training', () => {
  const trainer = (body: string, solver = '') => {
    const graph = graphOf(
      `${body}${layer('loss', 'EuclideanLoss', 'y', 'loss').replace('top:', 'bottom: "data" top:')}`,
      'TRAIN',
    );
    const text = `base_lr: 0.1 lr_policy: "fixed" ${solver}`;
    return Trainer.create({
      ...{
        graph,
        solver: readSolverText(text, 's').solver,
        inputShapes: shapes,
        weights: initialWeights(graph, shapes, 1),
      },
    });
  };
  const CONV = layer(
    'c',
    'Convolution',
    'data',
    'c',
    'convolution_param { num_output: 1 kernel_size: 1 weight_filler { type: "constant" value: 1 } }',
  );

  test.each([
    [
      'a blob that a maximum hides',
      CONV + layer('l', 'Log', 'c', 'x') + layer('r', 'ReLU', 'x', 'y'),
      '',
      data(9, -2),
      /`l`: Log .* element \[0, 0, 1, 1\] is NaN; its input 'c' there is -2, in iteration 0 with the learning rate 0.1/,
    ],
    [
      'the gradient that is not finite where the blobs are',
      CONV + layer('p', 'Power', 'c', 'y', 'power_param { power: 0.5 }'),
      '',
      data(9, 0),
      /`c`: the update makes blob 0 of layer "c" not finite/,
    ],
    [
      'a history that would stop the learning',
      CONV + layer('p', 'Power', 'c', 'y', 'power_param { scale: 1e12 }'),
      'type: "RMSProp" rms_decay: 0.9',
      data(9, 1),
      /the solver's history of blob 0/,
    ],
  ])('%s stops it at once', async (_name, body, solver, batch, message) => {
    const own = await trainer(body, solver);
    await expect(own.step(batch)).rejects.toThrow(message);
    await own.close();
  });
});
