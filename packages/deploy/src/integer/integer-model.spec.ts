import { exportModels, type ExportedModels } from '../export-models.ts';
import { LENET_TEXT, lenetExport, lenetImages, lenetShapes } from '../testing/lenet.ts';
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
import { noise, smallExport, type SmallLayer } from '../testing/small-nets.ts';
import { IntegerModel, type DeployFiles } from './integer-model.ts';
import { NetRunner } from '@caffe-quant/kernels';

const input = (...dim: number[]): string =>
  `layer { name: "data" type: "Input" top: "data" input_param { shape { ${dim.map((d) => `dim: ${d}`).join(' ')} } } }`;

const conv = (name: string, bottom: string, settings: string): string =>
  `layer { name: "${name}" type: "Convolution" bottom: "${bottom}" top: "${name}" convolution_param { ${settings} } }`;

const NETS: [name: string, text: string, layers: SmallLayer[]][] = [
  [
    'padding is a real zero, whatever the zero point',
    `${input(1, 3, 9, 7)}
     ${conv('conv', 'data', 'num_output: 5 kernel_size: 3 pad: 1 stride: 2')}`,
    [
      {
        name: 'conv',
        type: 'Convolution',
        channelWise: true,
        blobs: [[5, 3, 3, 3], [5]],
        clip: { max: 1.5, min: -0.25 },
      },
    ],
  ],
  [
    'groups, dilation, ReLU in place, MAX and AVE pooling, a scale per tensor',
    `${input(1, 4, 12, 12)}
     ${conv('conv', 'data', 'num_output: 6 kernel_size: 3 group: 2 dilation: 2')}
     layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
     layer { name: "max" type: "Pooling" bottom: "conv" top: "max" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
     layer { name: "ave" type: "Pooling" bottom: "max" top: "ave" pooling_param { pool: AVE kernel_size: 3 stride: 1 } }
     layer { name: "ip" type: "InnerProduct" bottom: "ave" top: "ip" inner_product_param { num_output: 7 bias_term: false } }`,
    [
      {
        name: 'conv',
        type: 'Convolution',
        channelWise: false,
        blobs: [[6, 2, 3, 3], [6]],
        clip: { max: 1, min: -1 },
      },
      { name: 'ave', type: 'Pooling', blobs: [], clip: { max: 2, min: 0 } },
      { name: 'ip', type: 'InnerProduct', channelWise: false, blobs: [[7, 24]], clip: { max: 1, min: -0.5 } },
    ],
  ],
  [
    'sums in blocks: more products than float32 can add exactly',
    `${input(1, 96, 5, 5)}
     ${conv('conv', 'data', 'num_output: 4 kernel_size: 5 pad: 2')}
     ${conv('grouped', 'data', 'num_output: 4 kernel_size: 5 pad: 2 group: 2')}
     layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip" inner_product_param { num_output: 3 } }
     layer { name: "long" type: "InnerProduct" bottom: "data" top: "long" inner_product_param { num_output: 2 } }`,
    [
      { name: 'conv', type: 'Convolution', channelWise: true, blobs: [[4, 96, 5, 5], [4]], clip: { max: 1, min: 0 } },
      {
        name: 'grouped',
        type: 'Convolution',
        channelWise: true,
        blobs: [[4, 48, 5, 5], [4]],
        clip: { max: 1, min: -0.1 },
      },
      { name: 'ip', type: 'InnerProduct', channelWise: false, blobs: [[3, 100], [3]], clip: { max: 20, min: -20 } },
      { name: 'long', type: 'InnerProduct', channelWise: false, blobs: [[2, 2400], [2]], clip: { max: 0.1, min: -1 } },
    ],
  ],
  [
    'a kernel that is too large for one sum',
    `${input(1, 2, 33, 33)}
     ${conv('conv', 'data', 'num_output: 2 kernel_size: 31')}`,
    [{ name: 'conv', type: 'Convolution', channelWise: true, blobs: [[2, 2, 31, 31], [2]], clip: { max: 1, min: 0 } }],
  ],
  [
    'a Deconvolution with a scale per channel, a stride and padding',
    `${input(1, 3, 6, 5)}
     ${conv('up', 'data', 'num_output: 5 kernel_size: 4 stride: 2 pad: 1').replace('Convolution', 'Deconvolution')}`,
    [
      {
        name: 'up',
        type: 'Deconvolution',
        channelWise: true,
        blobs: [[3, 5, 4, 4], [5]],
        clip: { max: 1.5, min: -0.25 },
      },
    ],
  ],
  [
    'Deconvolutions whose sums need blocks, one by way of a convolution, a scale per tensor, no bias',
    `${input(1, 96, 5, 5)}
     ${conv('up', 'data', 'num_output: 16 kernel_size: 3 pad: 1').replace('Convolution', 'Deconvolution')}
     ${conv('next', 'data', 'num_output: 4 kernel_size: 5 stride: 3 bias_term: false').replace('Convolution', 'Deconvolution')}`,
    [
      { name: 'up', type: 'Deconvolution', channelWise: true, blobs: [[96, 16, 3, 3], [16]], clip: { max: 1, min: 0 } },
      { name: 'next', type: 'Deconvolution', channelWise: false, blobs: [[96, 4, 5, 5]], clip: { max: 1, min: -1 } },
    ],
  ],
  [
    'one quantizer for two layers',
    `${input(1, 2, 6, 6)}
     ${conv('a', 'data', 'num_output: 3 kernel_size: 3')}
     ${conv('b', 'data', 'num_output: 4 kernel_size: 1')}`,
    [
      { name: 'a', type: 'Convolution', channelWise: true, blobs: [[3, 2, 3, 3], [3]], clip: { max: 1, min: -1 } },
      {
        name: 'b',
        type: 'Convolution',
        channelWise: true,
        blobs: [[4, 2, 1, 1], [4]],
        clip: { max: 1, min: -1 },
        quantizer: 'a',
      },
    ],
  ],
];

