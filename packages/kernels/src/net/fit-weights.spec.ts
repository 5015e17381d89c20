import { buildNetGraph, type Caffemodel, createMessage } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { parseNet } from '../testing/parse-layer.ts';
import { fitWeights } from './fit-weights.ts';

/** A file with these layers: name and blobs as [shape, first number], numbers counted up from it. */
type FileLayer = [string, ...[number[], number][]];

function fit(text: string, file: FileLayer[], format: Caffemodel['format'] = 'binary', names?: [string, string][]) {
  const net = parseNet(`layer { name: "in" type: "Input" top: "x" }\n${text}`);
  const { graph } = buildNetGraph(net, { file: 'n', phase: 'TEST', locate: (layer) => lineOf(net.layer, layer) });
  const layers = file.map(([name, ...blobs]) => ({
    name,
    type: '',
    param: createMessage('LayerParameter', { name }),
    blobs: blobs.map(([shape, first]) => {
      return { shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => first + i) };
    }),
  }));
  const net0 = createMessage('NetParameter');
  const model: Caffemodel = { name: '', net: net0, format, dialect: 'bvlc', diagnostics: [], layers };
  const { weights, diagnostics } = fitWeights(graph, new Map([['x', [1, 2, 4, 4]]]), model, 'w', new Map(names));
  return {
    weights: Object.fromEntries([...weights].map(([name, blobs]) => [name, blobs.map((data) => [...data])])),
    said: diagnostics.map(({ severity, message }) => `${severity}: ${message}`),
  };
}

function lineOf(layers: readonly object[], layer: object) {
  return layers.includes(layer) ? { line: layers.indexOf(layer) + 1, column: 1, offset: 0, length: 1 } : undefined;
}

function problem(...args: Parameters<typeof fit>) {
  try {
    fit(...args);
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics.map(({ line, layer, message, hint }) => ({ line, layer, message, hint }));
  }
  throw new Error('it fits');
}

const conv = (name: string, bottom: string, more = '', weights = '') =>
  `layer { name: "${name}" type: "Convolution" bottom: "${bottom}" top: "${name}" ${more}
   convolution_param { num_output: 2 kernel_size: 1 ${weights} } }`;
const W = [2, 2, 1, 1];

describe('layers that are not in the file', () => {
  const layer = (type: string, param = '') => `layer { name: "l" type: "${type}" bottom: "x" top: "y" ${param} }`;
  const net = (text: string) => `${conv('c', 'x')} ${text}`;
  const FILE: FileLayer[] = [['c', [W, 1], [[2], 5]]];

  test.each<[string, string, number[][], string]>([
    [
      'Scale',
      layer('Scale', 'scale_param { bias_term: true }'),
      [
        [1, 1],
        [0, 0],
      ],
      'info',
    ],
    ['Bias', layer('Bias'), [[0, 0]], 'info'],
    ['PReLU', layer('PReLU'), [[0.25, 0.25]], 'info'],
    ['Normalize', layer('Normalize', 'norm_param { channel_shared: false }'), [[1, 1]], 'info'],
    [
      'Deconvolution, bilinear',
      layer(
        'Deconvolution',
        'convolution_param { num_output: 2 group: 2 kernel_size: 2 weight_filler { type: "bilinear" } }',
      ),
      [Array<number>(8).fill(0.25), [0, 0]],
      'info',
    ],
    [
      'InnerProduct, constant',
      layer('InnerProduct', 'inner_product_param { num_output: 1 bias_term: false weight_filler { value: 0.5 } }'),
      [Array<number>(32).fill(0.5)],
      'info',
    ],
    [
      'InnerProduct, constant 0 as stated',
      layer('InnerProduct', 'inner_product_param { num_output: 1 bias_term: false weight_filler { value: 0 } }'),
      [Array<number>(32).fill(0)],
      'warning',
    ],
  ])('%s is filled, and that is said', (_, text, blobs, severity) => {
    const { weights, said } = fit(net(text), FILE);
    expect(weights['l']).toEqual(blobs);
    expect(said).toEqual([
      expect.stringMatching(`^${severity}: w has no weights for layer "l": its fillers fill them`),
    ]);
  });

  test('the number is said as the prototxt has it', () => {
    const { said } = fit(net(layer('PReLU', 'prelu_param { filler { value: 0.1 } }')), FILE);
    expect(said).toEqual([expect.stringMatching(/with the constant 0\.1$/)]);
  });

  test.each([
    [
      'a random filler',
      layer('InnerProduct', 'inner_product_param { num_output: 1 weight_filler { type: "xavier" } }'),
      /'xavier' makes random ones/,
    ],
    [
      'random biases',
      layer(
        'InnerProduct',
        'inner_product_param { num_output: 1 weight_filler { value: 1 } bias_filler { type: "uniform" } }',
      ),
      /'uniform' makes/,
    ],
    ['no filler', layer('Deconvolution', 'convolution_param { num_output: 2 kernel_size: 2 }'), /all of them are 0/],
    ['statistics', layer('BatchNorm'), /without statistics BatchNorm/],
    [
      'kernels that are not square',
      layer(
        'Deconvolution',
        'convolution_param { num_output: 2 kernel_h: 2 kernel_w: 3 weight_filler { type: "bilinear" } }',
      ),
      /no square kernels/,
    ],
  ])('%s: an error at the layer', (_, text, message) => {
    expect(problem(net(text), FILE)).toMatchObject([
      { line: 3, layer: 'l', message: expect.stringMatching(message) as string },
    ]);
  });

  test('a file with a layer of nearly that name', () => {
    const [first] = problem(`${conv('c', 'x')} ${conv('conv_d', 'c')}`, [...FILE, ['conv_e', [W, 1], [[2], 5]]]);
    expect(first?.hint).toContain('the file has "conv_e", unused');
  });

  test('a file of another net: one error, not one for each layer', () => {
    expect(problem(`${conv('c', 'x')} ${conv('d', 'c')}`, [['other', [W, 1]]])).toMatchObject([
      { layer: undefined, message: expect.stringContaining("these are another net's") as string },
    ]);
  });
});

