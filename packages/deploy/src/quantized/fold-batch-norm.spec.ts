import { type NetGraph, readCaffemodel } from '@caffe-quant/caffe-io';
import { floatTensor, loadOnnxruntime, NetRunner } from '@caffe-quant/kernels';
import { type ExportedModels, exportModels } from '../export-models.ts';
import { IntegerModel } from '../integer/integer-model.ts';
import {
  CHANNELS,
  conv,
  foldExport,
  GAMMA,
  layer,
  quantized,
  SCALE,
  STATISTICS,
  weightOf,
} from '../testing/batch-norm-nets.ts';
import { referenceDeploy } from '../testing/reference-deploy.ts';
import {
  bytesOf,
  deployFiles,
  graphOf,
  largestDifference,
  predictions,
  textOf,
  weightsOf,
} from '../testing/run-exported.ts';
import { noise, type SmallLayer } from '../testing/small-nets.ts';

const BATCH = 6;
/** Images of different brightness. */
const data = noise(BATCH * 3 * 64, 99).map((value, i) => 0.5 * value + Math.floor(i / (3 * 64)) / 3 - 0.8);

/** The id of a blob as the last layer leaves it. */
const lastOf = ({ layers }: NetGraph, blob: string): string =>
  layers.flatMap(({ tops }) => tops.filter(({ name }) => name === blob)).at(-1)!.id;

async function fakeQuant(exported: ExportedModels, blob: string): Promise<Float32Array> {
  const graph = graphOf(textOf(exported, 'small_fake_quant_model.prototxt'));
  const runner = await NetRunner.create({
    graph,
    weights: weightsOf(bytesOf(exported, 'small_fake_quant_weights.caffemodel')),
    inputShapes: new Map([['data', [BATCH, 3, 8, 8]]]),
    outputs: [lastOf(graph, blob)],
  });
  const results = await runner.run(new Map([['data', data]]));
  await runner.close();
  return [...results.values()][0]!.data;
}

async function integers(exported: ExportedModels, blob: string): Promise<Float32Array> {
  const files = deployFiles(exported, 'small');
  const model = await IntegerModel.create({ files, batchSize: BATCH });
  const result = (await model.run(new Map([['data', data]]))).get(lastOf(model.graph, blob))!;
  await model.close();
  return result.data;
}

async function onnx(exported: ExportedModels, blob: string, batch = BATCH): Promise<Float32Array> {
  const { InferenceSession } = await loadOnnxruntime();
  const session = await InferenceSession.create(bytesOf(exported, 'small_int8.onnx'), {
    extra: { session: { x64quantprecision: '1' } },
  });
  const feed = floatTensor(data.slice(0, batch * 3 * 64), [batch, 3, 8, 8]);
  const results = await session.run({ data: feed });
  await session.release();
  return results[blob]!.data as Float32Array;
}

const NETS: [name: string, body: string, output: string, first: SmallLayer][] = [
  [
    'BatchNorm alone, a convolution without bias',
    `${conv('bias_term: false')} ${layer('bn', 'BatchNorm', 'conv', 'bn')}`,
    'bn',
    quantized(true, false),
  ],
  [
    'BatchNorm and Scale with blobs of their own, a scale per tensor, padding',
    `${conv('pad: 1 stride: 2')} ${layer('bn', 'BatchNorm', 'conv', 'bn', 'batch_norm_param { eps: 0.5 }')} ${layer('scale', 'Scale', 'bn', 'y', SCALE)}`,
    'y',
    quantized(false, true),
  ],
  [
    'BatchNorm, Scale and Bias in place',
    `${conv('bias_term: false')} ${layer('bn', 'BatchNorm', 'conv', 'conv', 'batch_norm_param { use_global_stats: true }')} ${layer('scale', 'Scale', 'conv', 'conv', 'scale_param { axis: -3 bias_term: true }')} ${layer('shift', 'Bias', 'conv', 'conv')}`,
    'conv',
    quantized(true, false),
  ],
  [
    'BatchNorm with a blob of its own, Scale in place without bias, and a layer in place behind',
    `${conv()} ${layer('bn', 'BatchNorm', 'conv', 'bn')} ${layer('scale', 'Scale', 'bn', 'bn')} ${layer('relu', 'ReLU', 'bn', 'bn')}`,
    'bn',
    quantized(false, true),
  ],
  [
    'a fold with several readers of what it makes',
    `${conv()} ${layer('bn', 'BatchNorm', 'conv', 'bn')} ${layer('scale', 'Scale', 'bn', 'y', SCALE)} ${layer('relu', 'ReLU', 'y', 'relu')} ${layer('sum', 'Eltwise', 'y" bottom: "relu', 'sum')}`,
    'sum',
    quantized(true, true),
  ],
];

