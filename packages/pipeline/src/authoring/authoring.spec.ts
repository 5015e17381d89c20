import { parseRetrainConfig } from '@caffe-quant/config';
import { resolvePlan } from '@caffe-quant/resolver';
import { SMALL_PROJECT, smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { addOverride } from './add-override.ts';
import { fineTuningSolver } from './fine-tuning-solver.ts';
import { lockData } from './lock-data.ts';
import { netOfText } from './net-of-text.ts';
import { pointData } from './point-data.ts';
import { quantConfigText } from './quant-config-text.ts';

const NET = { file: 'train_val.prototxt', text: SMALL_PROJECT['train_val.prototxt']! };

describe('quantConfigText', () => {
  const text = quantConfigText(NET, 'small');

  test('is a config without findings that quantizes all that can be', () => {
    const { config, diagnostics } = parseRetrainConfig(text, 'quant.cfg');
    expect(diagnostics).toEqual([]);
    const { train, test: testGraph } = netOfText(NET);
    const { plan, diagnostics: found } = resolvePlan({ train, test: testGraph, config, compat: 'documented' });
    expect(found).toEqual([]);
    expect(plan.layers.filter(({ quantized }) => quantized).map(({ name }) => name)).toEqual(['ip1', 'ip2', 'ip3']);
  });

  test('lists the layers, and stays sound with its examples uncommented', () => {
    expect(text).toContain('#   ip1  InnerProduct\n#   ip2  InnerProduct\n');
    const examples = text.replace(/^# (?=skip_layers:)/m, '').replace('# skip_layer_types', 'skip_layer_types');
    expect(parseRetrainConfig(examples, 'quant.cfg').config.skipLayers.map(({ value }) => value)).toEqual(['ip1']);
  });

  test('a prototxt that is none is told with its line', () => {
    expect(() => quantConfigText({ file: 'a.prototxt', text: 'layer {\n  kind: "x"\n}' }, 'a')).toThrow(
      'a.prototxt:2:3: error',
    );
  });
});

describe('fineTuningSolver', () => {
  const ORIGINAL = `# from scratch
net: "elsewhere/net.prototxt"
test_iter: 10
test_interval: 500
base_lr: 0.01 # high
lr_policy: "multistep"
gamma: 0.1
stepvalue: 4000
stepvalue: 8000
max_iter: 10000
snapshot_prefix: "/big/disk/x"
`;

  test('takes a hundredth of the rate and a quarter of the iterations, and keeps the rest', () => {
    const text = fineTuningSolver({ file: 's.prototxt', text: ORIGINAL }, 'train_val.prototxt');
    expect(text)
      .toBe(`# Fine-tuning with quantizers in place: a hundredth of the original base_lr (0.01), a quarter of its 10000 iterations.
# from scratch
random_seed: 1
net: "train_val.prototxt"
test_iter: 10
test_interval: 125
base_lr: 0.0001 # high
lr_policy: "multistep"
gamma: 0.1
stepvalue: 1000
stepvalue: 2000
max_iter: 2500
`);
  });

  test('rates and iterations that forks add shrink as well', () => {
    const text =
      'max_iter: 400\nlr_policy: "multifixed"\nstagelr: 1\nstagelr: 0.1\nstageiter: 40\nstageiter: 400\nwarmup_iter: 20\nwarmup_start_lr: 0.5\n';
    expect(fineTuningSolver({ file: 's.prototxt', text }, 'n').split('\n')).toEqual([
      '# Fine-tuning with quantizers in place: a hundredth of the original stagelr, a quarter of its 400 iterations.',
      'random_seed: 1',
      'net: "n"',
      'max_iter: 100',
      'lr_policy: "multifixed"',
      'stagelr: 0.01',
      'stagelr: 0.001',
      'stageiter: 10',
      'stageiter: 100',
      'warmup_iter: 5',
      'warmup_start_lr: 0.005',
      '',
    ]);
  });

  test('without an original, says what it does not know, and leaves base_lr to be found from the data', () => {
    const solver = fineTuningSolver(undefined, 'a.prototxt');
    expect(solver).toMatch(/not known[^]*net: "a.prototxt"/);
    expect(solver).not.toMatch(/^base_lr/m);
  });

  test.each([
    ['max_iter: 5', 's.prototxt: error: the solver has no base_lr'],
    ['base_lr 5', 's.prototxt:1:9: error'],
  ])('%s: %s', (text, message) => {
    expect(() => fineTuningSolver({ file: 's.prototxt', text }, 'n')).toThrow(message);
  });

  test('a net given in another way is replaced', () => {
    const text =
      'train_net: "a"\ntest_net: "b"\ntest_net: "c"\ntest_iter: 5\ntest_iter: 6\nbase_lr: 1\nmax_iter: 4\nlr_policy: "fixed"\nrandom_seed: 7\n';
    expect(fineTuningSolver({ file: 's.prototxt', text }, 'n').split('\n').slice(1)).toEqual([
      'random_seed: 7',
      'net: "n"',
      'test_iter: 5',
      'base_lr: 0.01',
      'max_iter: 1',
      'lr_policy: "fixed"',
      '',
    ]);
  });
});

describe('pointData', () => {
  const layer = (phase: string) =>
    `layer {\n  name: "data" type: "Data" top: "data" top: "label"\n  include { phase: ${phase} }\n  data_param { source: "old" batch_size: 2 } # ${phase}\n}\n`;
  const text = `# net\n${layer('TRAIN')}${layer('TEST')}`;

  test('sets the source of the phases that are given', () => {
    const pointed = pointData({ file: 'n', text }, { TRAIN: 'new' });
    expect(pointed).toBe(text.replace('"old"', '"new"'));
    expect(pointData({ file: 'n', text }, { TRAIN: 'a', TEST: 'b' })).toMatch(/"a"[^]*"b"/);
  });

  test.each([
    ['layer {', 'type: "Data"'],
    ['layers {', 'type: DATA'],
  ])('a layer of both phases becomes two for two data sets: %s', (head, type) => {
    const one = `${head} name: "d" ${type} top: "data" top: "label" data_param { source: "old" batch_size: 1 } } # x\n`;
    const pointed = pointData({ file: 'n', text: one }, { TRAIN: 'a', TEST: 'b' });
    expect(pointed.match(/source: "(\w)"[^#]*?phase: (\w+)/g)).toEqual([
      expect.stringMatching(/"a"[^]*TRAIN/),
      expect.stringMatching(/"b"[^]*TEST/),
    ]);
    expect(pointData({ file: 'n', text: one }, { TRAIN: 'a', TEST: 'a' })).toBe(one.replace('old', 'a'));
  });

  test('a net of before 2015 too', () => {
    const old =
      'layers {\n name: "d" type: DATA top: "data" top: "label"\n data_param { source: "old" batch_size: 1 }\n}\n';
    expect(pointData({ file: 'n', text: old }, { TRAIN: 'new' })).toBe(old.replace('"old"', '"new"'));
  });

  test.each([
    ['ImageData', 'image_data_param { source: "old" root_folder: "old/" }'],
    ['HDF5Data', 'hdf5_data_param { # of old\n source: "old" batch_size: 2 }'],
  ])('the list of a layer of type %s', (type, param) => {
    const list = `layer { name: "d" type: "${type}" top: "data" top: "label" ${param} }\n`;
    expect(pointData({ file: 'n', text: list }, { TEST: 'new' })).toBe(list.replace('source: "old"', 'source: "new"'));
  });

  test('a net without data layers is told', () => {
    const deploy = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 1 } } }';
    expect(() => pointData({ file: 'n.prototxt', text: deploy }, { TRAIN: 'a' })).toThrow(
      'n.prototxt: error: the net has no layer in TRAIN that could read the data set',
    );
  });
});

