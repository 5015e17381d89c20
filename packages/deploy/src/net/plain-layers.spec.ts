import { NetRunner } from '@caffe-quant/kernels';
import { exportModels } from '../export-models.ts';
import { IntegerModel } from '../integer/integer-model.ts';
import { deployFiles, graphOf, largestDifference, textOf } from '../testing/run-exported.ts';
import { noise, smallExport } from '../testing/small-nets.ts';
import { plainLayers } from './plain-layers.ts';

const INPUT = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 4 dim: 6 dim: 6 } } }';

/** A depthwise layer with BatchNorm behind it, and another one, each on lines of its own. */
const netOf = (type: string): string => `${INPUT}
# sees
layer {
  name: "dw"
  type: "${type}"  # of a fork
  bottom: "data"
  top: "dw"
  convolution_param {
    num_output: 4
    kernel_size: 3
  }
}
layer { name: "bn" type: "BatchNorm" bottom: "dw" top: "dw" }
layer { name: "last" type: "${type}" bottom: "dw" top: "last" convolution_param { num_output: 4 kernel_size: 3 group: 4 } }
layer { name: "relu" type: "ReLU" bottom: "last" top: "y" }
`;

const clip = { max: 1, min: -1 };
const exportOf = (type: 'DepthwiseConvolution' | 'ConvolutionDepthwise') => {
  const input = smallExport(netOf(type), [
    { name: 'dw', type, channelWise: true, blobs: [[4, 1, 3, 3], [4]], clip },
    { name: 'last', type, channelWise: true, blobs: [[4, 1, 3, 3], [4]], clip: { max: 4, min: -4 } },
  ]);
  const statistics = [noise(4, 7), Float32Array.of(1, 2, 3, 4), Float32Array.of(1)];
  return { ...input, weights: new Map([...input.weights, ['bn', statistics]]) };
};

test('only the type and a missing group change', () => {
  const text = netOf('ConvolutionDepthwise');
  expect(plainLayers({ text, file: 'net.prototxt' }, new Map())).toEqual({
    source: {
      text: text.replaceAll('ConvolutionDepthwise', 'Convolution').replace('_size: 3\n', '_size: 3\n    group: 4\n'),
      file: 'net.prototxt',
    },
    renamed: ['dw', 'last'],
    normalized: [],
  });
});

test('a net without such layers is the same object', () => {
  const source = { text: netOf('Convolution'), file: 'net.prototxt' };
  expect(plainLayers(source, new Map()).source).toBe(source);
});

test('a layer that leaves its outputs to its input gets them written out', () => {
  const text = netOf('ConvolutionDepthwise').replaceAll(/num_output: 4\s+/g, '');
  const { source } = plainLayers({ text, file: 'net.prototxt' }, new Map());
  const layers = graphOf(source.text).layers.filter(({ type }) => type === 'Convolution');
  expect(layers.map(({ param }) => [param.convolution_param!.num_output, param.convolution_param!.group])).toEqual([
    [4, 4],
    [4, 4],
  ]);
  const input = exportOf('ConvolutionDepthwise');
  const [left, said] = [{ ...input, net: { ...input.net, text } }, input].map((each) => exportModels(each).files);
  expect(left!.get('small_int8.onnx')).toEqual(said!.get('small_int8.onnx'));
});

test('an InnerProduct is exported without normalize, and nothing else of it changes', () => {
  const netWith = (normalize: string) =>
    `${INPUT}\nlayer { name: "ip" type: "InnerProduct" bottom: "data" top: "y" inner_product_param { num_output: 3${normalize} } }`;
  const exportWith = (normalize: string) =>
    exportModels(
      smallExport(netWith(normalize), [
        { name: 'ip', type: 'InnerProduct', channelWise: false, blobs: [[3, 144], [3]], clip },
      ]),
    );
  const [plain, normalized] = [exportWith(''), exportWith(' normalize: true')];
  expect(normalized.files).toEqual(plain.files);
  expect(normalized.diagnostics).toMatchObject([{ code: 'unit-rows', severity: 'info' }]);
  expect(plain.diagnostics).toEqual([]);
});

test.each(['DepthwiseConvolution', 'ConvolutionDepthwise'] as const)(
  '%s is exported as Convolution in every file, folds its BatchNorm, and computes what it computed',
  async (type) => {
    const input = exportOf(type);
    const exported = exportModels(input);
    expect(exported.layers.map((layer) => [layer.name, layer.type, layer.folded?.layers])).toEqual([
      ['dw', 'Convolution', ['bn']],
      ['last', 'Convolution', undefined],
    ]);
    for (const [name, content] of exported.files) {
      if (typeof content === 'string') expect([name, content.includes(type)]).toEqual([name, false]);
    }
    const convolutions = graphOf(textOf(exported, 'small_deploy_model.prototxt')).layers.filter(
      (layer) => layer.type === 'Convolution',
    );
    expect(convolutions.map(({ param }) => param.convolution_param!.group)).toEqual([4, 4]);
    expect(exported.diagnostics).toMatchObject([
      { code: 'depthwise-type', severity: 'info', message: expect.stringMatching(/: "dw", "last"$/) as string },
    ]);
    const data = noise(3 * 144, 99);
    const float = await NetRunner.create({
      graph: graphOf(input.net.text),
      weights: input.weights,
      inputShapes: new Map([['data', [3, 4, 6, 6]]]),
      outputs: ['y'],
    });
    const integer = await IntegerModel.create({ files: deployFiles(exported, 'small'), batchSize: 3 });
    const [expected, actual] = await Promise.all(
      [float, integer].map(async (each) => [...(await each.run(new Map([['data', data]]))).values()][0]!.data),
    );
    expect(largestDifference(actual!, expected!)).toBeLessThan(0.15);
    expect(expected!.some((value) => value > 1)).toBe(true);
    await float.close();
    await integer.close();
  },
);

test('what is wrong with a layer is told at its line in the file of the user', () => {
  const input = exportOf('ConvolutionDepthwise');
  const weights = new Map([...input.weights, ['last', [new Float32Array(36).fill(Infinity), new Float32Array(4)]]]);
  expect(() => exportModels({ ...input, weights })).toThrow(
    expect.objectContaining({
      diagnostics: [expect.objectContaining({ layer: 'last', line: 14, file: 'small.prototxt' })],
    }),
  );
});
