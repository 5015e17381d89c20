import type { Blob } from '../blob/blob.ts';
import { createMessage } from '../caffe-schema.ts';
import type { Caffemodel } from './caffemodel.ts';
import { type ExpectedWeights, matchWeights } from './match-weights.ts';
import { weightDiagnostics } from './weight-diagnostics.ts';

const blob = (shape: number[], form?: Blob['form']): Blob => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  ...(form && { form }),
});
const numbers = (...values: number[]): Blob => ({ shape: [values.length], data: Float32Array.from(values) });
const ABSENT = numbers();

function modelOf(layers: [string, Blob[]][], format: Caffemodel['format'] = 'binary'): Caffemodel {
  return {
    name: '',
    net: createMessage('NetParameter'),
    format,
    dialect: 'bvlc',
    diagnostics: [],
    layers: layers.map(([name, blobs]) => {
      return { name, type: '', blobs, param: createMessage('LayerParameter', { name }) };
    }),
  };
}

/** A layer of the net: its blobs' shapes, or the key of a shared blob and its shape. */
function layer(name: string, blobs: (number[] | [string, number[]])[], writtenName?: string): ExpectedWeights {
  return {
    layer: name,
    ...(writtenName === undefined ? {} : { writtenName }),
    blobs: blobs.map((each, index) => {
      const [key, shape] = typeof each[0] === 'string' ? (each as [string, number[]]) : [undefined, each as number[]];
      return { key: key ?? `${name}/${index}`, shape, shared: key !== undefined && !key.startsWith(`${name}/`) };
    }),
  };
}

const dataOf = (match: ReturnType<typeof matchWeights>) =>
  Object.fromEntries([...match.found].map(([key, { data }]) => [key, [...data]]));

describe('shapes', () => {
  const legacy = { shape: 'legacy' } as const;
  test.each([
    ['the same', blob([20, 1, 5, 5]), [20, 1, 5, 5], true],
    ['a legacy bias', blob([1, 1, 1, 20], legacy), [20], true],
    ['a legacy inner product', blob([1, 1, 500, 800], legacy), [500, 800], true],
    ['leading ones of today', blob([1, 10]), [10], true],
    ['a net with leading ones', blob([10]), [1, 10], true],
    ['a scalar', blob([1]), [], true],
    ['no shape and the same count', blob([6], { shape: 'none' }), [2, 3], true],
    ['no shape and another count', blob([5], { shape: 'none' }), [2, 3], false],
    ['transposed', blob([3, 2]), [2, 3], false],
    ['flattened', blob([6]), [2, 3], false],
    ['trailing ones', blob([20, 1, 1, 1], legacy), [20], false],
  ])('%s', (_, found, expected, fits) => {
    const match = matchWeights([layer('l', [expected])], modelOf([['l', [found]]]));
    expect(match.found.has('l/0')).toBe(fits);
    if (fits) expect(match.found.get('l/0')).toEqual({ shape: expected, data: found.data });
  });

  test('the numbers are those of the model, not a copy', () => {
    const found = blob([1, 1, 1, 20], legacy);
    const { found: copied } = matchWeights([layer('l', [[20]])], modelOf([['l', [found]]]));
    expect(copied.get('l/0')?.data).toBe(found.data);
  });
});

test('everything that does not fit is listed at its layer', () => {
  const expected = [
    layer('conv1', [[20, 1, 5, 5], [20]]),
    layer('conv2', [[50, 20, 5, 5], [50]]),
    layer('relu', []),
    layer('ip1', [[10, 4]]),
    layer('ip2', [[2]]),
    layer('ip3', [[3]]),
    layer('ip4', [[4], [1]]),
  ];
  const model = modelOf([
    ['conv1', [blob([20, 1, 5, 5])]],
    ['conv2', [blob([64, 20, 5, 5]), blob([50])]],
    ['ip1', [blob([10, 4]), blob([10])]],
    ['ip3', [{ shape: [3], data: new Float32Array(6) }]],
    ['ip4', []],
    ['relu', [blob([1])]],
    ['old/ip', [blob([7])]],
  ]);
  const match = matchWeights(expected, model);
  expect(match).toMatchObject({ missing: [{ layer: 'ip2', indices: [0] }], extra: ['old/ip'] });
  const lines = new Map(expected.map(({ layer: name }, index) => [name, index + 1]));
  const places = { weightsFile: 'w', netFile: 'n', lineOf: (name: string) => lines.get(name) };
  expect(weightDiagnostics(match, places).map(({ file, line, message }) => `${file}:${line}: ${message}`)).toEqual([
    'n:2: blob 0 of layer "conv2" is [50, 20, 5, 5] in the net, [64, 20, 5, 5] in w',
    'n:4: w has a blob 1 of layer "ip1" ([10]), the net has not',
    'n:6: blob 0 of layer "ip3" is [3] in the net, [3] with 6 numbers in w',
    'n:3: w has a blob 0 of layer "relu" ([1]), the net has not',
    'n:1: blob 1 of layer "conv1" is [20] in the net, w has the layer without it',
    'n:7: blob 0 of layer "ip4" is [4] in the net, w has the layer without it',
    'n:7: blob 1 of layer "ip4" is [1] in the net, w has the layer without it',
    'w:undefined: the weights of layers that n does not have are not used: "old/ip"',
  ]);
});

