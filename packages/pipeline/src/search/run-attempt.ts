import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@caffe-quant/resolver';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { differingOptions } from '../check-options.ts';
import { namingTheDisk } from '../disk-problem.ts';
import { lockFolder } from '../locks/lock-folder.ts';
import { replaceFolder } from '../output-folder.ts';
import {
  type AccuracyGoal,
  accuracyGoals,
  describeGoal,
  goalResults,
  metricsOf,
  worstOf,
} from '../project/accuracy-goal.ts';
import { loadProject } from '../project/load-project.ts';
import { metricsOfNet } from '../project/net-accuracy.ts';
import { modeOf } from '../project/mode.ts';
import type { ProjectPlace } from '../project/project-place.ts';
import { readThresholds, type Thresholds, thresholdsFile } from '../project/thresholds.ts';
import { outDirOf } from '../run-stage.ts';
import type { StageRequest } from '../stage-request.ts';
import { tellingMistakes } from '../telling-mistakes.ts';
import { ATTEMPTS, ATTEMPTS_FOLDER, attemptsBefore, COST_FILE, RESULT_FILE } from './attempt-list.ts';
import type { AttemptCost, AttemptResult, Recipe } from './attempt-result.ts';
import { type Choice, chooseAttempt, heldBefore } from './choose-attempt.ts';
import { measureRecipe, RecipeRefused } from './measure-recipe.ts';

/**
 * Why a recipe can fail while another one of the same project does not: an attempt that ends so is a row of the table.
 * What is wrong with the disk, the data or the project ends the search.
 */
const REFUSALS = new Set([
  'bias-overflow',
  'bias-scale',
  'calibration',
  'clip-range',
  'diverges',
  'metric-not-finite',
  'not-finite',
  'nothing-quantized',
  'onnx-refused',
  'weight-quantization',
]);

/**
 * One attempt of a search: makes its recipe from what the attempts before it have come to, measures it, and leaves
 * `attempt.json` and `cost.json`. Where an earlier attempt holds, or there is nothing to try, it ends at once.
 *
 * @returns whether it succeeded; an attempt that misses the accuracy does
 * @throws whatever is not a mistake of the user
 */
export async function runAttempt(name: string, request: StageRequest): Promise<boolean> {
  const { place, options, host } = request;
  const who = `quantize-search-${name}`;
  return tellingMistakes(who, request, async (show) => {
    const outDir = outDirOf(request);
    const differing = differingOptions(who, options, outDir);
    if (differing.length > 0) throw new DiagnosticsError(differing);
    const thresholds = readThresholds(place);
    const results = readResults(place, outDir, attemptsBefore(name));
    const goals = goalsOf(place, thresholds, results);
    const out = join(outDir, ATTEMPTS_FOLDER, name);
    // Most attempts end here, without a look at the project's files.
    const held = heldBefore(name, { results, goals });
    const choice = held === undefined ? await choose(name, request, results, goals) : { passed: `${held} holds` };
    if ('passed' in choice) {
      host.print(`not tried: ${choice.passed}`);
      await leave(out, { outcome: 'passed', reason: choice.passed }, { seconds: 0 });
      return;
    }
    const folder = `${out}.stages`;
    const writing = { folder, workspaceRoot: place.workspaceRoot };
    await namingTheDisk(writing, async () => {
      const lock = await lockFolder(folder, {
        subject: `project ${place.name}`,
        patient: true,
        instead: 'give this one another folder by outDir',
        signal: host.signal,
        print: host.print,
        workspaceRoot: place.workspaceRoot,
      });
      try {
        host.print(describeRecipe(name, choice.recipe));
        // The first attempt tells the warnings of the project; they would come again with every other.
        const warn = results.size === 0 ? show : () => undefined;
        const { result, cost } = await attempt(choice.recipe, request, folder, warn);
        if (result.outcome === 'measured') {
          const own = goals.length > 0 ? goals : goalsOf(place, thresholds, new Map([[name, result]]));
          host.print(describeGoal(worstOf(goalResults(own, result.measurement))));
        } else if (result.outcome === 'refused') host.print(`refused: ${result.reason}`);
        await leave(out, result, cost);
      } finally {
        lock.release();
        if (!host.signal.aborted) await rm(folder, { recursive: true, force: true });
      }
    });
  });
}

