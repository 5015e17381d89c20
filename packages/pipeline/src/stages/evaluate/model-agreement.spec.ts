import { buildNetGraph, readCaffemodel, readNetText, writeCaffemodel } from '@caffe-quant/caffe-io';
import { exportModels } from '@caffe-quant/deploy';
import { evaluate, type NetData, netRunnerFactory } from '@caffe-quant/kernels';
import { integerRunnerFactory } from './integer-runner.ts';
import { modelAgreement } from './model-agreement.ts';

const RECORDS = 40;
const layer = (name: string, type: string, bottom: string, top: string, rest = ''): string =>
  `layer { name: "${name}" type: "${type}" bottom: "${bottom}" top: "${top}" ${rest} }\n`;
const BODY =
  layer('conv1', 'Convolution', 'data', 'conv1', 'convolution_param { num_output: 4 kernel_size: 3 }') +
  layer('relu1', 'ReLU', 'conv1', 'conv1') +
  layer('conv2', 'Convolution', 'conv1', 'conv2', 'convolution_param { num_output: 3 kernel_size: 3 }');
const HEAD = layer('ip', 'InnerProduct', 'conv2', 'ip', 'inner_product_param { num_output: 5 }');
const INPUT = 'layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 2 dim: 8 dim: 8 } } }\n';

const noise = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898 + seed * 78.233) * Math.cos(i * 4.1 + seed));
const records = (start: number, count: number) =>
  Promise.resolve(new Map([['data', noise(RECORDS * 128, 5).slice(start * 128, (start + count) * 128)]]));
const data = {
  batchSize: 8,
  recordCount: RECORDS,
  inputShapes: (size = 8) => new Map([['data', [size, 2, 8, 8]]]),
  records,
} as unknown as NetData;

/** The agreement of the models of a net, whose deploy model is changed before. */
async function agreementOf(text: string, change?: (layer: string, bias: Int32Array) => void) {
  const file = 'net.prototxt';
  const names = ['conv1', 'conv2', 'ip'].filter((name) => text.includes(`name: "${name}"`));
  const shapes: Record<string, number[]> = { conv1: [4, 2, 3, 3], conv2: [3, 4, 3, 3], ip: [5, 48] };
  const product = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);
  const exported = exportModels({
    net: { text, file },
    plan: {
      batchNum: 1,
      layers: names.map((name) => ({
        name,
        type: name === 'ip' ? 'InnerProduct' : 'Convolution',
        quantizer: name,
        channelWise: name !== 'ip',
      })),
      quantizers: names.map((name) => ({ name, blob: '', layers: [name], fixedMin: false, lrMult: 1, decayMult: 0 })),
    },
    weights: new Map(
      names.map((name, i) => [name, [noise(product(shapes[name]!), i), noise(shapes[name]![0]!, i + 9)]]),
    ),
    clips: new Map(names.map((name) => [name, { max: 4, min: -4 }])),
    inputShapes: data.inputShapes(),
    prefix: 'm',
  });
  const textOf = (name: string) => ({ text: exported.files.get(`m_${name}`) as string, file: name });
  const bytesOf = (name: string) => exported.files.get(`m_${name}`) as Uint8Array;
  const fakeGraph = buildNetGraph(readNetText(textOf('fake_quant_model.prototxt').text, file).net, {
    file,
    phase: 'TEST',
  }).graph;
  const fakeWeights = new Map(
    readCaffemodel(bytesOf('fake_quant_weights.caffemodel'), file).layers.map(({ name, blobs }) => [
      name,
      blobs.map((blob) => blob.data),
    ]),
  );
  const deployed = readCaffemodel(bytesOf('deploy_weights.caffemodel'), file);
  for (const { name, blobs } of deployed.layers) if (blobs[1]?.int32) change?.(name, blobs[1].int32);
  const changed = writeCaffemodel({ name: deployed.name, layers: deployed.layers.map((each) => ({ ...each })) });
  const files = {
    prototxt: textOf('deploy_model.prototxt'),
    caffemodel: { bytes: changed, file: 'deploy_weights.caffemodel' },
    record: textOf('scale_offset_record.txt'),
  };
  const { graph } = buildNetGraph(readNetText(text, file).net, { file, phase: 'TEST' });
  const [fake, integer] = [netRunnerFactory(fakeGraph, fakeWeights), integerRunnerFactory(graph, files)];
  return modelAgreement(
    { graph, data },
    { graph: fakeGraph, createRunner: fake, evaluation: await evaluate(fakeGraph, data, fake) },
    { files, createRunner: integer, evaluation: await evaluate(graph, data, integer) },
  );
}

test('a classifier is compared by its predictions', async () => {
  const text = INPUT + BODY + HEAD + layer('prob', 'Softmax', 'ip', 'prob');
  expect(await agreementOf(text)).toEqual({ integerVsFakeQuant: 1 });
});

test('a net of scores for every pixel has no prediction a record, and is compared in dB', async () => {
  const { ratios, ...others } = await agreementOf(INPUT + BODY + layer('prob', 'Softmax', 'conv2', 'prob'));
  expect(others).toEqual({ records: RECORDS });
  expect(ratios!['prob']).toBeGreaterThan(60);
});

test('a regressor is compared in dB', async () => {
  const { ratios, ...others } = await agreementOf(INPUT + BODY + HEAD);
  expect(others).toEqual({ records: RECORDS });
  expect(ratios!['ip']).toBeGreaterThan(60);
});

test('where an integer is wrong, the layer that has it is named', async () => {
  const { ratios, differsFrom } = await agreementOf(INPUT + BODY + HEAD, (name, bias) => {
    if (name === 'conv2') bias.fill(1_000_000);
  });
  expect(ratios!['ip']).toBeLessThan(30);
  expect(differsFrom).toMatchObject({ layer: 'conv2' });
  expect(differsFrom!.ratio).toBeLessThan(30);
});
