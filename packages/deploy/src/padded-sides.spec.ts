import { floatTensor, loadOnnxruntime, NetRunner } from '@caffe-quant/kernels';
import { exportModels } from './export-models.ts';
import { IntegerModel } from './integer/integer-model.ts';
import { bytesOf, deployFiles, graphOf, largestDifference, textOf, weightsOf } from './testing/run-exported.ts';
import { noise, smallExport } from './testing/small-nets.ts';

/** A net as Synopsys' converter makes it of TensorFlow's SAME with a stride: one side has more padding than the other. */
const NET = `
  layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 2 dim: 8 dim: 8 } } }
  layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
          convolution_param { num_output: 4 kernel_size: 3 stride: 2 pad_l: 0 pad_r: 1 pad_t: 0 pad_b: 1 } }
  layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" relu_param { relu6: true } }
  layer { name: "dw" type: "Convolution" bottom: "conv" top: "dw"
          convolution_param { num_output: 4 group: 4 kernel_size: 2 pad_l: 1 pad_t: 1 } }
  layer { name: "pool" type: "Pooling" bottom: "dw" top: "pool"
          pooling_param { pool: AVE kernel_size: 3 stride: 2 pad_r: 1 pad_b: 2 } }
  layer { name: "up" type: "Deconvolution" bottom: "pool" top: "up"
          convolution_param { num_output: 3 kernel_size: 3 stride: 2 pad_r: 1 pad_b: 1 } }
  layer { name: "ip" type: "InnerProduct" bottom: "up" top: "ip" inner_product_param { num_output: 5 } }`;

const IMAGE = [2, 8, 8];
const COUNT = 3;

function exportNet() {
  const clip = { max: 1, min: -1 };
  return exportModels(
    smallExport(NET, [
      { name: 'conv', type: 'Convolution', channelWise: true, blobs: [[4, 2, 3, 3], [4]], clip },
      { name: 'dw', type: 'Convolution', channelWise: true, blobs: [[4, 1, 2, 2], [4]], clip: { max: 6, min: 0 } },
      { name: 'pool', type: 'Pooling', blobs: [], clip: { max: 8, min: -8 } },
      { name: 'up', type: 'Deconvolution', channelWise: false, blobs: [[4, 3, 3, 3], [3]], clip: { max: 8, min: -8 } },
      { name: 'ip', type: 'InnerProduct', channelWise: false, blobs: [[5, 48], [5]], clip: { max: 8, min: -8 } },
    ]),
  );
}

test('a padding of each side is the same in fake quantization, the integer model and ONNX', async () => {
  const exported = exportNet();
  const batch = new Map([['data', noise(COUNT * 128, 99)]]);
  const { InferenceSession } = await loadOnnxruntime();
  const session = await InferenceSession.create(bytesOf(exported, 'small_int8.onnx'));
  const integer = await IntegerModel.create({ files: deployFiles(exported, 'small'), batchSize: COUNT });
  const fake = await NetRunner.create({
    graph: graphOf(textOf(exported, 'small_fake_quant_model.prototxt')),
    weights: weightsOf(bytesOf(exported, 'small_fake_quant_weights.caffemodel')),
    inputShapes: new Map([['data', [COUNT, ...IMAGE]]]),
    outputs: ['ip'],
  });
  const expected = (await fake.run(batch)).get('ip')!.data;
  const ofIntegers = (await integer.run(batch)).get('ip')!.data;
  const ofOnnx = (await session.run({ data: floatTensor(batch.get('data')!, [COUNT, ...IMAGE]) }))['ip']!;
  const size = Math.max(...expected.map(Math.abs));
  expect(largestDifference(ofIntegers, expected)).toBeLessThan(size / 40);
  expect(largestDifference(ofOnnx.data as Float32Array, ofIntegers)).toBeLessThan(size / 40);
  await Promise.all([session.release(), integer.close(), fake.close()]);
});

test('every prototxt keeps the fields of the fork, and a warning says who does not know them', () => {
  const exported = exportNet();
  for (const model of ['retrain_model', 'fake_quant_model', 'deploy_model', 'caffe_model']) {
    const text = textOf(exported, `small_${model}.prototxt`);
    expect(text).toContain('pad_r: 1');
    expect(text).toContain('pad_b: 2');
  }
  expect(exported.diagnostics).toMatchObject([
    {
      code: 'fork-fields',
      severity: 'warning',
      message:
        'the exported prototxts keep fields of foss-for-synopsys-dwc-arc-processors/synopsys-caffe (convolution_param.pad_l, ' +
        'convolution_param.pad_r, convolution_param.pad_t, convolution_param.pad_b, relu_param.relu6 and 2 more), which BVLC ' +
        'Caffe, AMCT and ATC do not know: "conv", "relu", "dw", "pool", "up"',
    },
  ]);
});
