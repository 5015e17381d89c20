import { readFileSync } from 'node:fs';
import type { ControlResult, EvaluationResult } from '@caffe-quant/report';
import type { StageOptions } from '../../stage-options.ts';
import { runAll } from '../../testing/run-all.ts';
import { runIn } from '../../testing/run-in.ts';
import { SMALL_PROJECT, smallProject } from '../../testing/small-project.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { fingerprintStage } from '../fingerprint/stage.ts';
import { resolveStage } from '../resolve/stage.ts';
import { controlStage } from './stage.ts';

const folder = temporaryFolder();
const place = () => smallProject(folder.path);

/** The stages up to `control`; training itself is not needed for it. */
async function control(options: StageOptions) {
  const at = place();
  for (const stage of [fingerprintStage, resolveStage]) await runIn(at, stage, options);
  const run = await runIn(at, controlStage, options);
  const file = `${at.workspaceRoot}/dist/quantize/small/control/control.json`;
  return { ...run, result: run.success ? (JSON.parse(readFileSync(file, 'utf8')) as ControlResult) : {} };
}

test('a short training has a row for the same one without quantizers, in the table, the files and the report', async () => {
  const run = await runAll(place());
  expect(run.errors).toBe('');
  const { models } = run.json<EvaluationResult>('evaluate/evaluation.json');
  expect(Object.keys(models)).toEqual(['control', 'fakeQuant', 'float', 'integer', 'postTraining']);
  expect(models.control!.metrics['loss']).toBeLessThan(models.float.metrics['loss']!);
  expect(readFileSync(run.file('retrain/summary.txt'), 'utf8')).toMatch(/\nfloat, same training +[\d.]+ +-[\d.]+\n/);
  expect(readFileSync(run.file('retrain/small_report.html'), 'utf8')).toContain('float, same training');
});

test('quant.cfg has no say in it', async () => {
  const decisive = async (changes: Record<string, string>) => {
    const at = smallProject(folder.path, changes);
    for (const stage of [fingerprintStage, resolveStage]) await runIn(at, stage, { clipLrMult: 3 });
    return readFileSync(`${at.workspaceRoot}/dist/quantize/small/resolve/control.json`, 'utf8');
  };
  const other = SMALL_PROJECT['quant.cfg']!.replace('clip_max: 6.0', 'clip_max: 0.5');
  expect(await decisive({ 'quant.cfg': other })).toBe(await decisive({}));
});

test.each<[string, StageOptions]>([
  ['it is not wanted', { control: false }],
  ['nothing is trained', { mode: 'calibrate' }],
  ['it would take long', { maxIter: 2_000_000_000 }],
])('there is none where %s', async (_, options) => {
  const { success, result } = await control(options);
  expect([success, result]).toEqual([true, {}]);
});

test('a rate at which it diverges costs the row, not the run', async () => {
  const { success, result, printed } = await control({ baseLr: 1e30, maxIter: 5 });
  expect([success, result]).toEqual([true, {}]);
  expect(printed).toContain('the same training without quantizers fails: ');
});
