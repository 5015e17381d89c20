import { encodeModel, GraphBuilder, ops } from '@caffe-quant/kernels';
import { exportModels } from '../export-models.ts';
import { bytesOf, deployFiles } from '../testing/run-exported.ts';
import { noise, smallExport } from '../testing/small-nets.ts';
import { compareOnnx } from './compare-onnx.ts';
import { OnnxModel } from './onnx-model.ts';

const NET = `
  layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 2 dim: 6 dim: 6 } } }
  layer { name: "conv1" type: "Convolution" bottom: "data" top: "c1" convolution_param { num_output: 4 kernel_size: 3 } }
  layer { name: "relu1" type: "ReLU" bottom: "c1" top: "c1" }
  layer { name: "conv2" type: "Convolution" bottom: "c1" top: "c2" convolution_param { num_output: 3 kernel_size: 4 } }
  layer { name: "prob" type: "Softmax" bottom: "c2" top: "prob" }`;
const LAYERS = [
  {
    name: 'conv1',
    type: 'Convolution' as const,
    channelWise: true,
    blobs: [[4, 2, 3, 3], [4]],
    clip: { max: 1, min: -1 },
  },
  {
    name: 'conv2',
    type: 'Convolution' as const,
    channelWise: false,
    blobs: [[3, 4, 4, 4], [3]],
    clip: { max: 6, min: 0 },
  },
];
const DATA = {
  recordCount: 10,
  batchSize: 4,
  records: (start: number, count: number) => Promise.resolve(new Map([['data', noise(count * 72, start)]])),
};

test('outputs are named with their shapes and compared on whole batches of the records', async () => {
  const exported = exportModels(smallExport(NET, LAYERS));
  const model = bytesOf(exported, 'small_int8.onnx');
  const result = await compareOnnx({ model, files: deployFiles(exported, 'small'), file: 'net.prototxt' }, DATA);
  expect(result).toMatchObject({ records: 8, opset: 13, outputs: [{ name: 'prob', shape: ['batch', 3, 1, 1] }] });
  const [output] = result.outputs;
  expect(output!.same).toEqual({ count: 8, of: 8 });
  expect(output!.sqnr).toBeGreaterThan(60);
  expect(output).not.toHaveProperty('differsFrom');
});

test.each(['conv1', 'conv2'])('where the ONNX model has other weights, %s is named', async (wrong) => {
  const exported = exportModels(smallExport(NET, LAYERS));
  const other = smallExport(NET, LAYERS);
  other.weights.get(wrong)!.forEach((blob) => blob.reverse());
  const model = bytesOf(exportModels(other), 'small_int8.onnx');
  const result = await compareOnnx({ model, files: deployFiles(exported, 'small'), file: 'net.prototxt' }, DATA);
  expect(result.outputs[0]!.differsFrom).toBe(wrong);
});

test('what onnxruntime refuses is an error with the layer, in our words', async () => {
  const g = new GraphBuilder();
  const x = g.input('x', [2, 4]);
  const [, places] = g.within('best', () =>
    g.multi('TopK', [x, g.ints([1])], { axis: 1 }, [
      { shape: [2, 1], type: 'float' },
      { shape: [2, 1], type: 'int64' },
    ]),
  ) as [unknown, ReturnType<GraphBuilder['input']>];
  g.output('y', ops.cast(g, places, 'float'));
  g.nodes.splice(0, 1, { ...g.nodes[0]!, outputs: ['', g.nodes[0]!.outputs[1]!] });
  const opened = OnnxModel.open(encodeModel(g, { name: 'broken' }), 'net.prototxt');
  await expect(opened).rejects.toMatchObject({
    diagnostics: [{ code: 'onnx-refused', severity: 'error', layer: 'best', file: 'net.prototxt' }],
  });
  await expect(opened).rejects.not.toThrow(/fail|ShapeInfer|INVALID/i);
});

test.each([
  [
    'an output that is rewritten in place has another name than the input',
    'layer { name: "r" type: "ReLU" bottom: "data" top: "data" }',
    ['data_out'],
  ],
  [
    'an output that later layers read too, made before the last layer',
    'layer { name: "s" type: "Split" bottom: "data" top: "a" top: "b" } layer { name: "r" type: "ReLU" bottom: "b" top: "r" }',
    ['a', 'r'],
  ],
  [
    'a constant',
    'layer { name: "p" type: "PriorBox" bottom: "data" bottom: "data" top: "p" prior_box_param { min_size: 2 } }',
    ['p'],
  ],
  [
    'indices of a pooling alone, and indices without their values',
    `layer { name: "p" type: "Pooling" bottom: "data" top: "p" top: "mask" pooling_param { kernel_size: 2 stride: 2 } }
     layer { name: "a" type: "ArgMax" bottom: "p" top: "a" argmax_param { axis: 1 } }`,
    ['mask', 'a'],
  ],
  ['a blob named as a node is', 'layer { name: "r" type: "ReLU" bottom: "data" top: "r/Relu_1" }', ['r/Relu_1']],
])('%s', async (_name, layers, names) => {
  const text = `layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 4 dim: 4 } } } ${layers}`;
  const exported = exportModels(smallExport(text, []));
  const records = (start: number, count: number) => Promise.resolve(new Map([['data', noise(count * 48, start)]]));
  const model = bytesOf(exported, 'small_int8.onnx');
  const compared = { model, files: deployFiles(exported, 'small'), file: 'net.prototxt' };
  const { outputs } = await compareOnnx(compared, { ...DATA, records });
  expect(outputs.map(({ name, sqnr }) => [name, sqnr])).toEqual(names.map((name) => [name, 200]));
});

test.each([
  ['places', 'axis: 1', { count: 2 * 3 * 16, of: 2 * 3 * 16 }],
  ['values', 'axis: 1 out_max_val: true', undefined],
  ['places and values', 'out_max_val: true', { count: 2 * 3, of: 2 * 3 }],
])('of an ArgMax, %s: indices are counted, values measured', async (_what, settings, same) => {
  const net = `layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 2 dim: 6 dim: 6 } } }
    layer { name: "conv1" type: "Convolution" bottom: "data" top: "c1" convolution_param { num_output: 4 kernel_size: 3 } }
    layer { name: "x" type: "ArgMax" bottom: "c1" top: "x" argmax_param { top_k: 3 ${settings} } }`;
  const exported = exportModels(smallExport(net, LAYERS.slice(0, 1)));
  const model = bytesOf(exported, 'small_int8.onnx');
  const compared = { model, files: deployFiles(exported, 'small'), file: 'net.prototxt' };
  const [output] = (await compareOnnx(compared, { ...DATA, recordCount: 2, batchSize: 2 })).outputs;
  expect(output!.same).toEqual(same);
  expect(output!.sqnr).toBeGreaterThan(100);
  expect(output).not.toHaveProperty('differsFrom');
});