describe('IntegerModel equals the deploy model computed by the book, bit for bit', () => {
  test.each(NETS)('%s', async (_name, text, layers) => {
    // Weights near the ends of their range, so that sums are large.
    const weightOf = (length: number, seed: number) => noise(length, seed).map((value) => Math.cbrt(value));
    const files = deployFiles(exportModels(smallExport(text, layers, weightOf)), 'small');
    const batchSize = 3;
    const model = await IntegerModel.create({ files, batchSize });
    const shape = [...model.inputShapes.get('data')!];
    const data = noise(
      shape.reduce((product, dim) => product * dim, 1),
      99,
    ).map((value) => value * 1.2);
    const expected = referenceDeploy(files, new Map([['data', { shape, data }]]));
    const results = await model.run(new Map([['data', data]]));
    expect(results.size).toBeGreaterThan(0);
    for (const [blob, { shape: got, data: values }] of results) {
      expect(got).toEqual(expected.get(blob)!.shape);
      expect(Array.from(values, (value) => value + 0)).toEqual(
        Array.from(expected.get(blob)!.data, (value) => value + 0),
      );
    }
    await model.close();
  });
});

test('a classifier with a Deconvolution decides as fake quantization does, on 99.9 % of 2,000 images', async () => {
  const [images, classes] = [2000, 5];
  const text = `${input(1, 2, 6, 6)}
    ${conv('conv', 'data', 'num_output: 4 kernel_size: 3')}
    layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
    ${conv('up', 'conv', 'num_output: 3 kernel_size: 4 stride: 2 pad: 1').replace('Convolution', 'Deconvolution')}
    layer { name: "relu_up" type: "ReLU" bottom: "up" top: "up" }
    layer { name: "ip" type: "InnerProduct" bottom: "up" top: "ip" inner_product_param { num_output: ${classes} } }`;
  const exported = exportModels(
    smallExport(text, [
      { name: 'conv', type: 'Convolution', channelWise: true, blobs: [[4, 2, 3, 3], [4]], clip: { max: 1, min: -1 } },
      { name: 'up', type: 'Deconvolution', channelWise: true, blobs: [[4, 3, 4, 4], [3]], clip: { max: 5, min: 0 } },
      {
        name: 'ip',
        type: 'InnerProduct',
        channelWise: false,
        blobs: [[classes, 192], [classes]],
        clip: { max: 9, min: 0 },
      },
    ]),
  );
  const batch = new Map([['data', noise(images * 72, 99)]]);
  const model = await IntegerModel.create({ files: deployFiles(exported, 'small'), batchSize: images });
  const fake = await NetRunner.create({
    graph: graphOf(textOf(exported, 'small_fake_quant_model.prototxt')),
    weights: weightsOf(bytesOf(exported, 'small_fake_quant_weights.caffemodel')),
    inputShapes: new Map([['data', [images, 2, 6, 6]]]),
    outputs: ['ip'],
  });
  const [actual, expected] = await Promise.all(
    [model, fake].map(async (each) => predictions((await each.run(batch)).get('ip')!.data, classes)),
  );
  await model.close();
  await fake.close();
  expect(new Set(expected).size).toBe(classes);
  expect(actual!.filter((label, i) => label === expected![i]).length / images).toBeGreaterThanOrEqual(0.999);
});

const CASES = [
  'small_ifmr_fixm_clipdecay0',
  'small_given6',
  'small_tight_clipdecay0',
  'small_pertensor_skip_conv1_ip2',
] as const;

