import { buildNetGraph, readNetText } from '@caffe-quant/caffe-io';
import { batchNormWarnings, withFrozenBatchNorm } from './batch-norm.ts';

const netOf = (batchNorm: string, batch = 32) =>
  readNetText(
    `layer { name: "d" type: "Data" top: "data" top: "label" data_param { batch_size: ${batch} } }
layer { name: "bn" type: "BatchNorm" bottom: "data" top: "bn" ${batchNorm} }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "bn" bottom: "label" }`,
    'net.prototxt',
  );
const warningsOf = (batchNorm: string, maxIter: number, batch?: number, freeze = false) => {
  const { net, locate } = netOf(batchNorm, batch);
  const trained = freeze ? withFrozenBatchNorm(net) : net;
  const options = { file: 'net.prototxt', phase: 'TRAIN', locate } as const;
  return batchNormWarnings(buildNetGraph(trained, options).graph, maxIter);
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

test('a warning stands at the layer and says how to keep the statistics', () => {
  expect(warningsOf('', 10)[0]).toMatchObject({ file: 'net.prototxt', line: 2, layer: 'bn', severity: 'warning' });
  expect(warningsOf('', 10)[0]!.hint).toContain('batchNorm: freeze');
});

test('frozen layers use their global statistics, and there is nothing to warn of', () => {
  const { net } = netOf('batch_norm_param { eps: 0.01 }');
  expect(withFrozenBatchNorm(net).layer[1]!.batch_norm_param).toMatchObject({ use_global_stats: true });
  expect(withFrozenBatchNorm(net).layer[1]!.batch_norm_param!.eps).toBeCloseTo(0.01);
  expect(net.layer[1]!.batch_norm_param!.use_global_stats).toBeUndefined();
  expect(warningsOf('', 10, 2, true)).toEqual([]);
});
