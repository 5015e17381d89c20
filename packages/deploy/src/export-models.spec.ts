import { readCaffemodel, readNetText } from '@caffe-quant/caffe-io';
import { NetRunner } from '@caffe-quant/kernels';
import { exportModels } from './export-models.ts';
import { inferenceNet } from './net/inference-net.ts';
import { LENET, LENET_TEXT, lenetExport, lenetImages, lenetShapes, trainedLenet } from './testing/lenet.ts';
import { bytesOf, graphOf, largestDifference, textOf, weightsOf } from './testing/run-exported.ts';

const CASES = [
  'small_ifmr_fixm_clipdecay0',
  'small_given6',
  'small_tight_clipdecay0',
  'small_pertensor_skip_conv1_ip2',
] as const;
const exported = exportModels(lenetExport());

const problemsOf = (change: Partial<ReturnType<typeof lenetExport>>): unknown => {
  try {
    exportModels({ ...lenetExport(), ...change });
    return 'exported';
  } catch (error) {
    return (error as { diagnostics?: unknown }).diagnostics ?? error;
  }
};

describe('exportModels', () => {
  test('writes every file under its AMCT name', () => {
    expect([...exported.files.keys()]).toEqual([
      'lenet_retrain_model.prototxt',
      'lenet_retrain_model.caffemodel',
      'lenet_scale_offset_record.txt',
      'lenet_fake_quant_model.prototxt',
      'lenet_fake_quant_weights.caffemodel',
      'lenet_deploy_model.prototxt',
      'lenet_deploy_weights.caffemodel',
      'lenet_caffe_model.prototxt',
      'lenet_caffe_model.caffemodel',
      'lenet_quant.json',
      'lenet_int8.onnx',
    ]);
  });

  test('gives equal bytes for equal inputs', () => {
    const again = exportModels(lenetExport());
    for (const [name, content] of exported.files) {
      expect([name, Buffer.from(content).equals(Buffer.from(again.files.get(name)!))]).toEqual([name, true]);
    }
  });

  test.each([...exported.files.keys()].filter((name) => name.endsWith('.prototxt')))(
    '%s is a net without problems in both phases, and keeps the comments',
    (name) => {
      const text = textOf(exported, name);
      graphOf(text, 'TRAIN');
      graphOf(text, 'TEST');
      expect(text).toContain('# LeNet, small.\n');
      expect(text).toContain('# the first convolution\nlayer {\n  name: "conv1"');
      expect(text).toContain('# five by five');
    },
  );

  test.each([
    ['lenet_retrain_model.prototxt', 'lenet_retrain_model.caffemodel'],
    ['lenet_fake_quant_model.prototxt', 'lenet_fake_quant_weights.caffemodel'],
    ['lenet_deploy_model.prototxt', 'lenet_deploy_weights.caffemodel'],
    ['lenet_caffe_model.prototxt', 'lenet_caffe_model.caffemodel'],
  ])('the weights of %s name its layers', (prototxt, caffemodel) => {
    const names = readNetText(textOf(exported, prototxt), prototxt).net.layer.map(({ name, type }) => [name, type]);
    const model = readCaffemodel(bytesOf(exported, caffemodel), caffemodel);
    expect(model.name).toBe('LeNet');
    expect(model.diagnostics).toEqual([]);
    expect(model.layers.map(({ name, type }) => [name, type])).toEqual(names);
  });
});

test('the plain Caffe model has the trained weights', () => {
  const written = weightsOf(bytesOf(exported, 'lenet_caffe_model.caffemodel'));
  for (const [layer, blobs] of trainedLenet().weights) {
    blobs.forEach((blob, i) => expect([layer, largestDifference(written.get(layer)![i]!, blob)]).toEqual([layer, 0]));
  }
});

describe('the fake-quant model computes what training computed', () => {
  test.each(CASES)('%s', async (name) => {
    const input = lenetExport(name);
    const { files } = exportModels(input);
    const options = { inputShapes: lenetShapes(160), outputs: ['conv1', 'ip2', 'accuracy'] };
    const plan = { ...input.plan, int32Biases: true };
    const trained = await NetRunner.create({ ...input, plan, ...options, graph: graphOf(LENET_TEXT) });
    const fake = await NetRunner.create({
      ...options,
      graph: graphOf(files.get('lenet_fake_quant_model.prototxt') as string),
      weights: weightsOf(files.get('lenet_fake_quant_weights.caffemodel') as Uint8Array),
    });
    const batch = lenetImages(0, 160);
    const [expected, actual] = [await trained.run(batch), await fake.run(batch)];
    // The fake-quant model has 1 / scale_d, so that a value next to a border of two steps may come out on its other side.
    for (const [blob, { data }] of expected) {
      const found = actual.get(blob)!.data;
      const others = data.filter((value, i) => value !== found[i]).length;
      expect([blob, others <= (blob === 'ip2' ? data.length / 100 : 0)]).toEqual([blob, true]);
    }
    await trained.close();
    await fake.close();
  });
});

