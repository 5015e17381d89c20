import { readFileSync, rmSync } from 'node:fs';
import { readCaffemodelFile, writeCaffemodelFile } from '@caffe-quant/caffe-io';
import type { CalibrationResult, EvaluationResult, TrainingResult } from '@caffe-quant/report';
import { runStage } from '../run-stage.ts';
import type { StageOptions } from '../stage-options.ts';
import { runAll } from '../testing/run-all.ts';
import { runIn } from '../testing/run-in.ts';
import { smallProject, SMALL_PROJECT } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { writeHdf5 } from '../testing/write-hdf5.ts';
import { trainStage } from './train/stage.ts';

/** The whole job of a small project in its modes, stage after stage. */
const folder = temporaryFolder();

const BODY = SMALL_PROJECT['train_val.prototxt']!;
/** The net without labels and loss. */
const UNLABELLED = BODY.replace('  top: "label"\n', '').replace(
  /layer \{ name: "loss".*\n/,
  'layer { name: "prob" type: "Softmax" bottom: "ip3" top: "prob" }\n',
);
const LABELLED = `${BODY}layer { name: "accuracy" type: "Accuracy" bottom: "ip3" bottom: "label" top: "accuracy" include { phase: TEST } }
`;
const weightsOf = (file: string) =>
  readCaffemodelFile(file).layers.map(({ name, blobs }) => [name, blobs.map(({ data }) => [...data])] as const);

test('without labels and without a mode, both modes are named before anything runs', async () => {
  const run = await runAll(smallProject(folder.path, { 'train_val.prototxt': UNLABELLED }));
  expect(run).toMatchObject({ success: false, failed: 'fingerprint' });
  expect(run.errors).toContain('the net has no loss layer in TRAIN');
  expect(run.errors).toContain('`mode: calibrate` exports from calibration alone');
  expect(run.errors).toContain('`mode: distill` trains against the answers of the float net');
});

test('mode calibrate exports the float weights with ranges from calibration, without labels or a solver', async () => {
  const place = smallProject(folder.path, {
    'train_val.prototxt': UNLABELLED,
    'solver.prototxt': null,
    'quant.cfg': SMALL_PROJECT['quant.cfg']!.replace('clip_max_min: { clip_max: 6.0 clip_min: -6.0 }', ''),
  });
  const run = await runAll(place, { mode: 'calibrate', net: 'train_val.prototxt' });
  expect(run.errors).toBe('');
  expect(weightsOf(run.file('train/trained.caffemodel'))).toEqual(weightsOf(`${place.root}/small.caffemodel`));
  const { models, agreement, better } = run.json<EvaluationResult>('evaluate/evaluation.json');
  expect(Object.keys(models)).toEqual(['float', 'integer', 'postTraining']);
  expect(models.postTraining!.metrics['prob SQNR dB']).toBeGreaterThan(20);
  expect(run.json<CalibrationResult>('calibrate/calibration.json').quantizers.map(({ origin }) => origin)).toEqual([
    'ifmr',
    'ifmr',
  ]);
  expect(models.integer!.metrics['prob SQNR dB']).toBeCloseTo(models.postTraining!.metrics['prob SQNR dB']!, 1);
  expect(better).toEqual({ 'prob SQNR dB': 'higher' });
  expect(agreement.integerVsFakeQuant).toBe(1);
  expect(run.printed).toContain('The integer and the post-training model agree');
  expect(readFileSync(run.file('retrain/small_report.html'), 'utf8')).toContain('Nothing was trained');
});

test('mode calibrate finds listed data from the workspace root, as training does', async () => {
  const hdf5 = (phase: string) =>
    `layer { name: "${phase}" type: "HDF5Data" top: "data" include { phase: ${phase} } hdf5_data_param { source: "list.txt" batch_size: 2 } }\n`;
  const net = UNLABELLED.replace(/layer \{\n {2}name: "data"[^]*?\n\}\n/, hdf5('TRAIN') + hdf5('TEST'));
  const place = smallProject(folder.path, {
    'train_val.prototxt': net,
    'list.txt': 'models/small/data.h5\n',
    data: null,
  });
  const data = Float32Array.from({ length: 4 * 60 }, (_, i) => ((i * 7919) % 1009) / 200 - 2);
  await writeHdf5(`${place.root}/data.h5`, { data: { data, shape: [4, 3, 4, 5] } });
  const run = await runAll(place, { mode: 'calibrate' });
  expect([run.failed, run.errors]).toEqual([undefined, '']);
});

test('mode distill brings the outputs closer to the float net, without labels', async () => {
  const place = smallProject(folder.path, { 'train_val.prototxt': UNLABELLED });
  const run = await runAll(place, { mode: 'distill', maxIter: 60, baseLr: 0.01 });
  expect(run.errors).toBe('');
  const losses = readFileSync(run.file('train/metrics.jsonl'), 'utf8').trim().split('\n');
  const lossAt = (i: number) => (JSON.parse(losses.at(i)!) as { loss: number }).loss;
  expect(losses).toHaveLength(60);
  expect(lossAt(-1)).toBeLessThan(lossAt(0) / 2);
  const { models } = run.json<EvaluationResult>('evaluate/evaluation.json');
  const ratio = (model: 'postTraining' | 'fakeQuant') => models[model]!.metrics['prob SQNR dB']!;
  expect(ratio('fakeQuant')).toBeGreaterThan(ratio('postTraining'));
});

test('a net that takes its data from outside says what to put there', async () => {
  const inputs = UNLABELLED.replace(/type: "Data"/, 'type: "Input"').replace(/ {2}data_param.*\n/, '');
  const place = smallProject(folder.path, { 'train_val.prototxt': inputs });
  const run = await runAll(place, { mode: 'calibrate' });
  expect(run.success).toBe(false);
  expect(run.errors).toMatch(/train_val\.prototxt:2: error: .*takes its data from outside/);
  expect(run.errors).toContain('put a data layer with the same top in its place');
});

const SOLVER = `${SMALL_PROJECT['solver.prototxt']}test_iter: 1 test_interval: 5 average_loss: 3\n`;

test('a solver with test_interval tests on the way, as in Caffe before the first iteration too', async () => {
  const run = await runAll(smallProject(folder.path, { 'train_val.prototxt': LABELLED, 'solver.prototxt': SOLVER }));
  expect(run.errors).toBe('');
  const { tests, selected } = run.json<TrainingResult>('train/training.json');
  expect(tests!.map(({ iteration }) => iteration)).toEqual([0, 5, 10, 15, 20]);
  expect(Object.keys(tests![0]!.metrics).sort()).toEqual(['accuracy', 'loss']);
  expect(selected).toBeUndefined();
  expect(run.printed).toContain('test after 10 iterations: loss ');
  expect(run.printed).toMatch(/iteration 5 of 20: loss [\d.]+ \(mean of 3\)/);
});

test('select: best hands over the weights of the best test', async () => {
  // A learning rate that ruins the net: the start is the best that there is.
  const ruinous = SOLVER.replace('base_lr: 0.001', 'base_lr: 0.03');
  const place = smallProject(folder.path, { 'train_val.prototxt': LABELLED, 'solver.prototxt': ruinous });
  const best = await runAll(place, { select: 'best', outDir: 'dist/best' });
  expect(best.errors).toBe('');
  const { tests, selected, iterations } = best.json<TrainingResult>('train/training.json');
  const values = tests!.map(({ metrics }) => metrics['accuracy']!);
  expect([0, tests![values.indexOf(Math.max(...values))]!.iteration]).toContain(selected!.iteration);
  const { models } = best.json<EvaluationResult>('evaluate/evaluation.json');
  expect(selected).toMatchObject({ metric: 'accuracy', value: models.fakeQuant!.metrics['accuracy'] });
  expect(selected!.value).toBeGreaterThanOrEqual(models.postTraining!.metrics['accuracy']!);
  expect(selected!.iteration).toBeLessThan(iterations);
  const last = await runAll(place, { outDir: 'dist/last' }, 'train');
  expect(weightsOf(best.file('train/trained.caffemodel'))).not.toEqual(
    weightsOf(last.file('train/trained.caffemodel')),
  );
  if (selected!.iteration === 0) {
    expect(weightsOf(best.file('train/trained.caffemodel'))).toEqual(weightsOf(`${place.root}/small.caffemodel`));
  }
});

test('select: best tests on its own account', async () => {
  const place = smallProject(folder.path, { 'train_val.prototxt': LABELLED });
  const own = await runAll(place, { select: 'best' }, 'train');
  expect(own.json<TrainingResult>('train/training.json').tests!.map(({ iteration }) => iteration)).toEqual(
    Array.from({ length: 11 }, (_, i) => i * 2),
  );
});

test('select: best chooses by the ratio of the outputs where there are no labels', async () => {
  const tight = SMALL_PROJECT['quant.cfg']!.replace('clip_max: 6.0 clip_min: -6.0', 'clip_max: 60.0 clip_min: -60.0');
  const place = smallProject(folder.path, { 'train_val.prototxt': UNLABELLED, 'quant.cfg': tight });
  const run = await runAll(place, { mode: 'distill', maxIter: 3, baseLr: 0.01, select: 'best' });
  expect(run.errors).toBe('');
  const { selected, tests } = run.json<TrainingResult>('train/training.json');
  expect(tests!.map(({ iteration }) => iteration)).toEqual([0, 1, 2, 3]);
  const ratios = tests!.map(({ metrics }) => metrics['prob SQNR dB']!);
  expect(selected).toMatchObject({ metric: 'prob SQNR dB', value: Math.max(...ratios) });
  expect(selected!.iteration).toBeGreaterThan(0);
  expect(run.printed).toContain(`handed over: the weights after ${selected!.iteration} of 3 iterations`);
  const { models } = run.json<EvaluationResult>('evaluate/evaluation.json');
  expect(models.fakeQuant!.metrics['prob SQNR dB']).toBeCloseTo(selected!.value, 2);
  expect(selected!.value).toBeGreaterThan(models.postTraining!.metrics['prob SQNR dB']!);
});

test('a device that is not here is named before training, with what it needs', async () => {
  const device = process.platform === 'darwin' ? 'dml' : 'coreml';
  const run = await runAll(smallProject(folder.path), { device });
  expect(run).toMatchObject({ success: false, failed: 'calibrate' });
  expect(run.errors).toContain(`the device '${device}' cannot be used`);
});

describe('BatchNorm', () => {
  const NET = LABELLED.replace('bottom: "ip1" top: "ip2"', 'bottom: "bn" top: "ip2"').replace(
    'layer { name: "ip2"',
    'layer { name: "bn" type: "BatchNorm" bottom: "ip1" top: "bn" batch_norm_param { moving_average_fraction: 0.9 } }\n$&',
  );
  const START = [new Float32Array(4).fill(3), new Float32Array(4).fill(400), Float32Array.of(1)];
  const project = () => {
    const config = `${SMALL_PROJECT['quant.cfg']}skip_layers: "ip1"\n`;
    const place = smallProject(folder.path, { 'train_val.prototxt': NET, 'quant.cfg': config });
    const file = `${place.root}/small.caffemodel`;
    const { name, layers } = readCaffemodelFile(file);
    const blobs = START.map((data) => ({ shape: [data.length], data }));
    writeCaffemodelFile(file, { name, layers: [...layers, { name: 'bn', type: 'BatchNorm', blobs }] });
    return place;
  };
  const statistics = async (options: StageOptions) => {
    const run = await runAll(project(), { maxIter: 6, ...options }, 'train');
    expect(run.errors.replace(/.*warning[^]*$/, '')).toBe('');
    const { layers } = readCaffemodelFile(run.file('train/trained.caffemodel'));
    return { run, blobs: layers.find(({ name }) => name === 'bn')!.blobs.map(({ data }) => [...data]) };
  };
  const factor = (iterations: number) =>
    Array.from({ length: iterations }).reduce<number>(
      (value) => Math.fround(Math.fround(value * Math.fround(0.9)) + 1),
      1,
    );

  test.each<[StageOptions, number]>([
    [{}, 6],
    [{ batchNorm: 'freeze' }, 0],
    [{ batchNorm: 'freezeAfter:4' }, 4],
    [{ batchNorm: 'freezeAfter:9' }, 6],
  ])('%j: the statistics follow the batches for %d iterations', async (options, iterations) => {
    const { run, blobs } = await statistics(options);
    expect(blobs[2]![0]).toBeCloseTo(factor(iterations), 5);
    expect(run.printed.includes('from iteration 4 on BatchNorm keeps its statistics')).toBe(
      options.batchNorm === 'freezeAfter:4',
    );
    if (iterations === 0) expect(blobs).toEqual(START.map((data) => [...data]));
  });

  test('a run that is interrupted after the statistics were frozen goes on with them', async () => {
    const options: StageOptions = { batchNorm: 'freezeAfter:4', maxIter: 8 };
    const { run, blobs } = await statistics(options);
    const whole = readFileSync(run.file('train/trained.caffemodel'));
    rmSync(`${folder.path}/.caffe-quant`, { recursive: true });
    const controller = new AbortController();
    const place = { name: 'small', root: `${folder.path}/models/small`, workspaceRoot: folder.path };
    const print = (text: string) => void (text.startsWith('iteration 5 of') && controller.abort());
    const host = { signal: controller.signal, print, printError: () => undefined };
    expect(await runStage(trainStage, { place, options, host })).toBe(false);
    const resumed = await runIn(place, trainStage, options);
    expect(resumed.printed).toContain('going on after iteration 5 of an interrupted run');
    expect(readFileSync(run.file('train/trained.caffemodel')).equals(whole)).toBe(true);
    expect(blobs[2]![0]).toBeCloseTo(factor(4), 5);
  });

  test('bnReestimate takes the statistics anew, whatever training did to them', async () => {
    const { blobs } = await statistics({ batchNorm: 'freeze', bnReestimate: 3 });
    expect(blobs[2]).toEqual([3]);
    expect(blobs[0]).not.toEqual([...START[0]!]);
  });
});

test('an interrupted training goes on with its tests, and gives the same bytes', async () => {
  const place = smallProject(folder.path, { 'train_val.prototxt': LABELLED, 'solver.prototxt': SOLVER });
  const options: StageOptions = { select: 'best', maxIter: 15 };
  const whole = await runAll(place, options, 'train');
  const expected = ['trained.caffemodel', 'training.json', 'metrics.jsonl'].map((name) =>
    readFileSync(whole.file(`train/${name}`)).toString('base64'),
  );
  rmSync(`${folder.path}/.caffe-quant`, { recursive: true });
  const controller = new AbortController();
  const stopped: string[] = [];
  const success = await runStage(trainStage, {
    place,
    options,
    host: {
      signal: controller.signal,
      print: (text) => {
        stopped.push(text);
        if (text.startsWith('test after 10')) controller.abort();
      },
      printError: (text) => stopped.push(text),
    },
  });
  expect(success).toBe(false);
  expect(stopped.at(-1)).toBe('quantize-train was interrupted');
  const resumed = await runIn(place, trainStage, options);
  expect(resumed.printed).toContain('going on after iteration 11 of an interrupted run');
  expect(resumed.printed).not.toContain('test after 5');
  expect(
    ['trained.caffemodel', 'training.json', 'metrics.jsonl'].map((name) =>
      readFileSync(whole.file(`train/${name}`)).toString('base64'),
    ),
  ).toEqual(expected);
});
