import { buildNetGraph, readNetText, writeCaffemodel, type Phase } from '@caffe-quant/caffe-io';
import type { Tree } from '@nx/devkit';
import { logger, readJson, readNxJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FsTree } from 'nx/src/generators/tree';
import { temporaryWorkspace } from '../testing/temporary-workspace.ts';
import dataLock from './data-lock/generator.ts';
import init from './init/generator.ts';
import model from './model/generator.ts';
import override from './override/generator.ts';

const MODELS = join(process.cwd(), 'models');
const NET = readFileSync(join(MODELS, 'model/train_val.prototxt'), 'utf8');
const SOLVER = readFileSync(join(MODELS, 'model/float/solver.prototxt'), 'utf8');

/** Of every net below: one layer of each. */
const WEIGHTS = Buffer.from(
  writeCaffemodel({
    layers: ['conv1', 'ip1', 'ip'].map((name) => ({
      ...{ name, type: 'InnerProduct' },
      blobs: [{ shape: [1], data: Float32Array.of(1) }],
    })),
  }),
);

let tree: Tree;
beforeEach(() => {
  for (const level of ['info', 'warn'] as const) jest.spyOn(logger, level).mockReset().mockImplementation();
  tree = createTreeWithEmptyWorkspace();
  tree.write('.gitignore', 'node_modules\n/dist');
});

const text = (file: string) => tree.read(file, 'utf8');

describe('init', () => {
  test('adds the plugin and what is not to be in git, once', async () => {
    await init(tree);
    const changes = tree.listChanges().length;
    expect(readNxJson(tree)?.plugins).toEqual(['@caffe-quant/nx/plugin']);
    expect(text('.gitignore')).toBe('node_modules\n/dist\n.caffe-quant/\n.nx/cache/\n.nx/workspace-data/\n');
    const [nxJson, ignored] = [text('nx.json'), text('.gitignore')];
    await init(tree);
    expect([text('nx.json'), text('.gitignore'), tree.listChanges().length]).toEqual([nxJson, ignored, changes]);
  });

  test('makes an nx.json where there is none', async () => {
    tree.delete('nx.json');
    await init(tree);
    expect(readNxJson(tree)).toEqual({
      plugins: ['@caffe-quant/nx/plugin'],
      analytics: false,
      neverConnectToCloud: true,
    });
  });

  test('keeps Nx from asking, but for what the workspace has decided', async () => {
    tree.write('nx.json', JSON.stringify({ analytics: true, nxCloudId: 'x' }));
    await init(tree);
    expect(readNxJson(tree)).toEqual({ analytics: true, nxCloudId: 'x', plugins: ['@caffe-quant/nx/plugin'] });
  });

  test('without a .gitignore, what package managers install is ignored too', async () => {
    tree.delete('.gitignore');
    await init(tree);
    expect(text('.gitignore')).toMatch(/^node_modules\/\ndist\/\n/);
  });

  test('ignores no part of what is ignored', async () => {
    tree.write('.gitignore', '.nx\ndist');
    await init(tree);
    expect(text('.gitignore')).toBe('.nx\ndist\n.caffe-quant/\n');
  });

  test('leaves a plugin with options alone', async () => {
    const plugins = [{ plugin: '@caffe-quant/nx/plugin', options: { targetNames: { retrain: 'q' } } }];
    tree.write('nx.json', JSON.stringify({ plugins }));
    await init(tree);
    expect(readNxJson(tree)?.plugins).toEqual(plugins);
  });
});

