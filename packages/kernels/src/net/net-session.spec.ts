import { buildNetGraph } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { encodeModel } from '../graph/encode-model.ts';
import { GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import { floatTensor } from '../graph/session.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { forLayer } from './layer-problem.ts';
import { NetRunner } from './net-runner.ts';
import { NetSession } from './net-session.ts';

/** What was said, and that no word of it is the engine's or JavaScript's. */
async function diagnosticOf(work: () => unknown) {
  const error: unknown = await Promise.resolve()
    .then(work)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof DiagnosticsError)) throw error;
  expect(error.message).not.toMatch(/onnxruntime|status code|undefined|\.cc|node\b/i);
  return error.diagnostics[0];
}

const netOf = (text: string) =>
  buildNetGraph(parseNet(`layer { name: "in" type: "Input" top: "x" top: "y" }\n${text}`), {
    file: 'net.prototxt',
    phase: 'TEST',
  }).graph;

const LABELS = 'layer { name: "a/loss" type: "SoftmaxWithLoss" bottom: "x" bottom: "y" top: "loss" }';

describe('a value that a layer cannot take', () => {
  test.each([
    ['a label beyond the classes', LABELS, [2, 3], [2], [0, 3], '3, which is outside [0, 2]'],
    ['a label below 0', LABELS, [2, 3], [2], [0, -1], '-1, which is outside [0, 2]'],
    [
      'an index of BatchReindex below 0',
      'layer { name: "a/loss" type: "BatchReindex" bottom: "x" bottom: "y" top: "loss" }',
      ...[[4, 3], [2], [0, -4], '-4, which is outside [0, 3]'],
    ],
    [
      'a class of Accuracy',
      'layer { name: "a/loss" type: "Accuracy" bottom: "x" bottom: "y" top: "loss" }',
      ...[[2, 3], [2], [7, 1], '7, which is outside [0, 2]'],
    ],
  ] as [string, string, number[], number[], number[], string][])('%s', async (_, text, x, y, values, said) => {
    const graph = netOf(text);
    const inputShapes = new Map<string, Shape>(Object.entries({ x, y }));
    const runner = await NetRunner.create({ graph, inputShapes, weights: new Map(), outputs: ['loss'] });
    const batch = new Map([
      ['x', new Float32Array(x.reduce((a, b) => a * b))],
      ['y', Float32Array.from(values)],
    ]);
    const diagnostic = await diagnosticOf(() => runner.run(batch));
    await runner.close();
    expect(diagnostic).toMatchObject({ severity: 'error', file: 'net.prototxt', layer: 'a/loss' });
    expect(diagnostic!.message).toContain(said);
  });

  test('an ignored label may lie anywhere', async () => {
    const graph = netOf(LABELS.replace('top:', 'loss_param { ignore_label: 255 } top:'));
    const inputShapes = new Map<string, Shape>(Object.entries({ x: [2, 3], y: [2] }));
    const runner = await NetRunner.create({ graph, inputShapes, weights: new Map(), outputs: ['loss'] });
    const batch = new Map(Object.entries({ x: new Float32Array(6), y: Float32Array.of(255, 1) }));
    const blobs = await runner.run(batch);
    await runner.close();
    expect(blobs.get('loss')!.data[0]).toBeCloseTo(Math.log(3), 5);
  });
});

test('a lack of memory is told of the layer and of the memory that it asked for', async () => {
  const graph = netOf('layer { name: "a" type: "Tile" bottom: "x" top: "c" }');
  const g = new GraphBuilder({ memoryLimit: Infinity });
  const x = g.input('x', [1]);
  // 2 PB.
  const wide = g.within('a', () => ops.expand(g, x, [2 ** 26, 2 ** 23]));
  g.output(
    'c',
    g.within('a', () => ops.reduceSum(g, wide, [0, 1])),
  );
  const session = await NetSession.open(encodeModel(g, { name: 'wide' }), graph);
  const diagnostic = await diagnosticOf(() => session.run({ x: floatTensor(new Float32Array(1), [1]) }));
  await session.release();
  expect(diagnostic).toMatchObject({ code: 'memory', severity: 'error', file: 'net.prototxt', layer: 'a' });
  expect(diagnostic!.message).toBe('Tile: there is not enough memory: it asked for 2251799.8 GB');
});

test('what the engine refuses is told of the layer, of two names the longer', async () => {
  const graph = netOf(`layer { name: "a" type: "ReLU" bottom: "x" top: "b" }
layer { name: "a/b" type: "Sigmoid" bottom: "b" top: "c" }`);
  const g = new GraphBuilder();
  const x = g.input('x', [1, 1, 2, 2]);
  const pool = { kernel_shape: [1, 1], strides: [2, 2], pads: [0, 0, 1, 1] };
  g.output(
    'y',
    g.within('a/b', () => g.op('MaxPool', [g.op('Relu', [x], {}, x.shape)], pool, [1, 1, 2, 2])),
  );
  const diagnostic = await diagnosticOf(() => NetSession.open(encodeModel(g, { name: 'net' }), graph));
  expect(diagnostic).toMatchObject({ code: 'engine', file: 'net.prototxt', layer: 'a/b' });
  expect(diagnostic!.message).toBe('Sigmoid: the engine has no way to compute this layer with these settings');
});

test('what nobody foresaw in a layer is an internal error of the layer', async () => {
  const graph = netOf('layer { name: "a" type: "ReLU" bottom: "x" top: "b" }');
  const broken = () => forLayer(graph, graph.layers[1]!, () => (undefined as unknown as number[]).length);
  const diagnostic = await diagnosticOf(broken);
  expect(diagnostic).toMatchObject({ code: 'internal-error', file: 'net.prototxt', layer: 'a' });
  expect(diagnostic!.hint).toContain('CAFFE_QUANT_DEBUG=1');
  expect(() => broken()).toThrow(expect.objectContaining({ cause: expect.any(TypeError) as unknown }));
});