describe('addOverride', () => {
  const CONFIG = `# mine
retrain_data_quant_config: { ulq_quantize: { clip_max_min: { clip_max: 6.0 clip_min: -6.0 } } }
retrain_weight_quant_config: { arq_retrain: { channel_wise: false } } # all
override_layer_configs: {
  layer_name: "ip2" # the second
  retrain_data_quant_config: { ulq_quantize: { clip_max_min: { clip_max: 3 clip_min: -3 } } }
}
`;
  const add = (override: Parameters<typeof addOverride>[2], text = CONFIG) =>
    addOverride({ file: 'quant.cfg', text }, NET, override).text;

  test('adds an entry at the end and leaves every other byte', () => {
    const text = add({ layer: 'ip1', clipMax: 0.6, clipMin: -0.5 });
    expect(text.startsWith(CONFIG)).toBe(true);
    expect(text.slice(CONFIG.length)).toMatch(
      /override_layer_configs: \{\n {2}layer_name: "ip1"\n[^]*clip_max_min: \{ clip_max: 0.6 clip_min: -0.5 \}/,
    );
    expect(add({ layerType: 'InnerProduct', fixedMin: true })).toContain('override_layer_types: {');
  });

  test('sets values in the entry that is there', () => {
    const text = add({ layer: 'ip2', clipMax: 4, clipMin: -2 });
    expect(text).toBe(CONFIG.replace('clip_max: 3 clip_min: -3', 'clip_max: 4 clip_min: -2'));
  });

  test('takes a range away where IFMR is to measure it', () => {
    expect(add({ layer: 'ip2', ifmr: true }).replaceAll(/\s+/g, ' ')).toContain('ulq_quantize: { } }');
  });

  test.each<[Parameters<typeof addOverride>[2], string]>([
    [{ layer: 'ip9', fixedMin: false }, 'hint: did you mean `ip1`'],
    [{ layer: 'loss', fixedMin: false }, 'quant.cfg:'],
    [{ layer: 'ip1', clipMax: -1, clipMin: -2 }, 'clip_max'],
    [{ layer: 'ip1', layerType: 'InnerProduct', ifmr: true }, 'give either a layer or a layerType'],
    [{ fixedMin: true }, 'give either a layer or a layerType'],
    [{ layer: 'ip1', clipMax: 1 }, 'clipMax and clipMin go together'],
    [{ layer: 'ip1' }, 'give what should differ'],
  ])('%j is refused: %s', (override, message) => expect(() => add(override)).toThrow(message));
});

describe('lockData', () => {
  const folder = temporaryFolder();

  test('digests what is there, and keeps what the lock says of what is not', async () => {
    const place = smallProject(folder.path);
    const lock = await lockData(place, {}, true);
    expect(lock).toEqual({
      data: { files: [expect.objectContaining({ name: 'data.mdb' })], records: 7 },
      'small.caffemodel': { files: [expect.objectContaining({ name: 'small.caffemodel' })] },
    });
    const lockFile = JSON.stringify({ version: 1, sources: lock });
    const without = smallProject(`${folder.path}/b`, { data: null, 'data.lock.json': lockFile });
    expect(await lockData(without, {}, false)).toEqual(lock);
  });

  test('data that are nowhere are an error with every place tried', async () => {
    await expect(lockData(smallProject(folder.path, { data: null }), {}, false)).rejects.toThrow(
      "there is no data 'data'",
    );
  });
});
