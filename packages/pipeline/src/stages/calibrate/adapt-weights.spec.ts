import { readFileSync } from 'node:fs';
import { readCaffemodelFile } from '@caffe-quant/caffe-io';
import type { CalibrationResult, EvaluationResult } from '@caffe-quant/report';
import { runAll } from '../../testing/run-all.ts';
import { runIn } from '../../testing/run-in.ts';
import { smallProject, SMALL_PROJECT } from '../../testing/small-project.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { fingerprintStage } from '../fingerprint/stage.ts';
import { resolveStage } from '../resolve/stage.ts';
import { calibrateStage } from './stage.ts';

/** The whole job with the options of calibration. */
const folder = temporaryFolder();

const UNLABELLED = SMALL_PROJECT['train_val.prototxt']!.replace('  top: "label"\n', '').replace(
  /layer \{ name: "loss".*\n/,
  'layer { name: "prob" type: "Softmax" bottom: "ip3" top: "prob" }\n',
);
const MEASURED = SMALL_PROJECT['quant.cfg']!.replace('clip_max_min: { clip_max: 6.0 clip_min: -6.0 }', '');
const ALL = { calibrationMethod: 'mse', crossLayerEqualization: true, biasCorrection: true } as const;

const weightsOf = (file: string) =>
  new Map(readCaffemodelFile(file).layers.map(({ name, blobs }) => [name, blobs.map(({ data }) => [...data])]));

test('calibration hands over the weights that it changed, and says what it did', async () => {
  const place = smallProject(folder.path, { 'train_val.prototxt': UNLABELLED, 'quant.cfg': MEASURED });
  const run = await runAll(place, { mode: 'calibrate', ...ALL });
  expect([run.failed, run.errors]).toEqual([undefined, '']);
  const calibration = run.json<CalibrationResult>('calibrate/calibration.json');
  expect(calibration.quantizers.map(({ origin }) => origin)).toEqual(['mse', 'mse']);
  expect(calibration.equalization).toMatchObject({ pairs: [{ first: 'ip1', second: 'ip2' }], leftOut: [] });
  expect(calibration.equalization!.sqnr).toBeGreaterThan(100);
  expect(calibration.biasCorrection!.layers.map(({ corrected }) => corrected)).toEqual(['ip1', 'ip2']);
  const [before, changed, after] = [
    weightsOf(`${place.root}/small.caffemodel`),
    weightsOf(run.file('calibrate/calibrated.caffemodel')),
    weightsOf(run.file('train/trained.caffemodel')),
  ];
  expect([...changed.keys()]).toEqual(['ip1', 'ip2']);
  expect(after).toEqual(new Map([...before, ...changed]));
  expect(after.get('ip1')).not.toEqual(before.get('ip1'));
  const evaluation = run.json<EvaluationResult>('evaluate/evaluation.json');
  expect(evaluation.models.integer!.metrics['prob SQNR dB']).toBeGreaterThan(20);
  expect(evaluation.calibration).toHaveLength(3);
  expect(run.printed).toContain('Cross-layer equalization of 1 pair');
  expect(readFileSync(run.file('retrain/small_report.html'), 'utf8')).toContain('id="calibration"');
});

test('training starts from them; the float net is measured as it came', async () => {
  const place = smallProject(folder.path, { 'quant.cfg': MEASURED });
  const plain = await runAll(place, { maxIter: 1, baseLr: 0, outDir: 'dist/plain' });
  const adapted = await runAll(place, { maxIter: 1, baseLr: 0, outDir: 'dist/adapted', ...ALL });
  expect(adapted.failed).toBeUndefined();
  const [start, end] = ['calibrate/calibrated.caffemodel', 'train/trained.caffemodel'].map((file) =>
    weightsOf(adapted.file(file)),
  );
  expect(end!.get('ip1')).toEqual(start!.get('ip1'));
  const float = (run: typeof plain) => run.json<EvaluationResult>('evaluate/evaluation.json').models.float;
  expect(float(adapted)).toEqual(float(plain));
});

test('where an option can be applied to nothing it says so, with the layer and why', async () => {
  const place = smallProject(folder.path, { 'train_val.prototxt': UNLABELLED });
  let errors = '';
  for (const stage of [fingerprintStage, resolveStage, calibrateStage]) {
    errors = (await runIn(place, stage, { mode: 'calibrate', crossLayerEqualization: true })).errors;
  }
  expect(errors).toContain(
    'crossLayerEqualization leaves this layer out: quant.cfg gives the range of the input of "ip2"',
  );
  expect(errors).toContain('warning: the option crossLayerEqualization changes nothing');
});

test('a percentile that nothing asks for is an error', async () => {
  const run = await runAll(smallProject(folder.path), { percentile: 99.9, calibrationMethod: 'kl' });
  expect(run.success).toBe(false);
  expect(run.errors).toContain('the option percentile changes nothing with calibrationMethod: kl');
});

test('learned rounding changes integers and nothing else: neither ranges nor scales; too few rows are said', async () => {
  const files = (batches: number) => ({
    'train_val.prototxt': UNLABELLED,
    'quant.cfg': `batch_num: ${batches}\n${MEASURED}`,
  });
  const job = async (batches: number, weightRounding: 'nearest' | 'learned') => {
    // The weights of this net are on their grid as they are; equalized they are not.
    const options = { mode: 'calibrate', crossLayerEqualization: true, weightRounding } as const;
    const run = await runAll(smallProject(folder.path, files(batches)), {
      ...options,
      outDir: `dist/${weightRounding}${batches}`,
    });
    expect([run.failed, run.errors]).toEqual([undefined, '']);
    return run;
  };
  const [learned, nearest] = [await job(16, 'learned'), await job(16, 'nearest')];
  const { rounding } = learned.json<CalibrationResult>('calibrate/calibration.json');
  expect(rounding).toMatchObject({
    layers: [
      { layer: 'ip1', of: 240 },
      { layer: 'ip2', of: 16 },
    ],
    leftOut: [],
  });
  expect(rounding!.layers[0]!.changed).toBeGreaterThan(0);
  expect(rounding!.layers[0]!.after).toBeGreaterThan(rounding!.layers[0]!.before);
  for (const file of ['calibrate/ranges.json', 'export/small_scale_offset_record.txt']) {
    expect(readFileSync(learned.file(file), 'utf8')).toBe(readFileSync(nearest.file(file), 'utf8'));
  }
  const deployed = (run: typeof learned) => {
    const { layers } = readCaffemodelFile(run.file('export/small_deploy_weights.caffemodel'));
    return [...layers.find(({ name }) => name === 'ip1')!.blobs[0]!.int8!];
  };
  const steps = deployed(learned).map((step, i) => Math.abs(step - deployed(nearest)[i]!));
  expect(Math.max(...steps)).toBe(1);
  expect(steps.filter((step) => step > 0)).toHaveLength(rounding!.layers[0]!.changed);
  expect(learned.printed).toContain('Rounding learned in 2 layers');
  const short = await job(1, 'learned');
  const { leftOut } = short.json<CalibrationResult>('calibrate/calibration.json').rounding!;
  const reason = 'the calibration data have 2 rows of it, and it takes 16';
  expect(leftOut).toEqual(['ip1', 'ip2'].map((layer) => ({ layer, reason })));
  expect(short.printed).toContain('Rounding learned in 0 layers: nothing changed; 2 layers left out');
});
