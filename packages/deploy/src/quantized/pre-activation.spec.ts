import { floatTensor, loadOnnxruntime, NetRunner } from '@caffe-quant/kernels';
import { exportModels } from '../export-models.ts';
import { IntegerModel } from '../integer/integer-model.ts';
import {
  bytesOf,
  deployFiles,
  graphOf,
  largestDifference,
  predictions,
  textOf,
  weightsOf,
} from '../testing/run-exported.ts';
import { noise, smallExport } from '../testing/small-nets.ts';

/** Two residual blocks that normalize and activate before they convolve, as ResNet's second form has them. */
const CHANNELS = 6;
const CLASSES = 4;
const IMAGES = 1200;

const layer = (name: string, type: string, bottoms: string[], top: string, settings = ''): string =>
  `layer { name: "${name}" type: "${type}" ${bottoms.map((bottom) => `bottom: "${bottom}"`).join(' ')} top: "${top}" ${settings} }`;
const convolution = (name: string, bottom: string): string =>
  layer(name, 'Convolution', [bottom], name, `convolution_param { num_output: ${CHANNELS} kernel_size: 3 pad: 1 }`);
/** BatchNorm with a blob of its own, since the block's input goes around it; Scale and ReLU in place. */
const activation = (name: string, bottom: string): string =>
  [
    layer(`${name}_bn`, 'BatchNorm', [bottom], name),
    layer(`${name}_scale`, 'Scale', [name], name, 'scale_param { bias_term: true }'),
    layer(`${name}_relu`, 'ReLU', [name], name),
  ].join('\n');

const NET = `
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }
${convolution('stem', 'data')}
${activation('a', 'stem')}
${convolution('conv1', 'a')}
${layer('sum1', 'Eltwise', ['stem', 'conv1'], 'sum1')}
${activation('b', 'sum1')}
${convolution('conv2', 'b')}
${layer('sum2', 'Eltwise', ['sum1', 'conv2'], 'sum2')}
${activation('c', 'sum2')}
${layer('pool', 'Pooling', ['c'], 'pool', 'pooling_param { pool: AVE kernel_size: 4 stride: 4 }')}
${layer('ip', 'InnerProduct', ['pool'], 'ip', `inner_product_param { num_output: ${CLASSES} }`)}
${layer('prob', 'Softmax', ['ip'], 'prob')}
`;

const exported = (() => {
  const conv = (name: string, inputs: number, max: number, min: number) => ({
    name,
    type: 'Convolution' as const,
    channelWise: true,
    blobs: [[CHANNELS, inputs, 3, 3], [CHANNELS]],
    clip: { max, min },
  });
  const input = smallExport(NET, [
    conv('stem', 3, 1, -1),
    conv('conv1', CHANNELS, 3, 0),
    conv('conv2', CHANNELS, 3, 0),
    {
      name: 'ip',
      type: 'InnerProduct',
      channelWise: false,
      blobs: [[CLASSES, 4 * CHANNELS], [CLASSES]],
      clip: { max: 3, min: 0 },
    },
  ]);
  const weights = new Map(input.weights);
  ['a', 'b', 'c'].forEach((name, i) => {
    const statistics = [
      noise(CHANNELS, 50 + i),
      noise(CHANNELS, 53 + i).map((value) => 9 + 4 * value),
      Float32Array.of(2),
    ];
    weights.set(`${name}_bn`, statistics);
    weights.set(`${name}_scale`, [noise(CHANNELS, 56 + i).map((value) => 1.2 + value / 2), noise(CHANNELS, 59 + i)]);
  });
  // Each class compares one quarter of the image with the others.
  const perChannel = noise(CHANNELS, 62);
  const scores = Float32Array.from({ length: CLASSES * 4 * CHANNELS }, (_, i) => {
    const [label, channel, quarter] = [Math.floor(i / (4 * CHANNELS)), Math.floor(i / 4) % CHANNELS, i % 4];
    return perChannel[channel]! * (quarter === label ? 1 : -1 / 3);
  });
  weights.set('ip', [scores, new Float32Array(CLASSES)]);
  return exportModels({ ...input, weights });
})();

/** Noise over images whose quarters are of different brightness. */
const data = noise(IMAGES * 192, 99).map((value, i) => {
  const [image, row, column] = [Math.floor(i / 192), Math.floor(i / 8) % 8, i % 8];
  const quarter = 2 * Math.floor(row / 4) + Math.floor(column / 4);
  return value / 2 + ((image * (quarter + 3)) % 11) / 6 - 0.9;
});

test('BatchNorm that another layer reads beside, or that follows no convolution, is in every model as it was trained', () => {
  for (const name of ['retrain_model', 'fake_quant_model', 'caffe_model', 'deploy_model']) {
    const { layers } = graphOf(textOf(exported, `small_${name}.prototxt`));
    expect(layers.filter(({ type }) => type === 'BatchNorm').map((each) => each.name)).toEqual([
      'a_bn',
      'b_bn',
      'c_bn',
    ]);
  }
  expect(exported.layers.map(({ name, folded }) => [name, folded])).toEqual(
    ['stem', 'conv1', 'conv2', 'ip'].map((name) => [name, undefined]),
  );
  expect(exported.diagnostics.map(({ code, layer: of }) => [code, of])).toEqual([['batch-norm-float', 'a_bn']]);
});

test('the integer model, the fake-quant model and the ONNX model agree', async () => {
  const batch = new Map([['data', data]]);
  const model = await IntegerModel.create({ files: deployFiles(exported, 'small'), batchSize: IMAGES });
  const fake = await NetRunner.create({
    graph: graphOf(textOf(exported, 'small_fake_quant_model.prototxt')),
    weights: weightsOf(bytesOf(exported, 'small_fake_quant_weights.caffemodel')),
    inputShapes: new Map([['data', [IMAGES, 3, 8, 8]]]),
    outputs: ['prob'],
  });
  const [actual, expected] = await Promise.all(
    [model, fake].map(async (each) => (await each.run(batch)).get('prob')!.data),
  );
  await model.close();
  await fake.close();
  const labels = predictions(expected!, CLASSES);
  for (const label of [0, 1, 2, 3]) expect(labels.filter((each) => each === label).length).toBeGreaterThan(100);
  const same = predictions(actual!, CLASSES).filter((label, i) => label === labels[i]).length;
  expect(same / IMAGES).toBeGreaterThanOrEqual(0.999);
  for (const count of [1, 50]) {
    const { InferenceSession } = await loadOnnxruntime();
    const session = await InferenceSession.create(bytesOf(exported, 'small_int8.onnx'), {
      extra: { session: { x64quantprecision: '1' } },
    });
    const { prob } = await session.run({ data: floatTensor(data.slice(0, count * 192), [count, 3, 8, 8]) });
    await session.release();
    expect(largestDifference(prob!.data as Float32Array, actual!.slice(0, count * CLASSES))).toBeLessThan(5e-3);
  }
});
