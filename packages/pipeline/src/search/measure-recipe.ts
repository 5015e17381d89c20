import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CalibrationResult, EvaluationResult, TrainingResult } from '@caffe-quant/report';
import { canonicalJson, type QuantPlan } from '@caffe-quant/resolver';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { RUN } from '../run-all.ts';
import { performStage } from '../run-stage.ts';
import { engineKey } from '../stage-key.ts';
import type { StageName } from '../stage-declaration.ts';
import type { StageRequest } from '../stage-request.ts';
import { stagesBefore } from '../stage-list.ts';
import type { Stage } from '../stage.ts';
import { loadProject } from '../project/load-project.ts';
import { sha256Of } from '../store/entry-manifest.ts';
import { openStore } from '../store/open-store.ts';
import type { AttemptCost, Measurement, Recipe } from './attempt-result.ts';
import { floatCandidates } from './float-candidates.ts';

/** What decides all later stages. */
const DECISIVE: readonly (readonly [StageName, string])[] = [
  ['fingerprint', 'fingerprint.json'],
  ['resolve', 'calibrate.json'],
  ['resolve', 'train.json'],
  ['resolve', 'export.json'],
];

/** What a recipe comes to, and what it took to find out. */
export interface Measured {
  readonly measurement: Measurement;
  readonly cost: AttemptCost;
}

/** A recipe that the config's own rules do not let through. */
export class RecipeRefused extends Error {}

/**
 * Runs the stages of a recipe up to its evaluation, in a folder of their own. What finished runs of equal stages have left
 * in the store comes from there; so does the whole measurement, with what it took where it was made.
 *
 * @param request of the project; its options are those of the project itself
 * @param folder for the stages' output folders
 * @throws DiagnosticsError for a mistake of the user, or of the recipe
 * @throws RecipeRefused where a layer that should be left float is not
 */
export async function measureRecipe(
  recipe: Recipe,
  request: StageRequest,
  folder: string,
  warn: (diagnostics: readonly Diagnostic[]) => void,
): Promise<Measured> {
  const began = performance.now();
  const { place } = request;
  await mkdir(folder, { recursive: true });
  // What training gains without quantizers decides nothing here, and would take as long again.
  const options = { ...request.options, ...recipe.options, control: false };
  if (recipe.config !== undefined) {
    options.config = join(folder, 'quant.cfg');
    await writeFile(options.config, recipe.config);
  }
  const own: StageRequest = { ...request, options, stagesFolder: folder };
  const perform = (stage: Stage) => performStage(stage, own, folder, warn);
  const [fingerprint, resolve, ...others] = stagesUpTo('evaluate') as [Stage, Stage, ...Stage[]];
  await perform(fingerprint);
  await perform(resolve);
  const read = <T>(name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
  checkFloat(recipe, read<QuantPlan>('resolve/plan.json'));
  const store = openStore(place.workspaceRoot, warn);
  const inputs: Record<string, string> = {};
  for (const [stage, file] of DECISIVE) inputs[`${stage}/${file}`] = await sha256Of(join(folder, stage, file));
  const key = { measured: 1, engine: engineKey('evaluate', place.workspaceRoot), inputs };
  const kept = join(folder, 'measured');
  await mkdir(kept, { recursive: true });
  if (await store.restore(key, kept)) return read<Measured>('measured/measured.json');
  for (const stage of others) await perform(stage);
  const evaluation = read<EvaluationResult>('evaluate/evaluation.json');
  const calibration = read<CalibrationResult>('calibrate/calibration.json');
  const { project } = await loadProject(place, options);
  const { float, integer } = evaluation.models;
  const measurement: Measurement = {
    records: evaluation.records,
    models: { float, ...(integer && { integer }) },
    accuracyMetrics: evaluation.accuracyMetrics,
    ...(evaluation.better && { better: evaluation.better }),
    candidates: floatCandidates(project.train, evaluation.layers),
    measuredRanges: calibration.quantizers.filter(({ origin }) => origin !== 'config').length,
    batches: calibration.batches,
    iterations: read<TrainingResult>('train/training.json').iterations,
  };
  const seconds = Math.round(performance.now() - began) / 1000;
  const measured: Measured = { measurement, cost: { seconds } };
  await store.put(key, (draft) => writeFile(join(draft, 'measured.json'), canonicalJson(measured)));
  return measured;
}

/** A stage and all that it follows from, in the order of work. */
function stagesUpTo(name: StageName): Stage[] {
  const needed = new Set<StageName>();
  const need = (stage: StageName): void => {
    needed.add(stage);
    stagesBefore(stage).forEach(need);
  };
  need(name);
  return RUN.filter((stage) => needed.has(stage.name));
}

/** AMCT itself lets an override by type win over a skip by name: where its rules hold, such a layer cannot be left float. */
function checkFloat({ floatLayers }: Recipe, { layers }: QuantPlan): void {
  const names = layers.filter(({ name, quantized }) => quantized && floatLayers.includes(name)).map(({ name }) => name);
  if (names.length === 0) return;
  throw new RecipeRefused(`${names.join(', ')} cannot be left float: an override of its type beats that`);
}
