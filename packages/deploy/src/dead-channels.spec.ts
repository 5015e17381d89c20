import { floatTensor, loadOnnxruntime, NetRunner } from '@caffe-quant/kernels';
import { readCaffemodel } from '@caffe-quant/caffe-io';
import { exportModels } from './export-models.ts';
import { IntegerModel } from './integer/integer-model.ts';
import { unpackDeqscale } from './models/deqscale.ts';
import { readRecord } from './record/scale-offset-record.ts';
import { bytesOf, deployFiles, graphOf, textOf, weightsOf } from './testing/run-exported.ts';
import { noise, smallExport, type SmallLayer } from './testing/small-nets.ts';

const INPUT = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 4 dim: 6 dim: 6 } } }';
const layer = (type: string, settings: string): string =>
  `layer { name: "x" type: "${type}" bottom: "data" top: "x" ${settings} }`;
const conv = (settings = '', type = 'Convolution'): string =>
  layer(type, `convolution_param { num_output: 4 kernel_size: 3 ${settings} }`);
const BATCH_NORM = `layer { name: "bn" type: "BatchNorm" bottom: "x" top: "x" }
  layer { name: "scale" type: "Scale" bottom: "x" top: "x" scale_param { bias_term: true } }`;

/** Whole numbers from 0 to 255: what is quantized loses nothing, with a scale_d of 1. */
const data = noise(2 * 144, 99).map((value) => Math.floor(128 * (value + 1)));
const clip = { max: 255, min: 0 };
const BIAS = [0.4, -3.3, 0.25, 7e-3];

interface Case {
  what: string;
  net: string;
  type: SmallLayer['type'];
  shape: number[];
  /** Output channels that get no weights, or tiny ones. */
  dead: number[];
  /** Their weights; default: 0. */
  tiny?: number;
  /** Numbers of BatchNorm and Scale behind it. */
  behind?: { mean: number[]; variance: number[]; gamma: number[]; beta: number[] };
  channelWise?: false;
  /** Default: 1e-5. */
  precision?: number;
}

const SMALL = [4, 4, 3, 3];
const ZEROS = [0, 0, 0, 0];
const ONES = [1, 1, 1, 1];
const CASES: Case[] = [
  { what: 'a dead channel', net: conv(), type: 'Convolution', shape: SMALL, dead: [1] },
  { what: 'all channels dead', net: conv(), type: 'Convolution', shape: SMALL, dead: [0, 1, 2, 3] },
  { what: 'tiny weights', net: conv(), type: 'Convolution', shape: SMALL, dead: [0, 2], tiny: 1e-12 },
  { what: 'groups', net: conv('group: 2'), type: 'Convolution', shape: [4, 2, 3, 3], dead: [3] },
  {
    what: 'a depthwise layer of a fork',
    net: conv('', 'ConvolutionDepthwise'),
    type: 'ConvolutionDepthwise',
    shape: [4, 1, 3, 3],
    dead: [0, 2],
  },
  { what: 'a Deconvolution', net: conv('', 'Deconvolution'), type: 'Deconvolution', shape: SMALL, dead: [0, 3] },
  {
    what: 'a tensor of zeros with one scale',
    net: conv(),
    type: 'Convolution',
    shape: SMALL,
    dead: [0, 1, 2, 3],
    channelWise: false,
    precision: 1e-3,
  },
  {
    what: 'an InnerProduct of zeros',
    net: layer('InnerProduct', 'inner_product_param { num_output: 4 }'),
    type: 'InnerProduct',
    shape: [4, 144],
    dead: [0, 1, 2, 3],
    channelWise: false,
    precision: 1e-3,
  },
  {
    what: 'a row of zeros in an InnerProduct of small weights',
    net: layer('InnerProduct', 'inner_product_param { num_output: 4 }'),
    type: 'InnerProduct',
    shape: [4, 144],
    dead: [2],
    channelWise: false,
    precision: 0.01,
  },
  {
    what: 'a gamma of 0 behind it',
    net: `${conv()} ${BATCH_NORM}`,
    type: 'Convolution',
    shape: SMALL,
    dead: [],
    behind: { mean: [3, 1, 2, -1], variance: [4, 4, 1, 9], gamma: [0, 1, 0, -0.5], beta: [0.4, 0.1, -12.5, 0.3] },
  },
  {
    what: 'a dead channel whose mean is its bias and whose variance is 0',
    net: `${conv()} ${BATCH_NORM}`,
    type: 'Convolution',
    shape: SMALL,
    dead: [0, 2],
    behind: { mean: BIAS, variance: [0, 4, 0, 9], gamma: [2, 1, 0.3, -0.5], beta: [0.4, 0.1, -12.5, 0.3] },
  },
  {
    what: 'a dead channel whose mean is 0 and whose variance is next to 0: its bias 300 times as large',
    net: `${conv()} ${BATCH_NORM}`,
    type: 'Convolution',
    shape: SMALL,
    dead: [0, 1],
    behind: { mean: ZEROS, variance: [0, 1e-12, 1, 1], gamma: ONES, beta: ZEROS },
  },
];

