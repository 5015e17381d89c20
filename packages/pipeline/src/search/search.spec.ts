import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluationResult } from '@caffe-quant/report';
import type { ProjectPlace } from '../project/project-place.ts';
import type { StageOptions } from '../stage-options.ts';
import { fingerprintStage } from '../stages/fingerprint/stage.ts';
import { runAll } from '../testing/run-all.ts';
import { runIn } from '../testing/run-in.ts';
import { SMALL_PROJECT, smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { ATTEMPT_NAMES } from './attempt-list.ts';
import type { AttemptResult } from './attempt-result.ts';
import { concludeSearch } from './conclude-search.ts';
import { runAttempt } from './run-attempt.ts';

/** A whole search, attempt after attempt, as Nx runs them. */

const folder = temporaryFolder();

/** Three layers without labels; measured by how far its output is from the float net's. */
const NET = SMALL_PROJECT['train_val.prototxt']!.replace(
  '  top: "label"\n',
  '  transform_param { scale: 0.00390625 }\n',
).replace(/layer \{ name: "loss".*\n/, 'layer { name: "prob" type: "Softmax" bottom: "ip3" top: "prob" }\n');
const CONFIG = 'retrain_data_quant_config: { ulq_quantize: { } }\n';
const OPTIONS: StageOptions = { mode: 'distill', baseLr: 0.01 };

const project = (thresholds: object, changes: Record<string, string | null> = {}): ProjectPlace =>
  smallProject(folder.path, {
    'train_val.prototxt': NET,
    'quant.cfg': CONFIG,
    'thresholds.json': JSON.stringify(thresholds),
    ...changes,
  });

async function search(place: ProjectPlace, options: StageOptions = OPTIONS) {
  const printed: string[] = [];
  const errors: string[] = [];
  const host = {
    signal: new AbortController().signal,
    print: (text: string) => printed.push(text),
    printError: (text: string) => errors.push(text),
  };
  const request = { place, options, host };
  const read = <T>(name: string) =>
    JSON.parse(readFileSync(join(folder.path, 'dist/quantize/small', name), 'utf8')) as T;
  const outcome = { printed, errors, read, success: false };
  const first = await runIn(place, fingerprintStage, options);
  if (!first.success) return { ...outcome, errors: [first.errors] };
  for (const name of ATTEMPT_NAMES) if (!(await runAttempt(name, request))) return outcome;
  return { ...outcome, success: await concludeSearch(request) };
}

interface Found {
  readonly best: string;
  readonly holds: boolean;
  readonly attempts: readonly { attempt: string; seconds: number; measured?: { integer: number } }[];
}

const figureOf = (attempts: Found['attempts'], name: string) =>
  attempts.find(({ attempt }) => attempt === name)!.measured!.integer;

/** What the attempts come to: nothing reaches 190 dB. */
async function figures(): Promise<Found> {
  const { read } = await search(project({ accuracy: '190 dB', maxFloatLayers: 2 }));
  return read<Found>('search/search.json');
}

test('the first attempt that holds is found, and its config makes the same model', async () => {
  const { attempts } = await figures();
  const others = attempts.flatMap(({ attempt, measured }) => (attempt === 'float-2' ? [] : (measured?.integer ?? [])));
  const two = figureOf(attempts, 'float-2');
  expect(two).toBeGreaterThan(Math.max(...others) + 1);
  const limit = ((Math.max(...others) + two) / 2).toFixed(3);
  const place = project({ accuracy: { 'prob SQNR dB': `${limit} dB` }, maxFloatLayers: 2 });
  const { success, printed, errors, read } = await search(place);
  expect(success).toBe(true);
  expect(errors.join('\n')).not.toContain('error:');
  const found = read<Found>('search/search.json');
  expect(found).toMatchObject({ best: 'float-2', holds: true });
  const tried = found.attempts.flatMap(({ attempt, measured }) => (measured ? [attempt] : []));
  expect(tried).toEqual(expect.arrayContaining(['calibrated', 'more-batches', 'float-1', 'float-2']));
  expect(tried.at(-1)).toBe('float-2');
  expect(printed.join('\n')).toContain('not tried, since float-2 holds: float-4, float-8');
  // The options that belong to the config are all there, those of the project among them.
  const made = await runAll(place, {
    ...read<StageOptions>('search/options.json'),
    config: 'dist/quantize/small/search/quant.cfg',
    outDir: 'dist/quantize/found',
  });
  expect(made.errors).toBe('');
  const { models } = made.json<EvaluationResult>('evaluate/evaluation.json');
  expect(models.integer!.metrics['prob SQNR dB']).toBe(two);
  expect(readFileSync(join(folder.path, 'dist/quantize/small/search/quant.cfg'), 'utf8')).toMatch(
    /skip_layers: "ip\d"/,
  );
});

test('where nothing holds the search fails, with the table and the config of the nearest; a second one measures nothing', async () => {
  const place = project({ accuracy: '190 dB' });
  const { success, printed, errors, read } = await search(place);
  expect(success).toBe(false);
  const found = read<Found>('search/search.json');
  expect(found.holds).toBe(false);
  const tried = found.attempts.filter(({ measured }) => measured);
  const nearest = tried.reduce((a, b) => (b.measured!.integer > a.measured!.integer ? b : a));
  expect(found.best).toBe(nearest.attempt);
  expect(tried.map(({ attempt }) => attempt)).toEqual(expect.arrayContaining(['trained-tenth', 'trained-whole']));
  expect(errors.join('\n')).toMatch(
    new RegExp(`thresholds.json: error: no attempt holds; ${nearest.attempt} comes nearest: prob SQNR dB is`),
  );
  expect(printed.at(-1)).toMatch(/calibrated +\d+\.\d+ .*misses/);
  const again = await search(place);
  expect(again.read<Found>('search/search.json')).toEqual(found);
  expect(again.printed.join('\n')).not.toContain('calibrated 3 of 3');
});

test('an attempt that the engine refuses is a row of the table, and the search goes on', async () => {
  const solver = SMALL_PROJECT['solver.prototxt']!.replace('base_lr: 0.001', 'base_lr: 1e30');
  const place = project({ accuracy: '190 dB' }, { 'solver.prototxt': solver });
  const { read, errors } = await search(place, { mode: 'distill' });
  const whole = read<AttemptResult>('search-attempts/trained-whole/attempt.json');
  expect(whole).toMatchObject({ outcome: 'refused' });
  expect(errors.join('\n')).toContain('no attempt holds');
});

test('where the engine refuses every attempt the search says what the first one met', async () => {
  const config = 'retrain_data_quant_config: { ulq_quantize { clip_max_min { clip_max: 1e-9 clip_min: -1e-9 } } }\n';
  const { success, errors, printed } = await search(project({ accuracy: '30 dB' }, { 'quant.cfg': config }));
  expect(success).toBe(false);
  expect(errors.join('\n')).toMatch(
    /thresholds\.json: error: no attempt could be measured; calibrated was refused: .*clip range/,
  );
  expect(printed.join('\n')).toContain('no attempt before it could be measured');
});

test.each<[object, string]>([
  [{}, 'thresholds.json: error: there is no accuracy to search for\n  hint: state it in thresholds.json'],
  [{ accuracy: '1 points' }, 'accuracy is in points, but the net has no metric that is counted so'],
  [{ accuracy: { 'prob SQNR': '30 dB' } }, "thresholds.json:1:26: error: the net has no metric 'prob SQNR'\n"],
  [{ accuracy: '30 dB', maxFloatLayer: 1 }, 'did you mean maxFloatLayers?'],
])('%j is refused before anything runs', async (thresholds, message) => {
  const { success, errors, printed } = await search(project(thresholds));
  expect(success).toBe(false);
  expect(errors.join('\n')).toContain(message);
  expect(printed).toEqual([]);
});

test('an attempt without those before it says what to run', async () => {
  const place = project({ accuracy: '30 dB' });
  const errors: string[] = [];
  const host = {
    signal: new AbortController().signal,
    print: () => undefined,
    printError: (e: string) => errors.push(e),
  };
  expect(await runAttempt('float-1', { place, options: OPTIONS, host })).toBe(false);
  expect(errors.join('\n')).toContain('run `nx run small:quantize-search`');
});

test('thresholds of accuracy hold for quantize-retrain too', async () => {
  const run = await runAll(project({ accuracy: '190 dB' }), { ...OPTIONS, mode: 'calibrate' });
  expect(run).toMatchObject({ success: false, failed: 'retrain' });
  expect(run.errors).toContain('the integer model misses the accuracy: prob SQNR dB is');
  writeFileSync(join(folder.path, 'models/small/thresholds.json'), '{"accuracy": "5 dB"}');
  expect(await runAll(project({ accuracy: '5 dB' }), { ...OPTIONS, mode: 'calibrate' })).toMatchObject({
    success: true,
  });
});
