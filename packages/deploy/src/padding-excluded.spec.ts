import { floatTensor, loadOnnxruntime, NetRunner } from '@caffe-quant/kernels';
import { exportModels } from './export-models.ts';
import { IntegerModel } from './integer/integer-model.ts';
import { bytesOf, deployFiles, graphOf, largestDifference, textOf, weightsOf } from './testing/run-exported.ts';
import { noise, smallExport } from './testing/small-nets.ts';

/** Pooling as Synopsys' fork has it, between layers that are quantized. */
const NET = `
  layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 2 dim: 6 dim: 6 } } }
  layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 1 } }
  layer { name: "pool" type: "Pooling" bottom: "conv" top: "pool"
          pooling_param { pool: AVE_EXC_PAD kernel_size: 3 stride: 2 pad: 1 } }
  layer { name: "ip" type: "InnerProduct" bottom: "pool" top: "ip" inner_product_param { num_output: 5 } }`;

test('AVE_EXC_PAD pooling is the same in fake quantization, the integer model and ONNX', async () => {
  const exported = exportModels(
    smallExport(NET, [
      { name: 'conv', type: 'Convolution', channelWise: true, blobs: [[4, 2, 1, 1], [4]], clip: { max: 1, min: -1 } },
      { name: 'ip', type: 'InnerProduct', channelWise: false, blobs: [[5, 64], [5]], clip: { max: 2, min: -2 } },
    ]),
  );
  expect(exported.diagnostics).toEqual([]);
  expect(textOf(exported, 'small_deploy_model.prototxt')).toContain('pool: AVE_EXC_PAD');
  const count = 3;
  const batch = new Map([['data', noise(count * 72, 99)]]);
  const { InferenceSession } = await loadOnnxruntime();
  const session = await InferenceSession.create(bytesOf(exported, 'small_int8.onnx'));
  const integer = await IntegerModel.create({ files: deployFiles(exported, 'small'), batchSize: count });
  const fake = await NetRunner.create({
    graph: graphOf(textOf(exported, 'small_fake_quant_model.prototxt')),
    weights: weightsOf(bytesOf(exported, 'small_fake_quant_weights.caffemodel')),
    inputShapes: new Map([['data', [count, 2, 6, 6]]]),
    outputs: ['ip'],
  });
  const expected = (await fake.run(batch)).get('ip')!.data;
  const ofIntegers = (await integer.run(batch)).get('ip')!.data;
  const ofOnnx = (await session.run({ data: floatTensor(batch.get('data')!, [count, 2, 6, 6]) }))['ip']!;
  // A sum that falls on the other side of a step moves an activation by 4 / 255.
  expect(largestDifference(ofIntegers, expected)).toBeLessThan(0.05);
  expect(largestDifference(ofOnnx.data as Float32Array, ofIntegers)).toBeLessThan(0.05);
  await Promise.all([session.release(), integer.close(), fake.close()]);
});