describe('shared parameters', () => {
  const shared = (more = '') => `param { name: "w" ${more} } param { name: "b" }`;
  const SIAMESE = `${conv('a', 'x', shared())} ${conv('b', 'x', shared())}`;
  const OF_FILE: FileLayer[1][] = [
    [W, 1],
    [[2], 5],
  ];
  const BLOBS = [
    [1, 2, 3, 4],
    [5, 6],
  ];

  test.each<[string, Caffemodel['format'], FileLayer[]]>([
    ['the first', 'binary', [['a', ...OF_FILE]]],
    ['the second', 'binary', [['b', ...OF_FILE]]],
    [
      'both',
      'binary',
      [
        ['a', ...OF_FILE],
        ['b', ...OF_FILE],
      ],
    ],
    ['the first, the second being empty', 'binary', [['a', ...OF_FILE], ['b']]],
    ['the first of an HDF5 file', 'hdf5', [['a', ...OF_FILE], ['b']]],
  ])('%s is in the file: both layers have its weights', (_, format, file) => {
    expect(fit(SIAMESE, file, format)).toEqual({ weights: { a: BLOBS, b: BLOBS }, said: [] });
  });

  test('weights are shared, biases are not', () => {
    const net = `${conv('a', 'x', 'param { name: "w" }')} ${conv('b', 'x', 'param { name: "w" }')}`;
    const { weights, said } = fit(net, [['b', [W, 1], [[2], 5]]]);
    expect(weights).toEqual({
      a: [
        [1, 2, 3, 4],
        [0, 0],
      ],
      b: [
        [1, 2, 3, 4],
        [5, 6],
      ],
    });
    expect(said).toEqual([expect.stringContaining('layer "a": its fillers fill them, as in Caffe: blob 1 [2]')]);
  });

  test('of other numbers in the file the last stand, and that is said', () => {
    const { weights, said } = fit(SIAMESE, [
      ['b', ...OF_FILE],
      ['a', [W, 7], [[2], 5]],
    ]);
    expect(weights['b']).toEqual([
      [7, 8, 9, 10],
      [5, 6],
    ]);
    expect(said).toEqual([expect.stringContaining('those of "a", which come last, count')]);
  });

  test('the filler is that of the first layer', () => {
    const filled = (value: number) => `weight_filler { value: ${value} }`;
    const net = `${conv('c', 'x')} ${conv('a', 'c', shared(), filled(1))} ${conv('b', 'c', shared(), filled(2))}`;
    expect(fit(net, [['c', ...OF_FILE]]).weights['b']).toEqual([
      [1, 1, 1, 1],
      [0, 0],
    ]);
  });

  const ip = (mode: string) => `layer { name: "i" type: "InnerProduct" bottom: "p" top: "i"
    param { name: "w" ${mode} } inner_product_param { num_output: 2 bias_term: false } }`;
  const POOLED = `${conv('a', 'x', 'param { name: "w" }')}
    layer { name: "p" type: "Pooling" bottom: "a" top: "p" pooling_param { pool: AVE global_pooling: true } }`;

  test('permissively in another shape of the same size', () => {
    const { weights } = fit(`${POOLED} ${ip('share_mode: PERMISSIVE')}`, [['a', ...OF_FILE]]);
    expect(weights['i']).toEqual([[1, 2, 3, 4]]);
  });

  test.each([
    [
      'strictly in another shape',
      `${POOLED} ${ip('')}`,
      /has another shape: \[2, 2\] here, \[2, 2, 1, 1\] in layer "a"/,
    ],
    [
      'with two lr_mult',
      `${conv('a', 'x', shared('lr_mult: 1'))} ${conv('b', 'x', shared('lr_mult: 2'))}`,
      /has lr_mult 2 here, 1 in layer "a"/,
    ],
    [
      'with two decay_mult',
      `${conv('a', 'x', shared('decay_mult: 0'))} ${conv('b', 'x', shared('decay_mult: 1'))}`,
      /decay_mult 1 here, 0/,
    ],
  ])('%s: refused, as in Caffe', (_, net, message) => {
    expect(problem(net, [['a', ...OF_FILE]])).toMatchObject([{ message: expect.stringMatching(message) as string }]);
  });
});

