import { buildNetGraph } from '@caffe-quant/caffe-io';
import { DiagnosticsError, formatDiagnostics } from 'caffe-prototxt-parser';
import { parseNet } from '../testing/parse-layer.ts';
import { checkWeights, weightWarnings } from './check-weights.ts';

const NET = `
layer { name: "in" type: "Input" top: "data" }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 2 kernel_size: 2 } }
layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv" EPS }`;
const graphOf = (eps = '', phase: 'TRAIN' | 'TEST' = 'TEST') =>
  buildNetGraph(parseNet(NET.replace('EPS', eps && `batch_norm_param { eps: ${eps} }`)), { file: 'n.prototxt', phase })
    .graph;
const blobs = (weight = 1, [mean, variance, factor] = [0, 1, 1]) =>
  new Map([
    [
      'conv',
      [
        { shape: [2, 1, 2, 2], data: Float32Array.of(1, 2, 3, 4, 5, weight, 7, 8) },
        { shape: [2], data: Float32Array.of(0, 0) },
      ],
    ],
    [
      'bn',
      [
        { shape: [2], data: Float32Array.of(0, mean!) },
        { shape: [2], data: Float32Array.of(1, variance!) },
        { shape: [1], data: Float32Array.of(factor!) },
      ],
    ],
  ]);

function complaint(graph: ReturnType<typeof graphOf>, fitted: ReturnType<typeof blobs>): string {
  try {
    checkWeights(graph, fitted, 'w.caffemodel');
    return '';
  } catch (error) {
    if (error instanceof DiagnosticsError) return formatDiagnostics(error.diagnostics);
    throw error;
  }
}

test('sound weights say nothing, however small or large they are', () => {
  expect(complaint(graphOf(), blobs())).toBe('');
  expect(complaint(graphOf(), blobs(1e-45))).toBe('');
  expect(complaint(graphOf(), blobs(3.4e38))).toBe('');
});

test.each([
  [
    'NaN',
    NaN,
    /n\.prototxt: error: layer `conv`: of blob 0 \(\[2, 1, 2, 2\]\) element \[1, 0, 0, 1\] is NaN, in w\.caffemodel/,
  ],
  ['an infinity', -Infinity, /element \[1, 0, 0, 1\] is -Infinity/],
])('%s is named by layer, blob, element and file', (_name, value, message) => {
  expect(complaint(graphOf(), blobs(value))).toMatch(message);
});

test.each([
  ['a negative variance', '', [0, -0.5, 1], /`bn`: the variance of channel 1 is -0.5, and with eps 0.00001/],
  ['one that a negative factor makes so', '', [0, 0.5, -1], /the variance of channel 0 is -1/],
  ['none, with no eps', '0', [0, 0, 1], /the variance of channel 1 is 0, and with eps 0 /],
  ['a mean that is NaN', '', [NaN, 1, 1], /`bn`: of blob 0 \(\[2\]\) element \[1\] is NaN/],
] as const)('BatchNorm with %s cannot be computed', (_name, eps, statistics, message) => {
  expect(complaint(graphOf(eps), blobs(1, [...statistics]))).toMatch(message);
});

test('statistics that are not used may be what they are, but for NaN', () => {
  expect(complaint(graphOf('0', 'TRAIN'), blobs(1, [0, -1, 1]))).toBe('');
  expect(complaint(graphOf('0', 'TRAIN'), blobs(1, [0, NaN, 1]))).toMatch(/of blob 1 \(\[2\]\) element \[1\] is NaN/);
});

test.each([
  ['never trained', [0, 0, 0], /has never seen data/],
  ['of another tool', [0.5, 1, 0], /the third blob of BatchNorm.* is 0/],
] as const)('a factor of 0 is a warning: %s', (_name, [mean, variance, factor], message) => {
  const weights = new Map([['bn', [Float32Array.of(0, mean), Float32Array.of(0, variance), Float32Array.of(factor)]]]);
  expect(weightWarnings(graphOf(), weights)).toMatchObject([
    { severity: 'warning', layer: 'bn', message: expect.stringMatching(message) },
  ]);
  expect(weightWarnings(graphOf('', 'TRAIN'), weights)).toEqual([]);
});
