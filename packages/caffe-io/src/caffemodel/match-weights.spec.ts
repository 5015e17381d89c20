import { createMessage } from '../caffe-schema.ts';
import type { Blob } from '../blob/blob.ts';
import type { Caffemodel } from './caffemodel.ts';
import { matchWeights, weightDiagnostics } from './match-weights.ts';

const blob = (shape: number[], form?: Blob['form']): Blob => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  ...(form && { form }),
});

function modelOf(layers: Record<string, Blob[]>): Caffemodel {
  return {
    name: '',
    net: createMessage('NetParameter'),
    dialect: 'bvlc',
    diagnostics: [],
    layers: Object.entries(layers).map(([name, blobs]) => {
      return { name, type: '', blobs, param: createMessage('LayerParameter', { name }) };
    }),
  };
}

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
    const match = matchWeights([{ layer: 'l', shapes: [expected] }], modelOf({ l: [found] }));
    expect(match.matched.has('l')).toBe(fits);
    if (fits) expect(match.matched.get('l')?.[0]).toEqual({ shape: expected, data: found.data });
  });

  test('the numbers are those of the model, not a copy', () => {
    const found = blob([1, 1, 1, 20], legacy);
    const { matched } = matchWeights([{ layer: 'l', shapes: [[20]] }], modelOf({ l: [found] }));
    expect(matched.get('l')?.[0]?.data).toBe(found.data);
  });
});

test('everything that does not fit is listed at its layer', () => {
  const expected = [
    { layer: 'conv1', shapes: [[20, 1, 5, 5], [20]] },
    { layer: 'conv2', shapes: [[50, 20, 5, 5], [50]] },
    { layer: 'relu', shapes: [] },
    { layer: 'ip1', shapes: [[10, 4]] },
    { layer: 'ip2', shapes: [[2]] },
    { layer: 'ip3', shapes: [[3]] },
  ];
  const model = modelOf({
    conv1: [blob([20, 1, 5, 5])],
    conv2: [blob([64, 20, 5, 5]), blob([50])],
    ip1: [blob([10, 4]), blob([10])],
    ip3: [{ shape: [3], data: new Float32Array(6) }],
    relu: [],
    'old/ip': [blob([7])],
  });
  const match = matchWeights(expected, model);
  expect(match).toMatchObject({ missing: ['ip2'], extra: ['old/ip'] });
  const lines = new Map(expected.map(({ layer }, index) => [layer, index + 1]));
  const places = { weightsFile: 'w', netFile: 'n', lineOf: (layer: string) => lines.get(layer) };
  expect(weightDiagnostics(match, places).map(({ file, line, message }) => `${file}:${line}: ${message}`)).toEqual([
    'n:5: layer "ip2" has weights, but w has none for it',
    'n:1: blob 1 of layer "conv1" is [20] in the net, w has not got it',
    'n:2: blob 0 of layer "conv2" is [50, 20, 5, 5] in the net, [64, 20, 5, 5] in w',
    'n:4: w has a blob 1 of layer "ip1" ([10]), the net has not',
    'n:6: blob 0 of layer "ip3" is [3] in the net, [3] with 6 numbers in w',
    'w:undefined: the weights of layer "old/ip" are not used: the net has no such layer with weights',
  ]);
});

test('of several layers of a name the last counts', () => {
  const model = modelOf({ l: [blob([2])] });
  model.layers.push({ ...model.layers[0]!, blobs: [{ shape: [2], data: Float32Array.of(1, 2) }] });
  expect(matchWeights([{ layer: 'l', shapes: [[2]] }], model).matched.get('l')?.[0]?.data).toEqual(
    Float32Array.of(1, 2),
  );
});