/** Integer, ONNX and fake-quant model, each with its outputs [2, 4, ..]. */
async function outputsOf(exported: ReturnType<typeof exportModels>): Promise<Map<string, Float32Array>> {
  const batch = new Map([['data', data]]);
  const shape = [2, 4, 6, 6];
  const integer = await IntegerModel.create({ files: deployFiles(exported, 'small'), batchSize: 2 });
  const ofIntegers = [...(await integer.run(batch)).values()][0]!.data;
  await integer.close();
  const { InferenceSession } = await loadOnnxruntime();
  const session = await InferenceSession.create(bytesOf(exported, 'small_int8.onnx'), {
    extra: { session: { x64quantprecision: '1' } },
  });
  const ofOnnx = (await session.run({ data: floatTensor(data, shape) }))['x']!.data as Float32Array;
  await session.release();
  const graph = graphOf(textOf(exported, 'small_fake_quant_model.prototxt'));
  const fake = await NetRunner.create({
    graph,
    weights: weightsOf(bytesOf(exported, 'small_fake_quant_weights.caffemodel')),
    inputShapes: new Map([['data', shape]]),
    outputs: [graph.layers.at(-1)!.tops[0]!.id],
  });
  const ofFake = [...(await fake.run(batch)).values()][0]!.data;
  await fake.close();
  return new Map([
    ['fake-quant', ofFake],
    ['integer', ofIntegers],
    ['ONNX', ofOnnx],
  ]);
}

test.each(CASES)('$what: the bias is in every model', async (of) => {
  const inner = of.type === 'Deconvolution' ? 9 : of.shape.slice(1).reduce((a, b) => a * b);
  const channelOf = (i: number) => Math.floor(i / inner) % 4;
  const kernel = noise(
    of.shape.reduce((a, b) => a * b),
    5,
  ).map((value, i) => (of.dead.includes(channelOf(i)) ? (of.tiny ?? 0) : 0.01 * value));
  const channelWise = of.channelWise ?? true;
  const input = smallExport(`${INPUT}\n${of.net}`, [
    { name: 'x', type: of.type, channelWise, blobs: [of.shape, [4]], clip },
  ]);
  const floats = (values: number[]) => Float32Array.from(values);
  const weights = new Map([['x', [kernel, floats(BIAS)]]]);
  if (of.behind) {
    const { mean, variance, gamma, beta } = of.behind;
    weights.set('bn', [floats(mean), floats(variance), floats([1])]);
    weights.set('scale', [floats(gamma), floats(beta)]);
  }
  const exported = exportModels({ ...input, weights });
  const found = exported.layers[0]!;
  const bias = found.bias!.master;

  // What the weights of a dead channel give is its bias.
  const outputs = await outputsOf(exported);
  for (const y of outputs.values()) {
    const size = y.length / 8;
    for (const channel of found.weights!.deadChannels ?? []) {
      const precision = of.precision ?? 1e-5;
      for (const image of [0, 1]) {
        const row = y.subarray((4 * image + channel) * size, (4 * image + channel + 1) * size);
        const worst = row.reduce((a, b) => Math.max(a, Math.abs(b - bias[channel]!)), 0);
        expect(worst).toBeLessThanOrEqual(precision * Math.abs(bias[channel]!));
      }
    }
    const step = Math.max(...found.deqscale);
    y.forEach((value, i) => expect(Math.abs(value - outputs.get('fake-quant')![i]!)).toBeLessThan(step / 2 + 1e-4));
  }
  expect(found.weights!.deadChannels?.length).toBeGreaterThan(0);
  expect(exported.diagnostics.map(({ code }) => code)).not.toContain('bias-lost');

  // One choice in all files.
  const { scales } = found.weights!;
  const record = readRecord(textOf(exported, 'small_scale_offset_record.txt'), 'record.txt');
  expect(record.diagnostics).toEqual([]);
  expect(record.layers.get('x')!.scale_w).toEqual([...scales]);
  const deployed = readCaffemodel(bytesOf(exported, 'small_deploy_weights.caffemodel'), 'w').layers;
  const packed = deployed.find(({ type }) => type === 'DeQuant')!.blobs[0]!.uint64!;
  expect(unpackDeqscale(packed).deqscale).toEqual(scales.map((scale) => scale * found.data.grid.scale));
  expect(deployed.find(({ name }) => name === 'x')!.blobs.map(({ int8, int32 }) => int8 ?? int32)).toEqual([
    found.weights!.quantized,
    found.bias!.quantized,
  ]);
});

test('every channel that gave way is reported, with its layer and line', () => {
  const kernel = noise(4 * 36, 5).map((value, i) => (i < 36 ? 0 : i < 72 ? 1e-4 * value : value));
  const input = smallExport(`${INPUT}\n${conv()}`, [
    { name: 'x', type: 'Convolution', channelWise: true, blobs: [SMALL, [4]], clip },
  ]);
  const weights = new Map([['x', [kernel, Float32Array.of(0.4, 1e5, 1, 1)]]]);
  const { diagnostics, layers, files } = exportModels({ ...input, weights });
  expect(diagnostics).toMatchObject([
    {
      code: 'dead-channel',
      severity: 'info',
      file: 'small.prototxt',
      line: 2,
      layer: 'x',
      message: expect.stringContaining('has 1 of 4 output channels without weights (0)') as string,
    },
    {
      code: 'bias-scale',
      severity: 'warning',
      line: 2,
      layer: 'x',
      message: expect.stringMatching(
        /has a bias in channel 1 that int32 cannot hold .* instead of 7\.\d+e-7/,
      ) as string,
    },
  ]);
  expect(layers[0]!.weights).toMatchObject({ deadChannels: [0], coarseChannels: [1] });
  expect(files.get('small_quant.json')).toContain('"coarse_channels": [');
});
