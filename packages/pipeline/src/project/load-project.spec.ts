import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_LAYERS } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { StageOptions } from '../stage-options.ts';
import { SMALL_PROJECT, smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { dataPath } from './data-path.ts';
import { loadProject } from './load-project.ts';

const folder = temporaryFolder();

const load = async (changes: Record<string, string | null> = {}, options: StageOptions = {}) =>
  (await loadProject(smallProject(folder.path, changes), options)).project;

async function problems(changes: Record<string, string | null>, options: StageOptions = {}): Promise<string> {
  const error: unknown = await load(changes, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof DiagnosticsError))
    throw new Error(`expected diagnostics, got ${String((error as Error).stack)}`);
  return error.message;
}

const write = (file: string, text: string) => {
  mkdirSync(join(folder.path, file, '..'), { recursive: true });
  writeFileSync(join(folder.path, file), text);
};
const solver = (net: string) => (SMALL_PROJECT['solver.prototxt'] ?? '').replace('train_val.prototxt', net);

test('the files are found by their usual names', async () => {
  const project = await load();
  expect(project.files.map(({ shown }) => shown)).toEqual([
    'models/small/quant.cfg',
    'models/small/solver.prototxt',
    'models/small/train_val.prototxt',
  ]);
  expect(project.weights.shown).toBe('models/small/small.caffemodel');
  expect(project.prefix).toBe('small');
});

describe('a path is tried', () => {
  test.each<[string, string, string, StageOptions]>([
    ['beside the file that names it', 'models/small/sub/net.prototxt', 'sub/net.prototxt', {}],
    ['against the workspace root', 'zoo/net.prototxt', 'zoo/net.prototxt', {}],
    ['against dataRoot first', 'elsewhere/train_val.prototxt', 'train_val.prototxt', { dataRoot: 'elsewhere' }],
  ])("the solver's net, %s", async (_, file, named, options) => {
    write(file, SMALL_PROJECT['train_val.prototxt'] ?? '');
    expect((await load({ 'solver.prototxt': solver(named) }, options)).netFiles.TRAIN.shown).toBe(file);
  });

  test('an option, against the project and the workspace root', async () => {
    write('shared/quant.cfg', SMALL_PROJECT['quant.cfg'] ?? '');
    expect((await load({}, { config: 'shared/quant.cfg' })).config.file).toBe('shared/quant.cfg');
  });

  test('data, against the folder of the net', async () => {
    expect(dataPath(await load(), 'data', 'TEST')).toBe(join(folder.path, 'models/small/data'));
  });

  test('absolute, as it is', async () => {
    write('abs/net.prototxt', SMALL_PROJECT['train_val.prototxt'] ?? '');
    const net = join(folder.path, 'abs/net.prototxt');
    expect((await load({ 'solver.prototxt': solver(net) })).netFiles.TRAIN.path).toBe(net);
  });
});

describe('what is not there is named with every place that was tried', () => {
  test.each<[string, Record<string, string | null>, StageOptions, string]>([
    ['config', { 'quant.cfg': null }, {}, 'the project has no quant.cfg; tried models/small/quant.cfg'],
    ['solver', { 'solver.prototxt': null }, {}, 'the project has no solver.prototxt; tried'],
    [
      'net',
      { 'solver.prototxt': solver('no.prototxt') },
      {},
      "models/small/solver.prototxt:1:1: error: there is no net 'no.prototxt'; tried models/small/no.prototxt and no.prototxt",
    ],
    [
      'net in the solver',
      { 'solver.prototxt': 'base_lr: 1 lr_policy: "fixed" max_iter: 1' },
      {},
      'the solver names no net',
    ],
    [
      'option',
      {},
      { deploy: 'deploy.prototxt' },
      "there is no 'deploy.prototxt', which the option deploy names; tried models/small/deploy.prototxt and deploy.prototxt",
    ],
    [
      'weights',
      { 'small.caffemodel': null },
      {},
      'the project has no caffemodel; tried models/small/*.caffemodel and models/small/*.caffemodel.h5',
    ],
  ])('%s', async (_, changes, options, expected) => {
    expect(await problems(changes, options)).toContain(expected);
  });
});