describe('the folded models compute what BatchNorm behind the fake-quantized layer computes', () => {
  test.each(NETS)('%s', async (_name, body, output, first) => {
    const exported = exportModels(foldExport(body, first));
    expect(exported.diagnostics).toEqual([]);
    const [{ folded, deqscale, weights }] = exported.layers as [(typeof exported.layers)[number]];
    expect(folded).toMatchObject({ zeroChannels: 0, clampedWeights: 0 });
    expect([weights!.scales.length, deqscale.length]).toEqual([CHANNELS, CHANNELS]);
    const types = graphOf(textOf(exported, 'small_deploy_model.prototxt')).layers.map(({ type }) => type);
    expect(types.slice(0, 4)).toEqual(['Input', 'Quant', 'Convolution', 'DeQuant']);
    expect(types.filter((type) => ['BatchNorm', 'Scale', 'Bias'].includes(type))).toEqual([]);
    for (const name of ['retrain_model', 'fake_quant_model', 'caffe_model']) {
      expect(textOf(exported, `small_${name}.prototxt`)).toContain('"BatchNorm"');
    }
    const [fake, actual, written] = await Promise.all([fakeQuant, integers, onnx].map((run) => run(exported, output)));
    // Sums of integers are exact, and so are the biases: what differs is float rounding.
    const step = Math.max(...deqscale);
    expect(largestDifference(actual!, fake!)).toBeLessThan(step / 10);
    expect(largestDifference(written!, actual!)).toBeLessThan(1e-4);
    expect(Math.max(...fake!)).toBeGreaterThan(1);
  });

  test.each(NETS)(
    'and so does the net with int32 biases that training computes: %s',
    async (_name, body, output, first) => {
      const given = foldExport(body, first);
      const exported = exportModels(given);
      const step = Math.max(...exported.layers[0]!.deqscale);
      const actual = await integers(exported, output);
      const [rounded, float] = await Promise.all(
        [true, false].map(async (int32Biases) => {
          const settings = { ...given, graph: graphOf(given.net.text), plan: { ...given.plan, int32Biases } };
          const options = {
            inputShapes: new Map([['data', [BATCH, 3, 8, 8]]]),
            outputs: [lastOf(settings.graph, output)],
          };
          const runner = await NetRunner.create({ ...settings, ...options });
          const [blob] = (await runner.run(new Map([['data', data]]))).values();
          await runner.close();
          return blob!.data;
        }),
      );
      expect(largestDifference(actual, rounded!)).toBeLessThan(step / 10);
      expect(largestDifference(actual, float!)).toBeGreaterThan(step / 5);
    },
  );

  test('the integer model is the folded deploy model by the book, bit for bit', async () => {
    const exported = exportModels(foldExport(NETS[2]![1], NETS[2]![3]));
    const shape = [BATCH, 3, 8, 8];
    const expected = referenceDeploy(deployFiles(exported, 'small'), new Map([['data', { shape, data }]]));
    const actual = await integers(exported, 'conv');
    expect(Array.from(actual, (value) => value + 0)).toEqual(
      Array.from(expected.get('conv')!.data, (value) => value + 0),
    );
  });

  const scores: SmallLayer = {
    name: 'scores',
    type: 'InnerProduct',
    channelWise: false,
    blobs: [[4, CHANNELS], [4]],
    clip: { max: 3, min: 0 },
  };
  test.each<[string, SmallLayer[]]>([
    ['float', []],
    ['quantized', [scores]],
  ])('a classifier with global pooling and %s scores, at any batch size', async (_name, behind) => {
    const body = [
      conv('bias_term: false'),
      layer('bn', 'BatchNorm', 'conv', 'conv'),
      layer('scale', 'Scale', 'conv', 'conv', SCALE),
      layer('relu', 'ReLU', 'conv', 'conv'),
      layer('pool', 'Pooling', 'conv', 'pool', 'pooling_param { pool: AVE global_pooling: true }'),
      layer('scores', 'InnerProduct', 'pool', 'scores', 'inner_product_param { num_output: 4 }'),
      layer('prob', 'Softmax', 'scores', 'prob'),
    ].join('\n');
    const exported = exportModels(foldExport(body, quantized(true, false), { behind }));
    expect(exported.layers).toHaveLength(1 + behind.length);
    const fake = await fakeQuant(exported, 'prob');
    const actual = await integers(exported, 'prob');
    expect(largestDifference(actual, fake)).toBeLessThan(1e-3);
    expect(predictions(actual, 4)).toEqual(predictions(fake, 4));
    expect(new Set(predictions(fake, 4)).size).toBeGreaterThan(1);
    for (const batch of [1, 2, 5, BATCH]) {
      const written = await onnx(exported, 'prob', batch);
      expect(largestDifference(written, actual.slice(0, batch * 4))).toBeLessThan(1e-4);
    }
  });

  test.each([
    ['BatchNorm without its Scale, whose input another layer reads too', `${layer('relu', 'ReLU', 'bn', 'r')}`, 'y'],
    ['the same, seen by the other layer', `${layer('relu', 'ReLU', 'bn', 'r')}`, 'r'],
  ])('%s', async (_name, reader, output) => {
    const body = `${conv()} ${layer('bn', 'BatchNorm', 'conv', 'bn')} ${layer('scale', 'Scale', 'bn', 'y', SCALE)} ${reader}`;
    const exported = exportModels(foldExport(body, quantized(true, true)));
    const [fake, actual, written] = await Promise.all([fakeQuant, integers, onnx].map((run) => run(exported, output)));
    const step = Math.max(...exported.layers[0]!.deqscale) * Math.max(...GAMMA.map(Math.abs));
    expect(largestDifference(actual!, fake!)).toBeLessThan(step / 2 + 1e-4);
    expect(largestDifference(written!, actual!)).toBeLessThan(1e-4);
  });

  test('a Deconvolution, whose channels are axis 1 of its weights', async () => {
    const body = `${conv('stride: 2', 'Deconvolution')} ${layer('bn', 'BatchNorm', 'conv', 'conv')} ${layer('scale', 'Scale', 'conv', 'conv', SCALE)}`;
    const exported = exportModels(foldExport(body, quantized(true, true, 'Deconvolution')));
    const [{ deqscale }] = exported.layers as [(typeof exported.layers)[number]];
    const [fake, written] = [await fakeQuant(exported, 'conv'), await onnx(exported, 'conv')];
    expect(largestDifference(written, fake)).toBeLessThan(Math.max(...deqscale) / 2 + 1e-4);
    const actual = await integers(exported, 'conv');
    expect(largestDifference(written, actual)).toBeLessThan(1e-4);
    const shape = [BATCH, 3, 8, 8];
    const expected = referenceDeploy(deployFiles(exported, 'small'), new Map([['data', { shape, data }]]));
    expect(Array.from(actual, (value) => value + 0)).toEqual(
      Array.from(expected.get('conv')!.data, (value) => value + 0),
    );
  });
});