describe('the integer model of LeNet', () => {
  test.each(CASES)('%s agrees with fake quantization', async (name) => {
    const exportInput = lenetExport(name);
    const model = await IntegerModel.create({
      files: deployFiles(exportModels(exportInput), 'lenet'),
      batchSize: 160,
      outputs: ['ip2'],
    });
    const fake = await NetRunner.create({
      ...exportInput,
      graph: graphOf(LENET_TEXT),
      inputShapes: lenetShapes(160),
      outputs: ['ip2'],
    });
    const batch = lenetImages(0, 160);
    const actual = (await model.run(batch)).get('ip2')!.data;
    const expected = (await fake.run(batch)).get('ip2')!.data;
    // A float sum that falls on the other side of a step moves an activation by one of 255.
    expect(largestDifference(actual, expected)).toBeLessThan(0.1);
    expect(predictions(actual, 10)).toEqual(predictions(expected, 10));
    await model.close();
    await fake.close();
  });

  test('gives the same bytes for any batch size and number of threads', async () => {
    const files = deployFiles(exportModels(lenetExport()), 'lenet');
    const scores = async (batchSize: number, threads: number): Promise<Float32Array> => {
      const model = await IntegerModel.create({ files, batchSize, threads, outputs: ['ip2'] });
      const all = new Float32Array(40 * 10);
      for (let first = 0; first < 40; first += batchSize) {
        all.set((await model.run(lenetImages(first, batchSize))).get('ip2')!.data, first * 10);
      }
      await model.close();
      return all;
    };
    const expected = await scores(40, 1);
    for (const [batchSize, threads] of [
      [1, 1],
      [1, 3],
      [8, 2],
      [40, 4],
    ] as const) {
      expect([batchSize, threads, largestDifference(await scores(batchSize, threads), expected)]).toEqual([
        batchSize,
        threads,
        0,
      ]);
    }
  });
});

describe('files that do not fit together are refused', () => {
  const exported: ExportedModels = exportModels(lenetExport());
  const problemsOf = async (change: (files: DeployFiles) => Partial<DeployFiles>): Promise<unknown> => {
    const files = deployFiles(exported, 'lenet');
    try {
      await (await IntegerModel.create({ files: { ...files, ...change(files) }, batchSize: 1 })).close();
      return 'ran';
    } catch (error) {
      return (error as { diagnostics?: unknown }).diagnostics ?? error;
    }
  };

  test('a record of another training', async () => {
    const change = ({ record }: DeployFiles) => ({
      record: { ...record, text: record.text.replace('offset_d: -128', 'offset_d: -127') },
    });
    expect(await problemsOf(change)).toMatchObject([
      {
        code: 'deploy-model',
        layer: 'conv1_quant',
        message: expect.stringContaining('the record 0.00390625 and -127') as string,
      },
    ]);
  });

  test('a record without a layer', async () => {
    const change = ({ record }: DeployFiles) => ({
      record: { ...record, text: record.text.replace('key: "conv2"', 'key: "conv9"') },
    });
    expect(await problemsOf(change)).toMatchObject([
      { code: 'record-layer', layer: 'conv9', hint: expect.stringMatching(/did you mean/) as string },
    ]);
  });

  test('the weights of the fake-quant model', async () => {
    const bytes = exported.files.get('lenet_fake_quant_weights.caffemodel') as Uint8Array;
    const problems = await problemsOf(() => ({ caffemodel: { bytes, file: 'w.caffemodel' } }));
    expect(problems).toContainEqual(expect.objectContaining({ layer: 'conv1', file: 'w.caffemodel' }));
  });
});

test('what is not finite is named where it arises, though a ReLU and a quantizer hide it', async () => {
  const text = `${input(1, 2, 6, 6)}
    ${conv('conv', 'data', 'num_output: 4 kernel_size: 3')}
    layer { name: "log" type: "Log" bottom: "conv" top: "log" }
    layer { name: "relu" type: "ReLU" bottom: "log" top: "log" }
    ${conv('last', 'log', 'num_output: 2 kernel_size: 1')}`;
  const layers: SmallLayer[] = [
    { name: 'conv', type: 'Convolution', channelWise: true, blobs: [[4, 2, 3, 3], [4]], clip: { max: 1, min: -1 } },
    { name: 'last', type: 'Convolution', channelWise: true, blobs: [[2, 4, 1, 1], [2]], clip: { max: 2, min: 0 } },
  ];
  const files = deployFiles(exportModels(smallExport(text, layers)), 'small');
  const model = await IntegerModel.create({ files, batchSize: 2 });
  await expect(model.run(new Map([['data', noise(144, 99)]]))).rejects.toThrow(
    /layer `log`: Log makes what is not finite of finite inputs and weights: of blob 'log' .* is NaN.*; its input 'conv' there is -\d/,
  );
  await model.close();
});