describe('the weights are the only caffemodel that is not our output', () => {
  test('outputs do not count', async () => {
    const outputs = { 'small_deploy_weights.caffemodel': 'x', 'small_retrain_model.caffemodel': 'x' };
    expect((await load(outputs)).weights.shown).toBe('models/small/small.caffemodel');
  });

  test.each([
    [
      'an HDF5 one where there is no binary one',
      { 'small.caffemodel': null, 'a.caffemodel.h5': 'x' },
      'a.caffemodel.h5',
    ],
    ['else the binary one', { 'a.caffemodel.h5': 'x' }, 'small.caffemodel'],
  ])('%s', async (_, changes, expected) => {
    expect((await load(changes)).weights.shown).toBe(`models/small/${expected}`);
  });

  test('of several HDF5 ones, one has to be chosen', async () => {
    const several = { 'small.caffemodel': null, 'a.caffemodel.h5': 'x', 'b.caffemodel.h5': 'x' };
    expect(await problems(several)).toContain('several caffemodels: a.caffemodel.h5, b.caffemodel.h5');
  });

  test('of several, one has to be chosen', async () => {
    const several = { 'other.caffemodel': 'x' };
    expect(await problems(several)).toContain('several caffemodels: other.caffemodel, small.caffemodel');
    expect((await load(several, { weights: 'other.caffemodel' })).weights.shown).toContain('other');
  });
});

test('a Git LFS pointer in place of a text is named', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n';
  expect(await problems({ 'quant.cfg': pointer })).toContain(
    'models/small/quant.cfg: error: the file is a Git LFS pointer',
  );
});

test('everything that is wrong with all files is told at once', async () => {
  const text = await problems({
    'quant.cfg': 'skip_layer: "ip1"',
    'solver.prototxt': solver('train_val.prototxt').replace('"fixed"', '"stepp"'),
    'train_val.prototxt': (SMALL_PROJECT['train_val.prototxt'] ?? '').replace('bottom: "ip1"', 'bottom: "ipp1"'),
  });
  expect(text).toContain('models/small/quant.cfg:1:1: error:');
  expect(text).toContain("models/small/solver.prototxt:3:1: error: there is no lr_policy 'stepp'");
  expect(text).toContain('layer `ip2`');
  expect(text.match(/unknown-bottom|reads the blob/g)).toHaveLength(1);
});

test.each<StageOptions>([{}, { mode: 'calibrate', net: 'train_val.prototxt' }])(
  'a blob that nothing makes and settings that make no sense are told at once: %o',
  async (options) => {
    const net = (SMALL_PROJECT['train_val.prototxt'] ?? '')
      .replace('bottom: "ip1"', 'bottom: "ipp1"')
      .replace(/num_output: \d+/, 'num_output: 0');
    const text = await problems({ 'train_val.prototxt': net }, options);
    expect(text).toContain('reads the blob "ipp1"');
    expect(text).toContain('num_output');
  },
);

test('a net without a loss is not a net to train', async () => {
  const net = (SMALL_PROJECT['train_val.prototxt'] ?? '').replace(
    'type: "SoftmaxWithLoss" bottom: "ip3" bottom: "label"',
    'type: "Softmax" bottom: "ip3"',
  );
  expect(await problems({ 'train_val.prototxt': net })).toContain('no loss layer');
});

test.each([
  ['WindowData', 'ImageData'],
  ['MemoryData', 'HDF5Data'],
  ['AnnotatedData', 'HDF5Data'],
  ['LaneData', `supported: ${[...DATA_LAYERS.keys()].sort().join(', ')}`],
])('a data layer of type %s is named with its line, once, and what to use instead', async (type, instead) => {
  const net = (SMALL_PROJECT['train_val.prototxt'] ?? '').replace('"Data"', `"${type}"`);
  const text = await problems({ 'train_val.prototxt': net });
  expect(text).toContain(`train_val.prototxt:2: error: layer \`data\`: layers of type '${type}' are not supported`);
  expect(text).toContain(instead);
  expect(text.match(new RegExp(`'${type}'`, 'g'))).toHaveLength(1);
});

test('weights that the solver names and that are others than the float weights are warned of', async () => {
  const warnings = async (weights: string) =>
    (
      await loadProject(
        smallProject(folder.path, { 'solver.prototxt': `${solver('train_val.prototxt')}\nweights: "${weights}"` }),
        {},
      )
    ).diagnostics
      .filter(({ code }) => code === 'other-weights')
      .map(({ message }) => message);
  expect(await warnings('somewhere/small.caffemodel')).toEqual([]);
  expect(await warnings('other.caffemodel')).toEqual([
    "the solver starts from 'other.caffemodel', but the float weights here are models/small/small.caffemodel",
  ]);
});

test('a field that nothing reads is an error in the deploy net too: the exported models have its topology', async () => {
  const deploy = (settings: string) => `name: "small"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 4 dim: 5 } } }
layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1" inner_product_param { num_output: 4 ${settings} } }
`;
  const withDeploy = (settings: string) => ({ 'deploy.prototxt': deploy(settings) });
  await load(withDeploy(''), { deploy: 'deploy.prototxt' });
  expect(await problems(withDeploy('weight_filler { scale: 2 }'), { deploy: 'deploy.prototxt' })).toContain(
    'deploy.prototxt:3:120: error: layer `ip1`: inner_product_param.weight_filler.scale, a field of intel/caffe, is not supported',
  );
});