describe('layers that share', () => {
  const NET = [layer('a', [[2], [1]]), layer('b', [['a/0', [2]], [1]])];

  test.each<[string, [string, Blob[]][], object]>([
    ['only the first is there', [['a', [numbers(1, 2), numbers(3)]]], { 'a/0': [1, 2], 'a/1': [3] }],
    ['only the second is there', [['b', [numbers(1, 2), numbers(3)]]], { 'a/0': [1, 2], 'b/1': [3] }],
    [
      'both are there, with other numbers: the last stand',
      [
        ['a', [numbers(1, 2), numbers(3)]],
        ['b', [numbers(4, 5), numbers(6)]],
      ],
      { 'a/0': [4, 5], 'a/1': [3], 'b/1': [6] },
    ],
    [
      'the order is that of the file, not of the net',
      [
        ['b', [numbers(4, 5), numbers(6)]],
        ['a', [numbers(1, 2), numbers(3)]],
      ],
      { 'a/0': [1, 2], 'a/1': [3], 'b/1': [6] },
    ],
    [
      'the second comes without what it shares',
      [
        ['a', [numbers(1, 2), numbers(3)]],
        ['b', [ABSENT, numbers(6)]],
      ],
      { 'a/0': [1, 2], 'a/1': [3], 'b/1': [6] },
    ],
  ])('%s', (_, layers, found) => {
    const match = matchWeights(NET, modelOf(layers));
    expect(dataOf(match)).toEqual(found);
    expect(match.mismatched).toEqual([]);
    expect(match.replaced).toHaveLength(layers.length === 2 && layers[1]![1][0] !== ABSENT ? 1 : 0);
  });

  test('a layer that is there without biases of its own is an error, not one that is left at its filler', () => {
    const match = matchWeights(
      NET,
      modelOf([
        ['a', [numbers(1, 2), numbers(3)]],
        ['b', [numbers(1, 2)]],
      ]),
    );
    expect(match.mismatched).toEqual([{ layer: 'b', index: 1, expected: [1], count: 0 }]);
    expect(match.missing).toEqual([]);
  });

  test('two parameters of one layer, and one shape seen in two ways', () => {
    const net = [
      layer('a', [
        [2, 2],
        ['a/0', [2, 2]],
      ]),
      layer('b', [['a/0', [4]]]),
    ];
    net[0]!.blobs = net[0]!.blobs.map((each, index) => ({ ...each, shared: index === 1 }));
    const both = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
    expect(dataOf(matchWeights(net, modelOf([['a', [both, both]]])))).toEqual({ 'a/0': [1, 2, 3, 4] });
    expect(dataOf(matchWeights(net, modelOf([['b', [numbers(5, 6, 7, 8)]]])))).toEqual({ 'a/0': [5, 6, 7, 8] });
  });

  test('numbers that another layer replaces are named', () => {
    const match = matchWeights(
      NET,
      modelOf([
        ['a', [numbers(1, 2), numbers(3)]],
        ['b', [numbers(1, 7), numbers(3)]],
      ]),
    );
    expect(weightDiagnostics(match, { weightsFile: 'w', netFile: 'n' })).toMatchObject([
      {
        code: 'weights-twice',
        severity: 'warning',
        file: 'w',
        message: expect.stringContaining('those of "b"') as string,
      },
    ]);
  });
});

describe('layers of one name', () => {
  const NET = [layer('sc', [[1]]), layer('sc_2', [[1]], 'sc')];
  const LAYERS: [string, Blob[]][] = [
    ['sc', [numbers(1)]],
    ['sc', [numbers(2)]],
  ];

  test('all of the file go into the first of the net, and the last stands', () => {
    const match = matchWeights(NET, modelOf(LAYERS));
    expect(dataOf(match)).toEqual({ 'sc/0': [2] });
    expect(match).toMatchObject({ missing: [{ layer: 'sc_2', indices: [0] }], replaced: [{ layer: 'sc', by: 'sc' }] });
  });

  test('from an HDF5 file they go into the last', () => {
    const match = matchWeights(NET, modelOf(LAYERS.slice(1), 'hdf5'));
    expect(dataOf(match)).toEqual({ 'sc_2/0': [2] });
    expect(match.missing).toEqual([{ layer: 'sc', indices: [0] }]);
  });

  test('the name that a layer got here means nothing in the file', () => {
    const match = matchWeights(NET, modelOf([['sc_2', [numbers(1)]]]));
    expect(match).toMatchObject({ extra: ['sc_2'] });
  });
});

describe('a file without anything of the net', () => {
  const NET = [layer('a', [[1]]), layer('relu', [])];
  test.each<[string, [string, Blob[]][], string]>([
    ['another net', [['x', [numbers(1)]]], 'foreign-weights'],
    ['no weights at all', [['a', []]], 'weights-shape'],
    ['only other layers without weights', [['relu', []]], 'no-weights'],
  ])('%s', (_, layers, code) => {
    const diagnostics = weightDiagnostics(matchWeights(NET, modelOf(layers)), { weightsFile: 'w', netFile: 'n' });
    expect(diagnostics).toMatchObject([{ code, severity: 'error' }]);
  });
});