describe('a deploy prototxt that is given', () => {
  const deploy = {
    text: inferenceNet(LENET, lenetShapes(32)).text.replace('"conv1"', '"conv1" # ours').replace('dim: 1', 'dim: 10'),
    file: 'deploy.prototxt',
  };

  test('is the topology of the deployed models; the fake-quant model stays the net that was trained', () => {
    const given = exportModels({ ...lenetExport(), deploy });
    expect(given.diagnostics).toEqual([]);
    for (const name of ['lenet_deploy_model.prototxt', 'lenet_caffe_model.prototxt']) {
      expect(textOf(given, name)).toContain('# ours');
      expect(textOf(given, name)).toContain('dim: 10');
    }
    for (const name of ['lenet_fake_quant_model.prototxt', 'lenet_deploy_weights.caffemodel', 'lenet_int8.onnx']) {
      const [own, others] = [given, exported].map(({ files }) => Buffer.from(files.get(name)!));
      // The caffemodel holds the input's shape as well.
      if (name.endsWith('.caffemodel')) expect(own!.length).toBe(others!.length);
      else expect(own!.equals(others!)).toBe(true);
    }
  });

  test('without a quantized layer of the net is warned of', () => {
    const text = deploy.text.slice(0, deploy.text.indexOf('layer {\n  name: "ip2"'));
    expect(exportModels({ ...lenetExport(), deploy: { ...deploy, text } }).diagnostics).toMatchObject([
      { severity: 'warning', code: 'layer-left-out', layer: 'ip2', file: 'deploy.prototxt' },
    ]);
  });

  test('with other layers than the weights is refused', () => {
    const text = deploy.text.replace('name: "ip2"', 'name: "fc2"').replace('num_output: 16', 'num_output: 20');
    expect(problemsOf({ deploy: { ...deploy, text } })).toMatchObject([
      { code: 'weights-shape', layer: 'conv2', message: expect.stringContaining('[20, 8, 5, 5]') as string },
      { code: 'weights-shape', layer: 'conv2' },
      { code: 'weights-shape', layer: 'ip1' },
      { code: 'missing-weights', layer: 'fc2', file: 'deploy.prototxt' },
      { code: 'missing-weights', layer: 'fc2' },
    ]);
  });
});

test('a layer that stands in the net once for each phase gets the same layers beside it in both', () => {
  const line = LENET_TEXT.split('\n').find((each) => each.includes('name: "conv2"'))!;
  const twin = (phase: string) => line.replace('type:', `include { phase: ${phase} } type:`);
  const text = LENET_TEXT.replace(line, `${twin('TRAIN')}\n${twin('TEST')}`);
  const twins = exportModels({ ...lenetExport(), net: { text, file: LENET.file } });
  for (const name of ['lenet_retrain_model', 'lenet_fake_quant_model']) {
    const [train, test] = (['TRAIN', 'TEST'] as const).map((phase) =>
      graphOf(textOf(twins, `${name}.prototxt`), phase).layers.map((layer) => [layer.name, layer.type]),
    );
    expect(train!.filter(([layer]) => layer!.startsWith('conv2'))).toEqual(
      test!.filter(([layer]) => layer!.startsWith('conv2')),
    );
    expect(train!.filter(([layer]) => layer!.startsWith('conv2'))).toHaveLength(3);
  }
  const names = readCaffemodel(bytesOf(twins, 'lenet_retrain_model.caffemodel'), 'w')
    .layers.filter(({ blobs }) => blobs.length > 0)
    .map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('quant.json names the layers that were inserted', () => {
  const { layers } = JSON.parse(textOf(exported, 'lenet_quant.json')) as {
    layers: { name: string; inserted: { quant: string; dequant: string } }[];
  };
  expect(layers.map(({ name, inserted }) => [name, inserted.quant, inserted.dequant])).toEqual(
    ['conv1', 'conv2', 'ip1', 'ip2'].map((name) => [name, `${name}_quant`, `${name}_dequant`]),
  );
});

describe('a net that cannot be exported is refused by name', () => {
  const lineOf = (words: string) => LENET_TEXT.slice(0, LENET_TEXT.indexOf(words)).split('\n').length - 1;

  test('a bias that no scale brings into int32', () => {
    const weights = new Map(trainedLenet().weights);
    weights.set('conv2', [weights.get('conv2')![0]!, new Float32Array(16).fill(1e30)]);
    expect(problemsOf({ weights })).toMatchObject([
      {
        code: 'bias-overflow',
        severity: 'error',
        file: LENET.file,
        layer: 'conv2',
        line: lineOf('name: "conv2"') + 1,
        message: expect.stringMatching(
          /^Convolution "conv2" has a bias of 1e\+30 in channel 0, which int32 cannot hold at any scale_w/,
        ) as string,
        hint: 'check the weights, or add the layer to skip_layers in quant.cfg',
      },
    ]);
  });

  test('weights that are not finite and an empty clip range, both at once', () => {
    const { weights: trained, clips: ranges } = trainedLenet();
    const weights = new Map(trained);
    weights.set('ip1', [new Float32Array(64 * 256).fill(Infinity), weights.get('ip1')![1]!]);
    const clips = new Map(ranges).set('conv1', { max: 0, min: 0 });
    expect(problemsOf({ weights, clips })).toMatchObject([
      { code: 'clip-range', layer: 'conv1' },
      { code: 'weight-quantization', layer: 'ip1' },
    ]);
  });

  test('a prototxt that does not parse', () => {
    expect(problemsOf({ net: { text: `${LENET_TEXT}layer { nme: "x" }\n`, file: LENET.file } })).toMatchObject([
      { code: 'unknown-field', file: LENET.file },
    ]);
  });
});