describe('the numbers of a fold', () => {
  const body = `${conv()} ${layer('bn', 'BatchNorm', 'conv', 'bn')} ${layer('scale', 'Scale', 'bn', 'y', SCALE)}`;

  test('scale_w is multiplied by |a|, and the trained integers stay', () => {
    const { layers, files } = exportModels(foldExport(body, quantized(false, true)));
    const { weights, folded } = layers[0]!;
    const { trained } = folded!;
    expect(trained.weights.scales).toHaveLength(1);
    const [mean, variance, total] = STATISTICS as [Float32Array, Float32Array, Float32Array];
    const bias = layers[0]!.bias!.master;
    GAMMA.forEach((gamma, c) => {
      const a = gamma / Math.sqrt(variance[c]! / total[0]! + 1e-5);
      expect(weights!.scales[c]).toBeCloseTo(trained.weights.scales[0]! * Math.abs(a), 8);
      const expected = a * (weightOf(CHANNELS, 1)[c]! - mean[c]! / total[0]!) + noise(CHANNELS, 72)[c]!;
      expect(bias[c]).toBeCloseTo(expected, 5);
      const of = (from: Int8Array) => [...from.subarray(c * 27, (c + 1) * 27)];
      expect(of(weights!.quantized)).toEqual(of(trained.weights.quantized).map((q) => Math.sign(gamma) * q + 0));
    });
    const { layers: described } = JSON.parse(files.get('small_quant.json') as string) as {
      layers: { folded: object }[];
    };
    expect(described[0]!.folded).toMatchObject({ layers: ['bn', 'scale'], zero_channels: 0, clamped_weights: 0 });
  });

  test('the fake-quant model has the weights and factors of training', () => {
    const exported = exportModels(foldExport(body, quantized(false, true)));
    const { layers } = readCaffemodel(bytesOf(exported, 'small_fake_quant_weights.caffemodel'), 'w');
    const dequant = layers.find(({ type }) => type === 'DeQuant')!;
    expect(dequant.blobs[0]!.data).toEqual(exported.layers[0]!.folded!.trained.deqscale);
    expect(textOf(exported, 'small_fake_quant_model.prototxt')).toContain('channel_wise: false');
    expect(textOf(exported, 'small_deploy_model.prototxt')).toContain('channel_wise: true');
  });

  test('channels with a factor of 0 have no weights, and are warned of', async () => {
    const exported = exportModels(foldExport(body, quantized(true, true), { gamma: [0, 1, 1e-9, 1, 1] }));
    const { weights, folded, bias } = exported.layers[0]!;
    expect(exported.diagnostics).toMatchObject([
      {
        code: 'batch-norm-zero',
        severity: 'warning',
        layer: 'conv',
        line: 2,
        message: expect.stringMatching(/^Convolution "conv" has 2 of 5 channels that "bn", "scale" multiply/) as string,
      },
      {
        code: 'dead-channel',
        severity: 'info',
        message: expect.stringContaining('2 of 5 output channels without weights (0, 2)') as string,
      },
    ]);
    expect(folded!.zeroChannels).toBe(2);
    for (const c of [0, 2]) {
      expect(bias!.quantized[c]! * exported.layers[0]!.deqscale[c]!).toBeCloseTo(bias!.master[c]!, 6);
      expect(Math.max(...weights!.quantized.subarray(27 * c, 27 * (c + 1)).map(Math.abs))).toBe(0);
      expect(bias!.master[c]).toBeCloseTo(noise(CHANNELS, 72)[c]!, 6);
    }
    const [fake, actual] = [await fakeQuant(exported, 'y'), await integers(exported, 'y')];
    expect(largestDifference(actual, fake)).toBeLessThan(Math.max(...exported.layers[0]!.deqscale) / 2 + 1e-4);
  });

  test('weights under a factor too small for a scale are rounded to the smallest one, and are warned of', async () => {
    const exported = exportModels(foldExport(body, quantized(true, true), { gamma: [1, 1e-5, -1e-5, 1, 1] }));
    const { weights, folded } = exported.layers[0]!;
    expect(exported.diagnostics).toMatchObject([{ code: 'batch-norm-rounded', severity: 'warning', layer: 'conv' }]);
    expect(folded).toMatchObject({ zeroChannels: 0, roundedChannels: 2 });
    for (const c of [1, 2]) {
      expect(weights!.scales[c]).toBe(2 ** -23);
      for (let i = 27 * c; i < 27 * (c + 1); i++) {
        const exact = folded!.trained.weights.fake[i]! * folded!.factors[c]!;
        expect(Math.abs(weights!.fake[i]! - exact)).toBeLessThanOrEqual(2 ** -24 * 1.001);
      }
    }
    const [fake, actual] = [await fakeQuant(exported, 'y'), await integers(exported, 'y')];
    expect(largestDifference(actual, fake)).toBeLessThan(Math.max(...exported.layers[0]!.deqscale) / 2 + 1e-4);
  });

  test('a channel that training left without weights takes any factor', () => {
    const weights: typeof noise = (length, seed) =>
      noise(length, seed).map((value, i) => (length > CHANNELS && i < 27 ? 0 : value));
    const exported = exportModels(foldExport(body, quantized(true, true), { weights, gamma: [1e9, 1, 1, 1, 1] }));
    const { bias, deqscale } = exported.layers[0]!;
    expect(bias!.quantized[0]! * deqscale[0]!).toBeCloseTo(bias!.master[0]!, -3);
    expect(Math.abs(bias!.master[0]!)).toBeGreaterThan(1e8);
  });

  test('a weight of -128 under a negative factor becomes 127, and is warned of', () => {
    const weights: typeof noise = (length, seed) =>
      noise(length, seed).map((value, i) => (i % 27 === 3 && length > CHANNELS ? -1.1 : value));
    const { layers, diagnostics } = exportModels(foldExport(body, quantized(true, true), { weights }));
    expect(diagnostics).toMatchObject([
      {
        code: 'batch-norm-clamped',
        severity: 'warning',
        layer: 'conv',
        message: expect.stringContaining('has 2 of 135 weights of -128') as string,
      },
    ]);
    expect(layers[0]!.weights!.quantized[27 + 3]).toBe(127);
    expect(layers[0]!.weights!.quantized[3]).toBe(-128);
  });

  test('statistics without training count as none, as in Caffe', () => {
    const statistics = [new Float32Array(CHANNELS), new Float32Array(CHANNELS), new Float32Array(1)];
    const { layers } = exportModels(foldExport(body, quantized(true, true), { statistics }));
    layers[0]!.folded!.factors.forEach((a, c) => expect(a / GAMMA[c]!).toBeCloseTo(1 / Math.sqrt(1e-5), 6));
  });
});