describe('model', () => {
  const options = { name: 'lenet', prototxt: 'in/net.prototxt', caffemodel: 'in/w.caffemodel' };
  beforeEach(() => {
    tree.write('in/net.prototxt', NET);
    tree.write('in/w.caffemodel', WEIGHTS);
    tree.write('in/solver.prototxt', SOLVER);
  });

  test('writes the project, and all else that the workspace needs', async () => {
    await model(tree, { ...options, solver: 'in/solver.prototxt', data: 'data/a', testData: 'data/b' });
    expect(tree.children('models/lenet').sort()).toEqual([
      'lenet.caffemodel',
      'project.json',
      'quant.cfg',
      'solver.prototxt',
      'train_val.prototxt',
    ]);
    expect(tree.read('models/lenet/lenet.caffemodel')).toEqual(WEIGHTS);
    expect(text('models/lenet/train_val.prototxt')).toBe(
      NET.replace(/source: ".*train_lmdb"/, 'source: "data/a"').replace(/source: ".*test_lmdb"/, 'source: "data/b"'),
    );
    expect(text('models/lenet/solver.prototxt')).toMatch(
      /net: "models\/lenet\/train_val.prototxt"[^]*base_lr: 0.0001\n[^]*stepvalue: 1407\n[^]*max_iter: 2345\n/,
    );
    expect(text('models/lenet/quant.cfg')).toContain('#   conv1  Convolution\n');
    expect(readNxJson(tree)?.plugins).toEqual(['@caffe-quant/nx/plugin']);
    expect(readJson(tree, 'models/lenet/project.json')).toMatchObject({
      name: 'lenet',
      targets: { 'quantize-retrain': { configurations: { quick: { maxIter: 20 } } } },
    });
  });

  test('is listed in workspace.json where there is one', async () => {
    tree.write('workspace.json', '{ "version": 2, "projects": { "a": "libs/a" } }');
    await model(tree, { ...options, directory: 'zoo/one/' });
    expect(readJson(tree, 'workspace.json').projects).toMatchObject({ a: 'libs/a', lenet: { root: 'zoo/one' } });
    expect(tree.exists('zoo/one/project.json')).toBe(false);
  });

  test('keeps the files that the folder has', async () => {
    tree.write('models/lenet/quant.cfg', '# mine\n');
    tree.write('models/lenet/train_val.prototxt', NET);
    tree.write('models/lenet/old.caffemodel', WEIGHTS);
    await model(tree, {
      name: 'lenet',
      prototxt: 'models/lenet/train_val.prototxt',
      caffemodel: 'models/lenet/old.caffemodel',
    });
    expect(text('models/lenet/quant.cfg')).toBe('# mine\n');
    expect(text('models/lenet/train_val.prototxt')).toBe(NET);
    expect(tree.exists('models/lenet/lenet.caffemodel')).toBe(false);
  });

  describe('from a solver that trains one net and tests another', () => {
    const data = (phase: string) =>
      `layer { name: "d" type: "Data" top: "data" top: "label" data_param { source: "${phase}_lmdb" batch_size: 2 backend: LMDB } }\n`;
    const BODY = `layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 3 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
`;
    const TESTED = `${data('test')}${BODY}layer { name: "acc" type: "Accuracy" bottom: "ip" bottom: "label" top: "acc" }\n`;
    const two = { ...options, prototxt: 'in/tr.prototxt', solver: 'in/s.prototxt' };
    const names = (net: string, phase: Phase) =>
      buildNetGraph(readNetText(net, 'net').net, { file: 'net', phase }).graph.layers.map(
        ({ param }) => param.data_param?.source ?? param.name,
      );
    beforeEach(() => {
      tree.write('in/tr.prototxt', data('train') + BODY);
      tree.write('in/te.prototxt', TESTED);
      const nets = 'train_net: "examples/x/tr.prototxt"\ntest_net: "examples/x/te.prototxt"';
      tree.write(
        'in/s.prototxt',
        `${nets}\ntest_iter: 5\ntest_interval: 8\nbase_lr: 0.1\nmax_iter: 80\nlr_policy: "fixed"\n`,
      );
    });
    const written = () => text('models/lenet/train_val.prototxt')!;

    test.each([
      ['the net to train given', two],
      ['the net to test given', { ...two, prototxt: 'in/te.prototxt' }],
      ['none given', { ...two, prototxt: '' }],
    ])('one prototxt with rules for the phases is written, %s', async (_, given) => {
      await model(tree, given);
      expect(names(written(), 'TRAIN')).toEqual(['train_lmdb', 'ip', 'loss']);
      expect(names(written(), 'TEST')).toEqual(['test_lmdb', 'ip', 'loss', 'acc']);
      const solver = text('models/lenet/solver.prototxt');
      expect(solver).toContain('net: "models/lenet/train_val.prototxt"');
      expect(solver).not.toMatch(/train_net|test_net/);
      expect(solver).toContain('test_iter: 5');
    });

    test('each of the data sets that are given goes to its phase', async () => {
      await model(tree, { ...two, data: 'data/a', testData: 'data/b' });
      expect([names(written(), 'TRAIN')[0], names(written(), 'TEST')[0]]).toEqual(['data/a', 'data/b']);
    });

    test('nets in the solver itself', async () => {
      const rest = text('in/s.prototxt')!.replace(/.*_net:.*\n/g, '');
      const inline = `train_net_param {\n${data('train')}${BODY}}\ntest_net_param {\n${TESTED}}\n${rest}`;
      tree.write('in/s.prototxt', inline);
      await model(tree, { ...two, prototxt: '' });
      expect(names(written(), 'TEST')).toEqual(['test_lmdb', 'ip', 'loss', 'acc']);
      expect(text('models/lenet/solver.prototxt')).not.toContain('layer');
    });

    test('a prototxt with phases of its own is the net, and that is said', async () => {
      await model(tree, { ...two, prototxt: 'in/net.prototxt' });
      expect(written()).toBe(NET);
      expect(logger.warn).toHaveBeenCalledWith(expect.stringContaining("'examples/x/te.prototxt' is left out"));
    });

    test('a solver that names the net to test alone, and the other given', async () => {
      tree.write('in/s.prototxt', text('in/s.prototxt')!.replace(/train_net:.*\n/, ''));
      await model(tree, { ...two, testData: 'data/b' });
      expect(names(written(), 'TRAIN')).toEqual(['train_lmdb', 'ip', 'loss']);
      expect(names(written(), 'TEST')).toEqual(['data/b', 'ip', 'loss', 'acc']);
    });

    test('a deploy prototxt is the net, and that is said', async () => {
      const deploy = `input: "data" input_dim: 1 input_dim: 1 input_dim: 4 input_dim: 4\n${BODY.split('\n')[0]}\n`;
      tree.write('in/deploy.prototxt', deploy);
      await model(tree, {
        ...two,
        prototxt: 'in/deploy.prototxt',
        mode: 'distill',
        data: 'data/a',
        testData: 'data/b',
      });
      expect(text('models/lenet/net.prototxt')).toMatch(/"data\/a"[^]*"data\/b"/);
      expect(logger.warn).toHaveBeenCalledWith(
        expect.stringContaining("takes its data from outside: 'examples/x/te.prototxt' is left out"),
      );
    });

    test('a net that is not there is named', async () => {
      tree.delete('in/te.prototxt');
      await expect(model(tree, two)).rejects.toThrow(
        "in/s.prototxt:2:11: error: there is no net 'examples/x/te.prototxt'",
      );
    });
  });

  test('without a prototxt and a solver there is no net', async () => {
    await expect(model(tree, { ...options, prototxt: '' })).rejects.toThrow('give the prototxt, or a solver');
  });

  describe('from a deploy prototxt, which has neither data nor loss', () => {
    const LAYERS = `layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1" inner_product_param { num_output: 4 } }
layer { name: "prob" type: "Softmax" bottom: "ip1" top: "prob" }
`;
    const deploy = { ...options, prototxt: 'in/deploy.prototxt', data: 'data/a' };
    beforeEach(() => {
      const input =
        'layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }\n';
      tree.write('in/deploy.prototxt', `# mine\n${input}${LAYERS}`);
    });
    const retrainOptions = () => readJson(tree, 'models/lenet/project.json').targets['quantize-retrain'].options;

    test('names the modes that will do', async () => {
      await expect(model(tree, deploy)).rejects.toThrow(/no loss layer in TRAIN[^]*mode: calibrate[^]*mode: distill/);
    });

    test('with calibrate: data in the place of the input, and no solver', async () => {
      await model(tree, { ...deploy, mode: 'calibrate' });
      expect(tree.children('models/lenet').sort()).toEqual([
        'lenet.caffemodel',
        'net.prototxt',
        'project.json',
        'quant.cfg',
      ]);
      expect(retrainOptions()).toEqual({ mode: 'calibrate', net: 'net.prototxt' });
      const net = text('models/lenet/net.prototxt') ?? '';
      expect(net).toMatch(/^# mine\nlayer \{\n {2}name: "data"\n {2}type: "Data"\n {2}top: "data"\n/);
      expect(net).toContain('crop_size: 8');
      expect(net).toContain('source: "data/a"');
      expect(net).toContain('backend: LMDB');
      expect(net).not.toContain('Input');
      expect(net.endsWith(LAYERS)).toBe(true);
      expect(text('models/lenet/quant.cfg')).toContain('#   ip1  InnerProduct\n');
    });

    test('with distill: a solver for the net, the choice of the best weights, and the test data of their own', async () => {
      await model(tree, { ...deploy, mode: 'distill', testData: 'data/b' });
      expect(retrainOptions()).toEqual({ mode: 'distill', select: 'best' });
      expect(text('models/lenet/solver.prototxt')).toContain('net: "models/lenet/net.prototxt"');
      const net = text('models/lenet/net.prototxt');
      expect(net).toMatch(/phase: TRAIN[^]*"data\/a"[^]*phase: TEST[^]*"data\/b"/);
    });

    test('of before 2015 too', async () => {
      const old = `input: "data"\ninput_dim: 10\ninput_dim: 3\ninput_dim: 8\ninput_dim: 9\n`;
      const layers =
        'layers { name: "ip1" type: INNER_PRODUCT bottom: "data" top: "ip1" inner_product_param { num_output: 4 } }\n';
      tree.write('in/deploy.prototxt', old + layers);
      await model(tree, { ...deploy, mode: 'calibrate' });
      const net = text('models/lenet/net.prototxt') ?? '';
      expect(net).toMatch(/^layers \{\n {2}name: "data"\n {2}type: DATA\n[^]*batch_size: 10\n/);
      expect(net).not.toMatch(/input|crop/);
    });

    test('without data says that some are needed', async () => {
      const { data: _, ...without } = deploy;
      await expect(model(tree, { ...without, mode: 'calibrate' })).rejects.toThrow(
        'give a data set; labels are not needed',
      );
    });
  });

  describe('with data that are here', () => {
    const workspace = temporaryWorkspace();
    const IMAGES = 'packages/caffe-io/src/data/image/fixtures';
    const DEPLOY =
      'layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 9 } } }\n' +
      'layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1" inner_product_param { num_output: 4 } }\n';
    /** The net that is written, and what is said. */
    const made = async (
      given: Partial<Parameters<typeof model>[1]>,
      prototxt = DEPLOY,
      files: Record<string, string> = {},
    ) => {
      for (const folder of ['images', 'classes/b', 'classes/a']) {
        mkdirSync(join(workspace.path, folder), { recursive: true });
        copyFileSync(join(process.cwd(), IMAGES, 'c.png'), join(workspace.path, folder, '1.png'));
      }
      workspace.write({
        'deploy.prototxt': prototxt,
        'level/CURRENT': 'MANIFEST-000001\n',
        'level/MANIFEST-000001': '',
        'lm/data.mdb': '',
        ...files,
      });
      writeFileSync(join(workspace.path, 'w.caffemodel'), WEIGHTS);
      tree = new FsTree(workspace.path, false);
      await model(tree, {
        ...{ name: 'lenet', prototxt: 'deploy.prototxt', caffemodel: 'w.caffemodel', mode: 'calibrate', ...given },
      });
      return text(`models/lenet/${given.mode === 'retrain' ? 'train_val' : 'net'}.prototxt`) ?? '';
    };

    test.each<[data: string, layer: RegExp]>([
      ['lm', /type: "Data"[^]*crop_size|type: "Data"[^]*source: "lm"\n[^]*backend: LMDB/],
      ['lm/data.mdb', /source: "lm"\n[^]*backend: LMDB/],
      ['level/', /source: "level"\n[^]*backend: LEVELDB/],
      ['images', /type: "ImageData"\n {2}top: "data"\n[^]*source: "images"\n[^]*new_height: 8\n {4}new_width: 9\n/],
      ['list.txt', /type: "ImageData"[^]*source: "list.txt"\n/],
      ['h.txt', /type: "HDF5Data"\n {2}top: "data"\n {2}hdf5_data_param \{\n {4}source: "h.txt"\n/],
    ])('%s: the layer that reads it', async (data, layer) => {
      expect(await made({ data }, DEPLOY, { 'list.txt': 'images/1.png\n', 'h.txt': 'a.h5\n' })).toMatch(layer);
    });

    test('how images are prepared goes into the layer', async () => {
      const net = await made({
        data: 'images',
        mean: '104,117.5,123',
        scale: 0.5,
        channelOrder: 'rgb',
        size: '10',
        crop: 8,
      });
      const { layer } = readNetText(net, 'net').net;
      expect(layer[0]).toMatchObject({
        image_data_param: { new_height: 10, new_width: 10 },
        transform_param: { mean_value: [104, 117.5, 123], scale: 0.5, crop_size: 8, cvt_bgr2rgb: true },
      });
      expect(net).not.toContain('belongs here');
    });

    const TRAIN_VAL = `layer { name: "d" type: "Data" top: "data" top: "label" transform_param { scale: 0.5 mean_value: 7 } data_param { source: "old" batch_size: 5 backend: LMDB } }
layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1" inner_product_param { num_output: 4 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip1" bottom: "label" top: "loss" }
`;

    test('a data layer becomes one of another type, with its preparation and batch size', async () => {
      const net = await made({ data: 'classes', testData: 'level', mode: 'retrain' }, TRAIN_VAL);
      const layers = readNetText(net, 'net').net.layer.slice(0, 2);
      expect(layers).toMatchObject([
        { type: 'ImageData', image_data_param: { source: 'classes', batch_size: 5 }, include: [{ phase: 'TRAIN' }] },
        { type: 'Data', data_param: { source: 'level', backend: 'LEVELDB' }, include: [{ phase: 'TEST' }] },
      ]);
      for (const { transform_param } of layers) expect(transform_param).toMatchObject({ scale: 0.5, mean_value: [7] });
    });

    test.each<[Partial<Parameters<typeof model>[1]>, string]>([
      [{ data: 'images', mode: 'retrain' }, "the images of 'images' have no labels, and the layer gives 'label'"],
      [{ data: 'h.txt', mode: 'retrain' }, 'which Caffe does not transform'],
      [{ data: 'deploy.prototxt' }, 'the file is no list of images or HDF5 files'],
      [{ data: 'models' }, 'the folder holds no data that can be read'],
      [{ data: 'lm', size: '8', mode: 'retrain' }, 'takes its records in the size that they have'],
      [{ data: 'images', mean: 'mean.binaryproto' }, "there is no file 'mean.binaryproto'"],
      [{ data: 'images', size: 'big', mean: '1,x', crop: 0 }, 'size is <height>x<width>'],
      [{ data: 'classes', caffemodel: 'images/1.png' }, 'images/1.png: error:'],
      [{ data: 'classes', caffemodel: 'other.prototxt' }, 'other.prototxt: error:'],
    ])('%j is refused', async (given, message) => {
      const files = { 'h.txt': 'a.h5\n', 'models/x.md': '', 'other.prototxt': TRAIN_VAL };
      await expect(made(given, TRAIN_VAL, files)).rejects.toThrow(message);
      expect(tree.listChanges()).toEqual([]);
    });

    test('weights of another net are refused', async () => {
      await expect(made({ data: 'images' }, DEPLOY.replaceAll('ip1', 'fc8'))).rejects.toThrow(
        'w.caffemodel: error: the weights are of another net: deploy.prototxt has none of their layers (conv1, ip1, ip, ...)',
      );
    });

    test('a second time it says what it leaves, and what it changes', async () => {
      await made({ data: 'images' });
      tree.write('models/lenet/quant.cfg', '# mine\n');
      const options = { name: 'lenet', prototxt: 'deploy.prototxt', caffemodel: 'w.caffemodel' };
      await model(tree, { ...options, data: 'lm', mode: 'calibrate' });
      expect(text('models/lenet/quant.cfg')).toBe('# mine\n');
      expect(logger.warn).toHaveBeenLastCalledWith(
        'models/lenet/net.prototxt was there already, and is now what was given\n' +
          'models/lenet/quant.cfg is there already, and stays as it is; delete it to have it made anew',
      );
      await model(tree, { ...options, data: 'lm', mode: 'distill' });
      expect(logger.warn).toHaveBeenLastCalledWith(
        expect.stringContaining(
          'models/lenet/project.json: the option mode of quantize-retrain is distill now, and was calibrate',
        ),
      );
      expect(readJson(tree, 'models/lenet/project.json').targets['quantize-retrain']).toMatchObject({
        options: { mode: 'distill', select: 'best' },
        configurations: { quick: { maxIter: 20 } },
      });
    });

    test('data that are not here are told', async () => {
      expect(await made({ data: 'none' })).toContain('backend: LMDB');
      expect(logger.warn).toHaveBeenCalledWith(expect.stringContaining("there is no 'none' here"));
    });
  });

  test.each([
    [{ prototxt: 'in/none.prototxt' }, "there is no file 'in/none.prototxt'"],
    [{ prototxt: 'in/solver.prototxt' }, 'in/solver.prototxt:2:1: error: unknown field `net`'],
    [{ solver: 'in/net.prototxt' }, 'in/net.prototxt:'],
  ])('with %j says %s, and writes nothing', async (wrong, message) => {
    const before = tree.listChanges().map(({ path }) => path);
    await expect(model(tree, { ...options, ...wrong })).rejects.toThrow(message);
    expect(tree.listChanges().map(({ path }) => path)).toEqual(before);
  });
});

describe('override', () => {
  beforeEach(() => {
    for (const name of ['quant.cfg', 'solver.prototxt', 'train_val.prototxt']) {
      tree.write(`models/model/${name}`, readFileSync(join(MODELS, 'model', name)));
    }
  });

  test.each(['model', 'models/model', 'listed'])('finds the project %s, and keeps the comments', async (project) => {
    if (project === 'listed') tree.write('workspace.json', '{"projects": {"listed": "models/model"}}');
    const before = text('models/model/quant.cfg') ?? '';
    await override(tree, { project, layer: 'conv2', clipMax: 3, clipMin: -3 });
    const after = text('models/model/quant.cfg') ?? '';
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length)).toMatch(/layer_name: "conv2"[^]*clip_max: 3/);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  test('takes the config that the project names', async () => {
    tree.write('models/model/other.cfg', text('models/model/quant.cfg') ?? '');
    const targets = { 'quantize-retrain': { options: { config: 'other.cfg' } } };
    tree.write('workspace.json', JSON.stringify({ projects: { m: { root: 'models/model', targets } } }));
    await override(tree, { project: 'm', layerType: 'Convolution', ifmr: true });
    expect(text('models/model/other.cfg')).toContain('layer_type: "Convolution"');
  });

  test.each([
    [{ project: 'mdel', layer: 'conv2', ifmr: true }, "there is no model project 'mdel'"],
    [{ project: 'model', layer: 'conv3', ifmr: true }, 'did you mean `conv'],
    [{ project: 'model', layer: 'conv1', ifmr: true }, 'skip'],
  ])('with %j says %s, and writes nothing', async (options, message) => {
    const before = text('models/model/quant.cfg');
    await expect(override(tree, options)).rejects.toThrow(message);
    expect(text('models/model/quant.cfg')).toBe(before);
  });
});

describe('data-lock', () => {
  const workspace = temporaryWorkspace();

  test('writes what the data sets hold', async () => {
    const lockFile = 'models/model/data.lock.json';
    for (const name of ['quant.cfg', 'solver.prototxt', 'train_val.prototxt', 'lenet.caffemodel']) {
      mkdirSync(join(workspace.path, 'models/model'), { recursive: true });
      writeFileSync(join(workspace.path, 'models/model', name), readFileSync(join(MODELS, 'model', name)));
    }
    for (const set of ['train_lmdb', 'test_lmdb'].map((name) => `models/data/fashion-mnist/${name}`)) {
      mkdirSync(join(workspace.path, set), { recursive: true });
      writeFileSync(join(workspace.path, set, 'data.mdb'), readFileSync(join(process.cwd(), set, 'data.mdb')));
    }
    const own = new FsTree(workspace.path, false);
    await dataLock(own, { project: 'model' });
    expect(own.read(lockFile, 'utf8')).toBe(readFileSync(join(process.cwd(), lockFile), 'utf8'));
    await dataLock(own, { project: 'model', weights: true });
    expect(own.read(lockFile, 'utf8')).toContain('"lenet.caffemodel": {');
  });
});
