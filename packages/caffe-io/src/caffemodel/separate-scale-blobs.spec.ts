import { createMessage } from '../caffe-schema.ts';
import { readMessageText } from '../read-message-text.ts';
import type { Caffemodel } from './caffemodel.ts';
import { readCaffemodel } from './read-caffemodel.ts';
import { separateScaleBlobs } from './separate-scale-blobs.ts';
import { writeCaffemodel } from './write-caffemodel.ts';

type Layers = Record<string, [number[], ...number[]][]>;

const modelOf = (layers: Layers): Caffemodel => ({
  ...{ name: '', net: createMessage('NetParameter'), format: 'binary', dialect: 'bvlc', diagnostics: [] },
  layers: Object.entries(layers).map(([name, blobs]) => ({
    ...{ name, type: '', param: createMessage('LayerParameter') },
    blobs: blobs.map(([shape, ...data]) => ({ shape, data: Float32Array.from(data) })),
  })),
});

const separated = (layers: Layers): Layers =>
  Object.fromEntries(
    separateScaleBlobs(modelOf(layers), new Map([['bn', 's']])).layers.map(({ name, blobs }) => [
      name,
      blobs.map(({ shape, data }) => [shape, ...data]),
    ]),
  );

const STATISTICS: Layers[string] = [
  [[2], 1, 2],
  [[2], 3, 4],
];
const SCALE: Layers[string] = [
  [[2], 5, 6],
  [[2], 7, 8],
];

test.each([0, 1, 100])('five blobs, the third of them %d', (third) => {
  expect(separated({ bn: [...STATISTICS, [[1], third], ...SCALE], c: [[[1], 9]] })).toEqual({
    bn: [...STATISTICS, [[1], 1]],
    s: SCALE,
    c: [[[1], 9]],
  });
});

test('the Scale may stand in the file without weights', () => {
  expect(separated({ bn: [...STATISTICS, [[1], 0], ...SCALE], s: [] })).toEqual({
    bn: [...STATISTICS, [[1], 1]],
    s: SCALE,
  });
});

test.each<[string, Layers]>([
  ['three blobs', { bn: [...STATISTICS, [[1], 7]] }],
  ['the order of 0.15', { bn: [...SCALE, ...STATISTICS, [[1], 7]] }],
  ['a Scale with weights of its own', { bn: [...STATISTICS, [[1], 7], ...SCALE], s: SCALE }],
  ['a BatchNorm without a Scale', { other: [...STATISTICS, [[1], 7], ...SCALE] }],
])('%s: nothing is separated', (_, layers) => {
  expect(separated(layers)).toEqual(layers);
});

test.each([
  ['nvidia', 'type: "BatchNorm" batch_norm_param { scale_bias: true }', ['l', 'l_scale']],
  ['intel', 'type: "Convolution" convolution_param { num_output: 2 kernel_size: 1 relu: true }', ['l', 'l_relu']],
] as const)('of the layers that a layer of a %s file becomes, the first has its blobs', (dialect, fields, names) => {
  const text = `layer { name: "l" bottom: "x" top: "y" ${fields} }`;
  const { bound } = readMessageText(text, 'n', 'NetParameter', dialect);
  const model = modelOf({ l: SCALE });
  const layers = model.layers.map((layer) => ({ ...layer, param: bound.message.layer[0]! }));
  const file = readCaffemodel(writeCaffemodel({ ...model, dialect, layers }), 'f', { dialect });
  expect(file.layers.map(({ name, blobs }) => [name, blobs.length])).toEqual([
    [names[0], 2],
    [names[1], 0],
  ]);
});
