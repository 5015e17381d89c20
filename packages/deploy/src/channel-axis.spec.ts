import { floatTensor, loadOnnxruntime, NetRunner } from '@caffe-quant/kernels';
import { exportModels } from './export-models.ts';
import { IntegerModel } from './integer/integer-model.ts';
import { bytesOf, deployFiles, graphOf, largestDifference, textOf, weightsOf } from './testing/run-exported.ts';
import { noise, smallExport } from './testing/small-nets.ts';

/** A float convolution over pairs of channels as images, between layers that are quantized. */
const NET = `
  layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 4 dim: 6 dim: 6 } } }
  layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 6 kernel_size: 1 } }
  layer { name: "split" type: "Reshape" bottom: "conv" top: "split"
          reshape_param { shape { dim: 0 dim: 2 dim: 3 dim: 6 dim: 6 } } }
  layer { name: "pair" type: "Convolution" bottom: "split" top: "pair"
          convolution_param { num_output: 2 kernel_size: 3 stride: 3 axis: -3 } }
  layer { name: "ip" type: "InnerProduct" bottom: "pair" top: "ip" inner_product_param { num_output: 5 } }`;

test('a convolution on axis 2 is the same in fake quantization, the integer model and ONNX, for any batch', async () => {
  const input = smallExport(NET, [
    { name: 'conv', type: 'Convolution', channelWise: true, blobs: [[6, 4, 1, 1], [6]], clip: { max: 1, min: -1 } },
    { name: 'ip', type: 'InnerProduct', channelWise: false, blobs: [[5, 16], [5]], clip: { max: 4, min: -4 } },
  ]);
  const weights = new Map([...input.weights, ['pair', [noise(54, 7), noise(2, 8)]]]);
  const exported = exportModels({ ...input, weights });
  expect(exported.diagnostics).toEqual([]);
  const { InferenceSession } = await loadOnnxruntime();
  const session = await InferenceSession.create(bytesOf(exported, 'small_int8.onnx'));
  for (const count of [1, 3]) {
    const data = noise(count * 144, 99);
    const batch = new Map([['data', data]]);
    const integer = await IntegerModel.create({ files: deployFiles(exported, 'small'), batchSize: count });
    const fake = await NetRunner.create({
      graph: graphOf(textOf(exported, 'small_fake_quant_model.prototxt')),
      weights: weightsOf(bytesOf(exported, 'small_fake_quant_weights.caffemodel')),
      inputShapes: new Map([['data', [count, 4, 6, 6]]]),
      outputs: ['ip'],
    });
    const expected = (await fake.run(batch)).get('ip')!;
    const ofOnnx = (await session.run({ data: floatTensor(data, [count, 4, 6, 6]) }))['ip']!;
    expect([expected.shape, ofOnnx.dims]).toEqual([
      [count, 5],
      [count, 5],
    ]);
    const ofIntegers = (await integer.run(batch)).get('ip')!.data;
    // A sum that falls on the other side of a step moves an activation by 8 / 255.
    expect(largestDifference(ofIntegers, expected.data)).toBeLessThan(0.05);
    expect(largestDifference(ofOnnx.data as Float32Array, ofIntegers)).toBeLessThan(0.05);
    await integer.close();
    await fake.close();
  }
  await session.release();
});
