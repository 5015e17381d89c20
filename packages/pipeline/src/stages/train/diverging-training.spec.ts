import { readFileSync } from 'node:fs';
import type { EvaluationResult, TrainingResult } from '@caffe-quant/report';
import { runAll } from '../../testing/run-all.ts';
import { smallProject, SMALL_PROJECT } from '../../testing/small-project.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';

/** Trainings whose learning rate is far too high, from the first stage to the report. */
const folder = temporaryFolder();

const UNLABELLED = SMALL_PROJECT['train_val.prototxt']!.replace('  top: "label"\n', '').replace(
  /layer \{ name: "loss".*\n/,
  '',
);
const CALIBRATED = SMALL_PROJECT['quant.cfg']!.replace('clip_max_min: { clip_max: 6.0 clip_min: -6.0 }', '');

test('a distillation that ends below post-training says so under the models, in the files and on top of the report', async () => {
  const place = smallProject(folder.path, { 'train_val.prototxt': UNLABELLED, 'quant.cfg': CALIBRATED });
  const run = await runAll(place, { mode: 'distill', maxIter: 3, baseLr: 2 });
  expect(run.errors).toBe('');
  const { models, warnings } = run.json<EvaluationResult>('evaluate/evaluation.json');
  const ratio = (model: 'postTraining' | 'fakeQuant') => models[model]!.metrics['ip3 SQNR dB']!;
  expect(ratio('fakeQuant')).toBeLessThan(ratio('postTraining'));
  expect(warnings[0]).toMatch(
    /^training made the net worse: ip3 SQNR dB fell from .*write select: best .*base_lr \(it began with 2\)/,
  );
  const summary = readFileSync(run.file('retrain/summary.txt'), 'utf8');
  expect(summary).toMatch(/\ninteger .*\nwarning: training made the net worse: ip3 SQNR dB fell/);
  const report = readFileSync(run.file('retrain/small_report.html'), 'utf8');
  expect(report.indexOf('training made the net worse')).toBeLessThan(report.indexOf('id="models"'));
  expect(report).toContain('for the worse');
});

test('the same training with select: best hands over what calibration alone gives, and says so', async () => {
  const place = smallProject(folder.path, { 'train_val.prototxt': UNLABELLED, 'quant.cfg': CALIBRATED });
  const run = await runAll(place, { mode: 'distill', maxIter: 3, baseLr: 2, select: 'best' });
  expect(run.errors).toBe('');
  expect(run.printed).toContain('handed over: the net before training, which is better than after any of the tests');
  const { models, warnings } = run.json<EvaluationResult>('evaluate/evaluation.json');
  expect(models.fakeQuant!.metrics['ip3 SQNR dB']).toBeCloseTo(models.postTraining!.metrics['ip3 SQNR dB']!, 3);
  expect(warnings[0]).toMatch(/^training gained nothing: no test was better than post-training by ip3 SQNR dB/);
  expect(readFileSync(run.file('retrain/small_report.html'), 'utf8')).toContain(
    'No test was better than the one before',
  );
});

test('a distillation that diverges goes back and on with a tenth of the rate; log, result and table say so', async () => {
  const place = smallProject(folder.path, { 'train_val.prototxt': UNLABELLED, 'quant.cfg': CALIBRATED });
  const run = await runAll(place, { mode: 'distill', maxIter: 40, baseLr: 0.05 });
  expect(run.errors).toBe('');
  expect(run.printed).toMatch(
    /training diverges: in iteration \d+, with the learning rate 0\.05, the loss is [\d.e+]+,.*: back to .*, with the learning rate 0\.005 \(setback 1\)/,
  );
  const { setbacks, iterations } = run.json<TrainingResult>('train/training.json');
  expect(iterations).toBe(40);
  expect(setbacks).toEqual([
    expect.objectContaining({ backTo: 0, learningRate: expect.closeTo(0.05, 6) as number, slowerBy: 0.1 }),
  ]);
  const lines = readFileSync(run.file('train/metrics.jsonl'), 'utf8').trim().split('\n');
  const steps = lines.map((line) => JSON.parse(line) as { iteration: number; learningRate: number });
  expect(steps.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(steps.every(({ learningRate }) => Math.abs(learningRate - 0.005) < 1e-6)).toBe(true);
  const said =
    /training diverged once and went back to iteration 0; .* learning rate was 0\.005, not 0\.05: write a smaller/;
  expect(readFileSync(run.file('retrain/summary.txt'), 'utf8').replaceAll(/\n\s*/g, ' ')).toMatch(said);
});

test('a loss that is not a number any more stops training, with iteration, learning rate and advice', async () => {
  const run = await runAll(smallProject(folder.path), { maxIter: 20, baseLr: 1e30 });
  expect(run).toMatchObject({ success: false, failed: 'train' });
  expect(run.printed).toMatch(/in iteration \d+ with the learning rate 1e\+30: back to the net before training/);
  expect(run.errors).toMatch(
    /error: .*in iteration \d+ with the learning rate 1e\+27; before that it went back .* 1e\+30, 1e\+29, 1e\+28/,
  );
  expect(run.errors).toContain('hint: training diverges: try a tenth of base_lr');
});

test('how the loss went is part of the result', async () => {
  const run = await runAll(smallProject(folder.path));
  const { loss } = run.json<TrainingResult>('train/training.json');
  const lines = readFileSync(run.file('train/metrics.jsonl'), 'utf8').trim().split('\n');
  const losses = lines.map((line) => (JSON.parse(line) as { loss: number }).loss);
  expect(loss).toEqual({
    first: (losses[0]! + losses[1]!) / 2,
    last: (losses[18]! + losses[19]!) / 2,
    steps: 2,
    learningRate: 0.001,
  });
});