/** @throws DiagnosticsError where thresholds.json names what the net has not */
async function choose(
  name: string,
  { place, options }: StageRequest,
  results: ReadonlyMap<string, AttemptResult>,
  goals: readonly AccuracyGoal[],
): Promise<Choice> {
  const { project } = await loadProject(place, options);
  const { accuracy = [], maxFloatLayers } = readThresholds(place);
  if (goals.length === 0) accuracyGoals(accuracy, metricsOfNet(project.test));
  const { config, solver, files } = project;
  const { text } = files.find(({ shown }) => shown === config.file)!;
  const iterations = solver?.solver.max_iter;
  return chooseAttempt(name, {
    ...{ results, goals, maxFloatLayers, config: { text, file: config.file } },
    training: iterations === undefined ? undefined : { mode: modeOf(options), iterations },
  });
}

async function attempt(
  recipe: Recipe,
  request: StageRequest,
  folder: string,
  warn: (diagnostics: readonly Diagnostic[]) => void,
): Promise<{ result: AttemptResult; cost: AttemptCost }> {
  const began = performance.now();
  try {
    const { measurement, cost } = await measureRecipe(recipe, request, folder, warn);
    return { result: { outcome: 'measured', recipe, measurement }, cost };
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === undefined || request.host.signal.aborted) throw error;
    const seconds = Math.round(performance.now() - began) / 1000;
    return { result: { outcome: 'refused', recipe, reason }, cost: { seconds } };
  }
}

function refusalOf(error: unknown): string | undefined {
  if (error instanceof RecipeRefused) return error.message;
  if (!(error instanceof DiagnosticsError)) return undefined;
  const errors = error.diagnostics.filter(({ severity }) => severity === 'error');
  return errors.every(({ code }) => REFUSALS.has(code)) ? errors[0]?.message : undefined;
}

async function leave(out: string, result: AttemptResult, cost: AttemptCost): Promise<void> {
  await replaceFolder(out, async (draft) => {
    await writeFile(join(draft, RESULT_FILE), canonicalJson(result));
    await writeFile(join(draft, COST_FILE), canonicalJson(cost));
  });
}

function describeRecipe(name: string, { floatLayers, options }: Recipe): string {
  const { description } = ATTEMPTS.get(name)!;
  const float = floatLayers.length > 0 ? `: ${floatLayers.join(', ')}` : '';
  return `${description}${float}${options.maxIter === undefined ? '' : `: ${options.maxIter}`}`;
}

/**
 * What attempts have left.
 *
 * @throws DiagnosticsError where one of them has left nothing
 */
export function readResults(
  place: ProjectPlace,
  outDir: string,
  names: readonly string[],
): ReadonlyMap<string, AttemptResult> {
  return new Map(names.map((name) => [name, readLeft<AttemptResult>(place, outDir, name, RESULT_FILE)]));
}

export function readLeft<T>(place: ProjectPlace, outDir: string, name: string, file: string): T {
  const path = join(outDir, ATTEMPTS_FOLDER, name, file);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as T;
  const message = `the attempt ${name} of the search has left no ${file}`;
  const hint = `run \`nx run ${place.name}:quantize-search\`, which runs the attempts in their order`;
  throw new DiagnosticsError([{ code: 'stage-missing', severity: 'error', message, hint }]);
}

/**
 * What is looked for, by the metrics of what was measured first; before that, nothing.
 *
 * @throws DiagnosticsError where thresholds.json does not say, or names what the net has not
 */
export function goalsOf(
  place: ProjectPlace,
  { accuracy }: Thresholds,
  results: ReadonlyMap<string, AttemptResult>,
): AccuracyGoal[] {
  if (accuracy === undefined) {
    const message = 'there is no accuracy to search for';
    const hint = 'state it in thresholds.json, for example {"accuracy": "0.3 points"}: at most so much below float';
    throw new DiagnosticsError([
      { code: 'no-accuracy', severity: 'error', message, file: thresholdsFile(place).shown, hint },
    ]);
  }
  const [measurement] = [...results.values()].flatMap((each) =>
    each.outcome === 'measured' ? [each.measurement] : [],
  );
  return measurement ? accuracyGoals(accuracy, metricsOf(measurement)) : [];
}
