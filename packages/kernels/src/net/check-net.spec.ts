import { buildNetGraph, readNetText } from '@caffe-quant/caffe-io';
import { formatDiagnostics } from 'caffe-prototxt-parser';
import { checkNet } from './check-net.ts';

function problems(text: string): string {
  const file = 'net.prototxt';
  const { net, dialect, locate, diagnostics } = readNetText(text, file);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const used = (['TRAIN', 'TEST'] as const).map((phase) => ({
    graph: buildNetGraph(net, { file, phase, locate }).graph,
    locate,
  }));
  return formatDiagnostics(checkNet(net, dialect, used));
}

const DATA = 'layer { name: "d" type: "HDF5Data" top: "x" top: "y" hdf5_data_param { source: "l" batch_size: 1 } }\n';
const layer = (text: string) => problems(`${DATA}layer { name: "k" ${text} }`);

test('a net whose fields are all read has no problems', () => {
  const text =
    'type: "Convolution" bottom: "x" top: "k" convolution_param { num_output: 2 kernel_size: 1 engine: CAFFE }';
  expect(layer(text)).toBe('');
});

test.each([
  [
    'one bottom too few',
    'type: "SoftmaxWithLoss" bottom: "x" top: "k"',
    'a SoftmaxWithLoss layer has 2 bottoms, not 1',
  ],
  ['one bottom too many', 'type: "ReLU" bottom: "x" bottom: "y" top: "k"', 'a ReLU layer has 1 bottom, not 2'],
  ['no bottom', 'type: "Concat" top: "k"', 'a Concat layer has at least 1 bottom, not 0'],
  ['no top', 'type: "Pooling" bottom: "x" pooling_param { kernel_size: 1 }', 'a Pooling layer has 1 to 2 tops, not 0'],
  [
    'a mask of a mean',
    'type: "Pooling" bottom: "x" top: "k" top: "m" pooling_param { pool: AVE kernel_size: 1 }',
    'a Pooling layer has 1 top, not 2',
  ],
  [
    'a top for each bottom',
    'type: "Convolution" bottom: "x" bottom: "y" top: "k" convolution_param { num_output: 1 kernel_size: 1 }',
    'a Convolution layer makes one top of each bottom, but has 2 bottoms and 1 tops',
  ],
  ['tops of a sink', 'type: "Silence" bottom: "x" top: "k"', 'a Silence layer has no tops, not 1'],
])('%s', (_, text, message) => {
  expect(layer(text)).toContain(`net.prototxt:2: error: layer \`k\`: ${message}`);
});

test("a field of a fork that nothing reads is an error at its place, with the fork's name", () => {
  const text = 'type: "Convolution" bottom: "x" top: "k" convolution_param { num_output: 2 kernel_size: 1 coeff: 2 }';
  expect(layer(text)).toMatch(
    /^net\.prototxt:2:\d+: error: layer `k`: convolution_param\.coeff, a field of intel\/caffe, is not supported in a Convolution layer/,
  );
});

test.each([
  [
    'Eltwise',
    'bottom: "x" bottom: "x"',
    'eltwise_param { operation: SORT }',
    'eltwise_param.operation: SORT, a value of happynear/caffe-windows,',
  ],
  [
    'Eltwise',
    'bottom: "x" bottom: "x"',
    'eltwise_param { operation: STOCHASTIC_SUM }',
    'operation: STOCHASTIC_SUM, a value of yjxiong/caffe,',
  ],
  [
    'SoftmaxWithLoss',
    'bottom: "x" bottom: "y"',
    'loss_param { normalization: PRE_FIXED }',
    'loss_param.normalization: PRE_FIXED, a value of intel/caffe,',
  ],
  [
    'Reduction',
    'bottom: "x"',
    'reduction_param { operation: TOPK }',
    'reduction_param.operation: TOPK, a value of yjxiong/caffe,',
  ],
  [
    'Pooling',
    'bottom: "x"',
    'pooling_param { kernel_size: 2 pool: DEF }',
    'pooling_param.pool: DEF, a value of happynear/caffe-windows,',
  ],
])("a fork's value of an enum that nothing reads is an error: %s %s %s", (type, bottoms, fields, said) => {
  expect(layer(`type: "${type}" ${bottoms} top: "k" ${fields}`)).toMatch(/^net\.prototxt:2:\d+: error: layer `k`: /);
  expect(layer(`type: "${type}" ${bottoms} top: "k" ${fields}`)).toContain(`${said} is not supported in a`);
});

test("a fork's value of an enum that is read is none", () => {
  expect(layer('type: "Pooling" bottom: "x" top: "k" pooling_param { kernel_size: 2 pool: AVE_EXC_PAD }')).toBe('');
});

test("a message that the layer's type does not read in Caffe either is a warning", () => {
  const text = 'type: "ReLU" bottom: "x" top: "k" convolution_param { num_output: 2 kernel_size: 1 }';
  expect(layer(text)).toContain('warning: layer `k`: convolution_param changes nothing: a ReLU layer does not read');
});

test.each([
  ['relu_param { negative_slope: nan }', 'type: "ReLU" bottom: "x" top: "k"', 'relu_param.negative_slope'],
  ['loss_weight: 1 loss_weight: nan', 'type: "Silence" bottom: "x"', 'loss_weight'],
  ['param { lr_mult: -nan }', 'type: "ReLU" bottom: "x" top: "k"', 'param.lr_mult'],
])('a setting that is NaN is an error at its place: %s', (fields, type, path) => {
  expect(layer(`${type} ${fields}`)).toMatch(
    new RegExp(`^net\\.prototxt:2:\\d+: error: layer \`k\`: \\w+: ${path} is nan, which is no number`),
  );
});

test('an infinite bound is none', () => {
  expect(layer('type: "Clip" bottom: "x" top: "k" clip_param { min: -inf max: 6 }')).toBe('');
});

test("a net's own fields are checked too", () => {
  expect(problems(`bn_stats_batch_size: 8\n${DATA}`)).toContain(
    'net.prototxt:1:1: error: bn_stats_batch_size, a field of intel/caffe, is not supported in the net',
  );
  expect(problems(`force_backward: true debug_info: true\n${DATA}`)).toBe('');
});