test('of layers of one name the first has the weights, of an HDF5 file the last; the other its filler', () => {
  const scale = (name: string) => `layer { name: "${name}" type: "Scale" bottom: "x" top: "${name}" }`;
  const net = `${scale('s')} ${scale('s_2')}`;
  const names: [string, string][] = [['s_2', 's']];
  const binary = fit(net, [['s', [[2], 3]], ['s', [[2], 5]]], 'binary', names); // prettier-ignore
  expect(binary.weights).toEqual({ s: [[5, 6]], s_2: [[1, 1]] });
  const hdf5 = fit(net, [['s', [[2], 5]]], 'hdf5', names);
  expect(hdf5.weights).toEqual({ s: [[1, 1]], s_2: [[5, 6]] });
  for (const { said } of [binary, hdf5]) {
    expect(said[0]).toContain('the weights of "s" in w are those of another layer of this name: its fillers fill them');
  }
});

describe('a BatchNorm that scales itself', () => {
  const NET = 'layer { name: "bn" type: "BatchNorm" bottom: "x" top: "y" batch_norm_param { scale_bias: true } }';
  const STATISTICS: [number[], number][] = [
    [[2], 1],
    [[2], 3],
  ];

  test('has five blobs', () => {
    expect(fit(NET, [['bn', ...STATISTICS, [[1], 0], [[2], 5], [[2], 7]]])).toEqual({
      weights: {
        bn: [[1, 2], [3, 4], [1]],
        bn_scale: [
          [5, 6],
          [7, 8],
        ],
      },
      said: [],
    });
  });

  test('and with three of them is told to have no scale', () => {
    const { weights, said } = fit(NET, [['bn', ...STATISTICS, [[1], 2]]]);
    expect(weights['bn']).toEqual([[1, 2], [3, 4], [2]]);
    expect(weights['bn_scale']).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(said).toEqual([
      'warning: w has no weights for layer "bn_scale": its fillers fill them, as in Caffe: blob 0 [2] with the constant 1, blob 1 [2] with the constant 0',
    ]);
  });

  test('and in the order of NVIDIA 0.15 does not fit', () => {
    const file: FileLayer[] = [['bn', [[2], 5], [[2], 7], ...STATISTICS, [[1], 0]]];
    expect(problem(NET, file).map(({ layer }) => layer)).toContain('bn');
  });
});
