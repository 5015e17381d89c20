import {
  buildNetGraph,
  type Caffemodel,
  createMessage,
  type NetGraph,
  readCaffemodel,
  readSolverText,
  writeCaffemodel,
} from '@caffe-quant/caffe-io';
import type { Shape } from '../graph/graph-builder.ts';
import { fitWeights } from '../net/fit-weights.ts';
import { NetRunner } from '../net/net-runner.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { reestimateBatchNorm } from './reestimate-batch-norm.ts';
import { Trainer } from './trainer.ts';

const graphOf = (phase: 'TRAIN' | 'TEST'): NetGraph =>
  buildNetGraph(
    parseNet(`
      layer { name: "in" type: "Input" top: "x" top: "t" }
      layer { name: "bn" type: "BatchNorm" bottom: "x" top: "y"
              batch_norm_param { scale_bias: true moving_average_fraction: 0.9 eps: 1e-4 engine: CUDNN } }
      layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "t" }`),
    { file: 'scaled.prototxt', phase },
  ).graph;

const SHAPE: Shape = [2, 2, 2, 2];
const SHAPES = new Map([
  ['x', SHAPE],
  ['t', SHAPE],
]);
const BATCH = new Map([
  ['x', Float32Array.of(1, 2, 0.5, -1, 3, -2, 0.25, 4, 2, 2.5, -0.5, 1, -3, 1.5, 0.75, -1)],
  ['t', Float32Array.of(0.5, 0, 1, -1, 1, -1, 0, 2, 0.25, 1, 0, 0.5, -1, 0, 0.5, -0.5)],
]);

/** What NVIDIA's Caffe 0.16 writes: statistics as they are, a third blob of 0, scale and bias. */
const BLOBS: readonly number[][] = [[0.5, -0.25], [2, 0.5], [0], [1.5, -0.5], [0.25, 1]];

function weightsOf(graph: NetGraph) {
  const param = createMessage('LayerParameter', { name: 'bn', type: 'BatchNorm' });
  const blobs = BLOBS.map((data) => ({ shape: [data.length], data: Float32Array.from(data) }));
  const model: Caffemodel = {
    ...{ name: 'scaled', net: createMessage('NetParameter'), format: 'binary', dialect: 'bvlc', diagnostics: [] },
    layers: [{ name: 'bn', type: 'BatchNorm', blobs, param }],
  };
  const file = readCaffemodel(writeCaffemodel(model), 'scaled.caffemodel');
  const { weights, diagnostics } = fitWeights(graph, SHAPES, file, 'scaled.caffemodel');
  expect(diagnostics).toEqual([]);
  return weights;
}

const plain = (blobs: readonly Float32Array[]): number[][] => blobs.map((blob) => [...blob]);

function expectNear(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
}

// All numbers below: PyTorch 2's batch_norm in float64.
test('TEST normalizes by the statistics as they are, then scales and shifts', async () => {
  const graph = graphOf('TEST');
  const y = graph.layers.at(-1)!.bottoms[0]!.id;
  const runner = await NetRunner.create({ graph, weights: weightsOf(graph), inputShapes: SHAPES, outputs: [y] });
  const outputs = await runner.run(BATCH);
  await runner.close();
  expectNear(
    [...outputs.get(y)!.data],
    [
      ...[0.7803168281349271, 1.8409504844047813, 0.25, -1.3409504844047813],
      ...[-1.2978672636181052, 2.2373131419482104, 0.6464819594433684, -2.0049033447313684],
      ...[1.8409504844047813, 2.3712673125397083, -0.8106336562698542, 0.7803168281349271],
      ...[2.9443492230614736, -0.23731314194821046, 0.2929639188867369, 1.5302770608349472],
    ],
  );
});

test('TRAIN normalizes by the batch; scale and bias learn, and the statistics follow the batches', async () => {
  const graph = graphOf('TRAIN');
  const { solver } = readSolverText('base_lr: 0.1 lr_policy: "fixed"', 's');
  const trainer = await Trainer.create({ graph, solver, inputShapes: SHAPES, weights: weightsOf(graph) });
  const { loss } = await trainer.step(BATCH);
  expect(loss).toBeCloseTo(8.742096830272402, 5);
  const weights = await trainer.weights();
  await trainer.close();
  const [scale, bias] = plain(weights.get('bn_scale')!);
  expectNear(scale!, [1.0465005459873737, 0.06597685409836052]);
  expectNear(bias!, [0.2625, 0.65]);
  const [mean, variance, factor] = plain(weights.get('bn')!);
  expectNear(mean!, [1.3875, 0.2125]);
  expectNear(variance!, [3.33125, 6.213392857142859]);
  expectNear(factor!, [1.9]);
});

test('statistics are taken anew, and scale and bias stay', async () => {
  const graph = graphOf('TRAIN');
  const weights = weightsOf(graph);
  const batch = () => Promise.resolve(BATCH);
  const estimated = await reestimateBatchNorm({ graph, inputShapes: SHAPES, weights, batches: 2, batch });
  const [mean, , factor] = plain(estimated.get('bn')!);
  expectNear(mean!, [2 * 0.9375, 2 * 0.4375]);
  expect(factor).toEqual([2]);
  expect(plain(estimated.get('bn_scale')!)).toEqual([BLOBS[3], BLOBS[4]]);
});
