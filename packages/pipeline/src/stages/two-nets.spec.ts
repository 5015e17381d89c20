import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildNetGraph, readCaffemodelFile, readNetText, writeCaffemodelFile } from '@caffe-quant/caffe-io';
import type { EvaluationResult, TrainingResult } from '@caffe-quant/report';
import { runAll } from '../testing/run-all.ts';
import { runIn } from '../testing/run-in.ts';
import { SMALL_PROJECT, smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { explainStage } from './explain/stage.ts';
import { fingerprintStage } from './fingerprint/stage.ts';
import { resolveStage } from './resolve/stage.ts';

const folder = temporaryFolder();

const DATA = (batch: number) =>
  `layer { name: "data" type: "Data" top: "data" top: "label" data_param { source: "data" batch_size: ${batch} backend: LMDB } }\n`;
const IP = (name: string, bottom: string, count: number) =>
  `layer { name: "${name}" type: "InnerProduct" bottom: "${bottom}" top: "${name}" inner_product_param { num_output: ${count} } }\n`;
const BODY = IP('ip1', 'data', 4) + IP('ip2', 'ip1', 4) + IP('ip3', 'ip2', 3);
const LOSS = (bottom: string) =>
  `layer { name: "loss" type: "SoftmaxWithLoss" bottom: "${bottom}" bottom: "label" top: "loss" }\n`;
const ACCURACY = 'layer { name: "acc" type: "Accuracy" bottom: "ip3" bottom: "label" top: "acc" }\n';

const TRAIN = DATA(2) + BODY + LOSS('ip3');
const TEST = DATA(1) + BODY + ACCURACY + LOSS('ip3');
const NAMES = 'train_net: "train.prototxt" test_net: "nets/test.prototxt"';
const rest = (SMALL_PROJECT['solver.prototxt'] ?? '').replace('net: "train_val.prototxt"', '').replace('20', '4');
const solver = (names: string, tests = 'test_iter: 2') => `${names} ${tests} test_interval: 2 ${rest}`;

const FILES = {
  'train_val.prototxt': null,
  'train.prototxt': TRAIN,
  'nets/test.prototxt': TEST,
  'solver.prototxt': solver(NAMES),
};
const INLINE = {
  ...{ 'train_val.prototxt': null },
  'solver.prototxt': `${solver('')}\ntrain_net_param {\n${TRAIN}}\ntest_net_param { ${TEST} }\n`,
};
const results = ['train/training.json', 'export/small_retrain_model.prototxt', 'export/small_int8.onnx'];

test('one net is trained, and the other one tested, measured and exported; in the solver or in files is the same', async () => {
  const files = await runAll(smallProject(folder.path, FILES), { outDir: 'dist/files' });
  expect(files.errors).toBe('');
  const { tests, batchSize } = files.json<TrainingResult>('train/training.json');
  expect(batchSize).toBe(2);
  expect(tests!.map(({ iteration, metrics }) => [iteration, Object.keys(metrics).sort()])).toEqual(
    [0, 2, 4].map((iteration) => [iteration, ['acc', 'loss']]),
  );
  const { models } = files.json<EvaluationResult>('evaluate/evaluation.json');
  expect(Object.keys(models.integer!.metrics).sort()).toEqual(['acc', 'loss']);
  const retrain = readNetText(readFileSync(files.file('export/small_retrain_model.prototxt'), 'utf8'), 'retrain').net;
  const batchIn = (phase: 'TRAIN' | 'TEST') =>
    buildNetGraph(retrain, { file: '', phase }).graph.layers.map(({ param }) => param.data_param?.batch_size)[0];
  expect([batchIn('TRAIN'), batchIn('TEST')]).toEqual([2, 1]);

  const inline = await runAll(smallProject(folder.path, INLINE), { outDir: 'dist/inline' });
  expect(inline.errors).toBe('');
  for (const name of results) {
    expect([name, readFileSync(inline.file(name)).equals(readFileSync(files.file(name)))]).toEqual([name, true]);
  }
});

test('a layer of the net for tests alone keeps the weights of the caffemodel', async () => {
  const place = smallProject(folder.path, {
    ...FILES,
    'nets/test.prototxt': DATA(1) + BODY + IP('head', 'ip3', 3) + LOSS('head'),
  });
  const weights = join(place.root, 'small.caffemodel');
  const { name, layers } = readCaffemodelFile(weights);
  const head = {
    ...{ name: 'head', type: 'InnerProduct' },
    blobs: [
      { shape: [3, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) },
      { shape: [3], data: Float32Array.of(1, 2, 3) },
    ],
  };
  writeCaffemodelFile(weights, { name, layers: [...layers, head] });
  const run = await runAll(place);
  expect(run.errors).toBe('');
  const exported = readCaffemodelFile(run.file('export/small_caffe_model.caffemodel')).layers;
  const blobs = exported.find((layer) => layer.name === 'head')!.blobs.map(({ data }) => [...data]);
  expect(blobs).toEqual(head.blobs.map(({ data }) => [...data]));
});

describe('an edit of the net for tests', () => {
  const resolved = async (test: string) => {
    const place = smallProject(folder.path, { ...FILES, 'nets/test.prototxt': test });
    for (const stage of [fingerprintStage, resolveStage])
      expect(await runIn(place, stage)).toMatchObject({ errors: '' });
    const read = (name: string) => readFileSync(join(folder.path, 'dist/quantize/small', name), 'utf8');
    return ['fingerprint/sources.json', ...['calibrate', 'train', 'export'].map((name) => `resolve/${name}.json`)].map(
      (name) => [name, read(name)] as const,
    );
  };
  const sources = 'fingerprint/sources.json';
  const all = [sources, 'resolve/calibrate.json', 'resolve/train.json', 'resolve/export.json'];

  test.each([
    ['none', TEST, []],
    [
      'a comment of a layer that is in both',
      TEST.replace('layer { name: "ip1"', '# x\nlayer { name: "ip1"'),
      [sources],
    ],
    ['a comment of a layer of its own', `# x\n${TEST}`, [sources, 'resolve/export.json']],
    ['its batch size', TEST.replace('batch_size: 1', 'batch_size: 2'), all],
    ['a measure', TEST.replace(ACCURACY, ''), all],
  ])('%s', async (_, edited, expected) => {
    const before = await resolved(TEST);
    const after = await resolved(edited);
    const changed = after.filter(([, text], i) => text !== before[i]![1]).map(([name]) => name);
    expect(changed).toEqual(expected);
  });
});

describe('what is wrong is told at the file and line of the net', () => {
  const wrong = async (changes: Record<string, string | null>) =>
    (await runIn(smallProject(folder.path, { ...FILES, ...changes }), fingerprintStage)).errors;
  test.each<[string, Record<string, string | null>, string[]]>([
    [
      'in both',
      {
        'train.prototxt': TRAIN.replace('bottom: "ip1"', 'bottom: "ip"'),
        'nets/test.prototxt': `${TEST}\nlayer { name: 1 }`,
      },
      ['nets/test.prototxt:8:'],
    ],
    [
      'a bottom',
      { 'nets/test.prototxt': TEST.replace('bottom: "ip2"', 'bottom: "ip"') },
      ['nets/test.prototxt:4:50: error'],
    ],
    [
      'in the solver',
      { 'solver.prototxt': INLINE['solver.prototxt'].replace('bottom: "ip2"', 'bottom: "ip"') },
      ['solver.prototxt:12:50: error'],
    ],
    [
      'a file that is not there',
      { 'nets/test.prototxt': null },
      ["solver.prototxt:1:39: error: there is no test net 'nets/test.prototxt'"],
    ],
    [
      'two nets to train',
      { 'solver.prototxt': solver(`net: "train.prototxt" ${NAMES}`) },
      ['names a net to train by `train_net`, and one by `net`'],
    ],
    ['tests without iterations', { 'solver.prototxt': solver(NAMES, '') }, ['has 1 test net, but 0 test_iter']],
  ])('%s', async (_, changes, expected) => {
    const errors = await wrong(changes);
    for (const text of expected) expect(errors).toContain(text);
  });

  test('data that the nets mean differently by one path', async () => {
    const place = smallProject(folder.path, { ...FILES, 'nets/data/data.mdb': '' });
    writeFileSync(join(place.root, 'nets/data/data.mdb'), '');
    const { errors } = await runIn(place, fingerprintStage);
    expect(errors).toContain("'data' is models/small/data in TRAIN, but models/small/nets/data in TEST");
  });
});

test('quantize-explain takes the layers of both nets, and the first stage notes both files', async () => {
  const place = smallProject(folder.path, FILES);
  const { errors, printed } = await runIn(place, explainStage);
  expect(errors).toBe('');
  for (const name of ['ip1', 'loss', 'acc']) expect(printed).toMatch(new RegExp(`^${name} `, 'm'));
  await runIn(place, fingerprintStage);
  const sources = readFileSync(join(folder.path, 'dist/quantize/small/fingerprint/sources.json'), 'utf8');
  expect([...sources.matchAll(/small\/([^"]*)/g)].map(([, name]) => name)).toEqual([
    ...['quant.cfg', 'solver.prototxt', 'train.prototxt', 'nets/test.prototxt'],
  ]);
});

test('several nets for tests: the first counts, and the others are told of', async () => {
  const place = smallProject(folder.path, {
    ...FILES,
    'solver.prototxt': solver(`${NAMES} test_net: "other.prototxt"`, 'test_iter: 2 test_iter: 1'),
  });
  await runIn(place, fingerprintStage);
  const { success, errors } = await runIn(place, resolveStage);
  expect(success).toBe(true);
  expect(errors).toContain(
    "info: of the solver's 2 test nets only the first is measured and exported: models/small/nets/test.prototxt",
  );
});

test('the option net takes the place of all nets of the solver', async () => {
  const place = smallProject(folder.path, { ...FILES, 'train_val.prototxt': SMALL_PROJECT['train_val.prototxt']! });
  await runIn(place, fingerprintStage, { net: 'train_val.prototxt' });
  const { errors, success } = await runIn(place, resolveStage, { net: 'train_val.prototxt' });
  expect({ errors, success }).toEqual({ errors: '', success: true });
});
