import { floatTensor, loadOnnxruntime } from '@caffe-quant/kernels';
import type { InferenceSession } from 'onnxruntime-node';
import { exportModels } from '../export-models.ts';
import { IntegerModel } from '../integer/integer-model.ts';
import { lenetExport, lenetImages } from '../testing/lenet.ts';
import { bytesOf, deployFiles, largestDifference, predictions } from '../testing/run-exported.ts';
import { smallExport } from '../testing/small-nets.ts';

const IMAGES = 160;

const SESSIONS: [name: string, options: InferenceSession.SessionOptions][] = [
  ['default options', {}],
  ['no optimization', { graphOptimizationLevel: 'disabled' }],
  ['float kernels', { extra: { session: { disable_quant_qdq: '1' } } }],
  ['integer kernels that do not saturate', { extra: { session: { x64quantprecision: '1' } } }],
];

describe.each([
  'small_ifmr_fixm_clipdecay0',
  'small_given6',
  'small_tight_clipdecay0',
  'small_pertensor_skip_conv1_ip2',
])('the ONNX model of %s agrees with the integer model', (name) => {
  const exported = exportModels(lenetExport(name));
  const batch = lenetImages(0, IMAGES);
  let expected: Float32Array;

  beforeAll(async () => {
    const model = await IntegerModel.create({ files: deployFiles(exported, 'lenet'), batchSize: IMAGES });
    expected = (await model.run(batch)).get('prob')!.data;
    await model.close();
  });

  test.each(SESSIONS)('%s', async (_options, options) => {
    const { InferenceSession } = await loadOnnxruntime();
    const session = await InferenceSession.create(bytesOf(exported, 'lenet_int8.onnx'), options);
    expect([session.inputNames, session.outputNames]).toEqual([['data'], ['prob']]);
    const run = async (count: number): Promise<Float32Array> => {
      const data = batch.get('data')!.slice(0, count * 784);
      const { prob } = await session.run({ data: floatTensor(data, [count, 1, 28, 28]) });
      expect(prob!.dims).toEqual([count, 10]);
      return prob!.data as Float32Array;
    };
    const actual = await run(IMAGES);
    // Two sums that round to neighbouring steps of an activation; probabilities hardly move.
    expect(largestDifference(actual, expected)).toBeLessThan(5e-3);
    expect(predictions(actual, 10)).toEqual(predictions(expected, 10));
    expect(largestDifference(await run(1), actual.slice(0, 10))).toBeLessThan(5e-3);
    await session.release();
  });
});

describe('the ONNX model', () => {
  test('takes float InnerProducts with any number of outputs, and one quantizer for two layers', async () => {
    const text = `
      layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 6 } } }
      layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" inner_product_param { num_output: 2 } }
      layer { name: "b" type: "InnerProduct" bottom: "data" top: "b" inner_product_param { num_output: 3 } }`;
    const ip = (layer: string, outputs: number) => ({
      name: layer,
      type: 'InnerProduct' as const,
      channelWise: false,
      blobs: [[outputs, 6], [outputs]],
      clip: { max: 1, min: -1 },
    });
    const shared = smallExport(text, [ip('a', 2), { ...ip('b', 3), quantizer: 'a' }]);
    const float = { ...shared, plan: { batchNum: 1, layers: [], quantizers: [] } };
    const { InferenceSession } = await loadOnnxruntime();
    const data = floatTensor(
      Float32Array.from({ length: 12 }, (_, i) => i / 12),
      [2, 6],
    );
    const results = [];
    for (const input of [shared, float]) {
      const session = await InferenceSession.create(bytesOf(exportModels(input), 'small_int8.onnx'));
      results.push(await session.run({ data }));
      await session.release();
    }
    for (const blob of ['a', 'b']) {
      const [quantized, exact] = results.map((result) => result[blob]!.data as Float32Array);
      expect(largestDifference(quantized!, exact!)).toBeLessThan(0.03);
    }
  });

  test('a layer that draws random numbers is refused by name', () => {
    const text = `
      layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 6 } } }
      layer { name: "noise" type: "DummyData" top: "noise" dummy_data_param { shape { dim: 1 dim: 6 }
              data_filler { type: "gaussian" } } }
      layer { name: "relu" type: "ReLU" bottom: "data" top: "relu" }
      layer { name: "noisy" type: "ReLU" bottom: "noise" top: "noisy" }`;
    expect(() => exportModels(smallExport(text, []))).toThrow(/DummyData "noise" draws random numbers in TEST/);
  });

  test.each([
    ['Convolution', 'convolution_param { num_output: 2 kernel_size: 3 axis: 0 }', [2, 3, 3, 3], [2, 1, 3, 3]],
    ['InnerProduct', 'inner_product_param { num_output: 2 axis: 0 }', [2, 108], [2, 36]],
  ])('%s of axis 0, whose weights depend on the batch, is refused by name', (type, settings, own, ofOne) => {
    const text = `
      layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 3 dim: 6 dim: 6 } } }
      layer { name: "first" type: "${type}" bottom: "data" top: "first" ${settings} }`;
    const length = own.reduce((product, dim) => product * dim, 1);
    const weights = new Map([['first', [new Float32Array(length), new Float32Array(2)]]]);
    expect(() => exportModels({ ...smallExport(text, []), weights })).toThrow(
      `blob 0 of layer "first" would be [${ofOne.join(', ')}] for a batch of 1`,
    );
  });

  const reshaped = (shape: string) =>
    smallExport(
      `layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 6 } } }
      layer { name: "rows" type: "Reshape" bottom: "data" top: "rows" reshape_param { shape { ${shape} } } }
      layer { name: "relu" type: "ReLU" bottom: "rows" top: "relu" }`,
      [],
    );

  test.each([['dim: 0 dim: 2 dim: 3'], ['dim: 0 dim: -1 dim: 2']])(
    'takes Reshape { %s } for any batch',
    async (shape) => {
      const { InferenceSession } = await loadOnnxruntime();
      const session = await InferenceSession.create(bytesOf(exportModels(reshaped(shape)), 'small_int8.onnx'));
      for (const count of [1, 5]) {
        const { relu } = await session.run({ data: floatTensor(new Float32Array(count * 6), [count, 6]) });
        expect(relu!.dims[0]).toBe(count);
      }
      await session.release();
    },
  );

  test.each([['dim: -1 dim: 3'], ['dim: 1 dim: 2 dim: 3']])(
    'takes Reshape { %s } for one image, and says so',
    async (shape) => {
      const exported = exportModels(reshaped(shape));
      expect(exported.diagnostics).toEqual([
        expect.objectContaining({
          code: 'onnx-batch',
          severity: 'warning',
          file: 'small.prototxt',
          line: 2,
          layer: 'rows',
        }),
      ]);
      const { InferenceSession } = await loadOnnxruntime();
      const session = await InferenceSession.create(bytesOf(exported, 'small_int8.onnx'));
      const { relu } = await session.run({ data: floatTensor(Float32Array.of(1, -2, 3, 4, 5, 6), [1, 6]) });
      expect([...(relu!.data as Float32Array)]).toEqual([1, 0, 3, 4, 5, 6]);
      await session.release();
    },
  );
});
