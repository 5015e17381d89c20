import { buildNetGraph, readNetText } from '@caffe-quant/caffe-io';
import type { StageOptions } from '../stage-options.ts';
import { batchNormWarnings, frozenAfter, withFrozenBatchNorm } from './batch-norm.ts';

const netOf = (batchNorm: string, batch = 32) =>
  readNetText(
    `layer { name: "d" type: "Data" top: "data" top: "label" data_param { batch_size: ${batch} } }
layer { name: "bn" type: "BatchNorm" bottom: "data" top: "bn" ${batchNorm} }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "bn" bottom: "label" }`,
    'net.prototxt',
  );
const graphOf = (batchNorm: string, batch?: number) => {
  const { net, locate } = netOf(batchNorm, batch);
  return buildNetGraph(net, { file: 'net.prototxt', phase: 'TRAIN', locate }).graph;
};
const warningsOf = (batchNorm: string, maxIter: number, batch?: number, freeze = false) => {
  const graph = graphOf(batchNorm, batch);
  return batchNormWarnings(freeze ? withFrozenBatchNorm(graph) : graph, maxIter);
};

test.each<[string, number, number, string[]]>([
  ['', 3001, 32, []],
  ['', 2999, 32, ['batch-norm-iterations']],
  ['batch_norm_param { moving_average_fraction: 0.9 }', 40, 32, []],
  ['batch_norm_param { moving_average_fraction: 0.9 }', 20, 32, ['batch-norm-iterations']],
  ['', 3001, 15, ['batch-norm-batch']],
  ['batch_norm_param { use_global_stats: true }', 10, 1, []],
])('BatchNorm { %s } with %d iterations of %d images', (batchNorm, maxIter, batch, codes) => {
  expect(warningsOf(batchNorm, maxIter, batch).map(({ code }) => code)).toEqual(codes);
});

test.each([
  ['ImageData', 'image_data_param { batch_size: 15 }', 1],
  ['ImageData', 'image_data_param { source: "list" }', 1],
  ['ImageData', 'image_data_param { batch_size: 16 }', 0],
  ['HDF5Data', 'hdf5_data_param { batch_size: 15 }', 1],
  ['HDF5Data', 'hdf5_data_param { batch_size: 16 }', 0],
])('batches of %s { %s }: %d warnings', (type, param, count) => {
  const { net, locate } = netOf('');
  const data = readNetText(`layer { type: "${type}" top: "data" top: "label" ${param} }`, 'net.prototxt').net.layer;
  const withData = { ...net, layer: [...data, ...net.layer.slice(1)] };
  const { graph } = buildNetGraph(withData, { file: 'net.prototxt', phase: 'TRAIN', locate });
  expect(batchNormWarnings(graph, 3001)).toHaveLength(count);
});

test('a warning stands at the layer and says how to keep the statistics', () => {
  expect(warningsOf('', 10)[0]).toMatchObject({ file: 'net.prototxt', line: 2, layer: 'bn', severity: 'warning' });
  expect(warningsOf('', 10)[0]!.hint).toContain('batchNorm: freeze');
});

test('frozen layers use their global statistics, and there is nothing to warn of', () => {
  const graph = graphOf('batch_norm_param { eps: 0.01 }');
  const frozen = withFrozenBatchNorm(graph).layers[1]!.param.batch_norm_param!;
  expect(frozen.use_global_stats).toBe(true);
  expect(frozen.eps).toBeCloseTo(0.01);
  expect(graph.layers[1]!.param.batch_norm_param!.use_global_stats).toBeUndefined();
  expect(warningsOf('', 10, 2, true)).toEqual([]);
});

test.each<[StageOptions['batchNorm'], number | undefined]>([
  [undefined, undefined],
  ['prototxt', undefined],
  ['freeze', 0],
  ['freezeAfter:0', 0],
  ['freezeAfter:250', 250],
])('batchNorm: %s freezes after %s iterations', (batchNorm, iterations) => {
  expect(frozenAfter(batchNorm === undefined ? {} : { batchNorm })).toBe(iterations);
});
