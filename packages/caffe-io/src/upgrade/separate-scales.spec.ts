import { formatMessage } from 'caffe-prototxt-parser';
import { dialectSchema } from '../dialects/dialect-schema.ts';
import { readNetText } from '../read-net-text.ts';

function read(text: string): { layers: string[]; said: string[] } {
  const { net, diagnostics } = readNetText(text, 'net.prototxt');
  // In BVLC's fields alone: that is what is written.
  const schema = dialectSchema('bvlc', 'LayerParameter');
  return {
    layers: net.layer.map((layer) => formatMessage(layer, schema).replace(/\s+/g, ' ').replaceAll('{ }', '{}').trim()),
    said: diagnostics.map(({ severity, line, layer, message }) => `${severity} ${line} ${layer}: ${message}`),
  };
}

const BN = 'name: "bn" type: "BatchNorm" bottom: "x" top: "y"';
const SCALE = 'name: "bn_scale" type: "Scale" bottom: "y" top: "y"';

test.each([
  [
    'scale_bias alone',
    `layer { ${BN} batch_norm_param { scale_bias: true } }`,
    [`${BN} batch_norm_param {}`, `${SCALE} scale_param { bias_term: true }`],
  ],
  [
    'all that it may have',
    `layer { ${BN} include { phase: TRAIN } batch_norm_param { scale_bias: true moving_average_fraction: 0.9 eps: 0.0001 engine: CUDNN
       scale_filler { type: "constant" value: 2 } bias_filler { type: "constant" value: 0.5 } } }`,
    [
      `${BN} include { phase: TRAIN } batch_norm_param { moving_average_fraction: 0.9 eps: 0.0001 }`,
      `${SCALE} include { phase: TRAIN } scale_param { filler { type: "constant" value: 2 } bias_term: true bias_filler { type: "constant" value: 0.5 } }`,
    ],
  ],
  [
    'an eps that cuDNN does not take, and TEST on the statistics of the blobs whatever is said',
    `layer { ${BN} batch_norm_param { scale_bias: true eps: 1e-8 use_global_stats: false } }`,
    [`${BN} batch_norm_param { eps: 1e-05 }`, `${SCALE} scale_param { bias_term: true }`],
  ],
  [
    'statistics of the blobs in TRAIN too',
    `layer { ${BN} batch_norm_param { scale_bias: true use_global_stats: true } }`,
    [`${BN} batch_norm_param { use_global_stats: true }`, `${SCALE} scale_param { bias_term: true }`],
  ],
  [
    'multipliers that say what is done anyway',
    `layer { ${BN} param { lr_mult: 0 } param { lr_mult: 0 } param { lr_mult: 0 } param { lr_mult: 1 } param { decay_mult: 1 }
       batch_norm_param { scale_bias: true } }`,
    [`${BN} batch_norm_param {}`, `${SCALE} scale_param { bias_term: true }`],
  ],
  [
    'blobs that are shared by name',
    `layer { ${BN} param {} param {} param {} param { name: "s" } param { name: "b" } batch_norm_param { scale_bias: true } }`,
    [
      `${BN} batch_norm_param {}`,
      `${SCALE} param { name: "s" lr_mult: 1 decay_mult: 1 } param { name: "b" lr_mult: 1 decay_mult: 1 } scale_param { bias_term: true }`,
    ],
  ],
  [
    'one layer in two phases, beside a layer of the name',
    `layer { ${BN} include { phase: TRAIN } batch_norm_param { scale_bias: true } }
     layer { ${BN} include { phase: TEST } batch_norm_param { scale_bias: true } }
     layer { name: "bn_scale" type: "ReLU" bottom: "y" top: "y" }`,
    [
      `${BN} include { phase: TRAIN } batch_norm_param {}`,
      'name: "bn_scale_1" type: "Scale" bottom: "y" top: "y" include { phase: TRAIN } scale_param { bias_term: true }',
      `${BN} include { phase: TEST } batch_norm_param {}`,
      'name: "bn_scale_1" type: "Scale" bottom: "y" top: "y" include { phase: TEST } scale_param { bias_term: true }',
      'name: "bn_scale" type: "ReLU" bottom: "y" top: "y"',
    ],
  ],
])('%s', (_, text, layers) => {
  expect(read(text)).toEqual({ layers, said: [] });
});

test('multipliers that have no effect are told', () => {
  const text = `layer { ${BN}\n param {} param {} param {}\n param { lr_mult: 2 }\n batch_norm_param { scale_bias: true } }`;
  expect(read(text).said).toEqual([
    "warning 3 bn: lr_mult of scale and bias is 1 whatever is written here, as in NVIDIA's Caffe",
  ]);
});

test('without scale_bias nothing is separated', () => {
  const { net } = readNetText(`layer { ${BN} batch_norm_param { scale_bias: false } }`, 'net.prototxt');
  expect(net.layer.map(({ type }) => type)).toEqual(['BatchNorm']);
});
