import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSearch, type SearchRow } from '@caffe-quant/report';
import { canonicalJson } from '@caffe-quant/resolver';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { differingOptions } from '../check-options.ts';
import { namingTheDisk } from '../disk-problem.ts';
import { replaceFolder } from '../output-folder.ts';
import { type AccuracyGoal, describeGoal, goalResults, holds, worstOf } from '../project/accuracy-goal.ts';
import { loadProject } from '../project/load-project.ts';
import { projectFile } from '../project/project-place.ts';
import { readThresholds, thresholdsFile } from '../project/thresholds.ts';
import { outDirOf } from '../run-stage.ts';
import type { StageOptions } from '../stage-options.ts';
import type { StageRequest } from '../stage-request.ts';
import { tellingMistakes } from '../telling-mistakes.ts';
import { ATTEMPT_NAMES, COST_FILE, SEARCH_FOLDER } from './attempt-list.ts';
import type { AttemptCost, AttemptResult, Recipe } from './attempt-result.ts';
import { bestAttempt, type MeasuredAttempt, measuredAttempts } from './choose-attempt.ts';
import { goalsOf, readLeft, readResults } from './run-attempt.ts';

/**
 * The end of a search: prints the table of what was tried and what it cost, and writes it (`search.txt`, `search.json`)
 * beside the config (`quant.cfg`) and the options (`options.json`) of the cheapest attempt that holds, which make that
 * attempt's model anew. Where none holds, they are of the one that comes nearest, and the search fails.
 *
 * @returns whether an attempt holds and nothing was wrong
 * @throws whatever is not a mistake of the user
 */
export async function concludeSearch(request: StageRequest): Promise<boolean> {
  const { place, options, host } = request;
  return tellingMistakes('quantize-search', request, async () => {
    const outDir = outDirOf(request);
    const differing = differingOptions('quantize-search', options, outDir);
    if (differing.length > 0) throw new DiagnosticsError(differing);
    const results = readResults(place, outDir, ATTEMPT_NAMES);
    const goals = goalsOf(place, readThresholds(place), results);
    const { project } = await loadProject(place, options);
    const costOf = (name: string) => readLeft<AttemptCost>(place, outDir, name, COST_FILE).seconds;
    const rows = ATTEMPT_NAMES.map((name) => rowOf(name, results.get(name)!, goals, costOf(name)));
    const best = bestAttempt(measuredAttempts({ results, goals }));
    if (!best) {
      host.print(formatSearch(rows));
      throw new DiagnosticsError([nothingMeasured(rows, thresholdsFile(place).shown)]);
    }
    const own = project.files.find(({ shown }) => shown === project.config.file)!;
    const name = project.config.format === 'json' ? 'quant.json' : 'quant.cfg';
    const folder = join(outDir, SEARCH_FOLDER);
    const { shown: config } = projectFile(join(folder, name), place);
    const made = madeWith(options, best.recipe);
    const configuration = { config, ...made, outDir: `${projectFile(outDir, place).shown}-found` };
    const advice = adviceOf(best, goals, place.name, configuration);
    const text = `${formatSearch(rows)}\n${advice}`;
    host.print(text);
    await namingTheDisk({ folder, workspaceRoot: place.workspaceRoot }, () =>
      replaceFolder(folder, async (draft) => {
        const header = name === 'quant.cfg' ? headerOf(best, goals, own.shown, made) : '';
        await writeFile(join(draft, name), header + (best.recipe.config ?? own.text));
        await writeFile(join(draft, 'options.json'), canonicalJson(made));
        await writeFile(join(draft, 'search.txt'), text);
        await writeFile(
          join(draft, 'search.json'),
          canonicalJson({ goals, best: best.name, holds: best.holds, attempts: rows }),
        );
      }),
    );
    if (!best.holds) throw new DiagnosticsError([nothingHolds(best, goals, thresholdsFile(place).shown)]);
  });
}

function rowOf(attempt: string, result: AttemptResult, goals: readonly AccuracyGoal[], seconds: number): SearchRow {
  if (result.outcome === 'passed') {
    return { attempt, floatLayers: [], seconds, reason: result.reason, isTried: false };
  }
  const { floatLayers } = result.recipe;
  if (result.outcome === 'refused') return { attempt, floatLayers, seconds, reason: result.reason, isTried: true };
  const { measurement } = result;
  const worst = worstOf(goalResults(goals, measurement));
  const { metric, integer, float, margin } = worst;
  return {
    ...{ attempt, floatLayers, seconds, isTried: true },
    measured: {
      ...{ metric, integer, margin, holds: holds(worst), iterations: measurement.iterations },
      ...(float !== undefined && { float }),
      isAccuracy: measurement.accuracyMetrics.includes(metric),
    },
  };
}

/** All that a configuration of the project says to make the model anew, but for the config and the folder. */
function madeWith(options: StageOptions, recipe: Recipe): StageOptions {
  const { config: _config, outDir: _outDir, ...others } = options;
  return { ...others, ...recipe.options };
}

const resultOf = ({ measurement }: MeasuredAttempt, goals: readonly AccuracyGoal[]): string =>
  describeGoal(worstOf(goalResults(goals, measurement)));

function adviceOf(
  best: MeasuredAttempt,
  goals: readonly AccuracyGoal[],
  project: string,
  configuration: StageOptions,
): string {
  const what = best.holds ? 'holds' : 'comes nearest';
  return `${best.name} ${what}: ${resultOf(best, goals)}.
${configuration.config} makes it, as a configuration of quantize-retrain:
  "found": ${JSON.stringify(configuration)}
then \`nx run ${project}:quantize-retrain:found\`.
`;
}

function headerOf(best: MeasuredAttempt, goals: readonly AccuracyGoal[], from: string, made: StageOptions): string {
  const options = Object.entries(made).map(([name, value]) => `${name}: ${String(value)}`);
  return `# From ${from} by quantize-search, attempt ${best.name}: ${resultOf(best, goals)}.
# With the options ${options.join(', ')}.
`;
}

function nothingMeasured(rows: readonly SearchRow[], file: string) {
  const { attempt, reason } = rows.find(({ isTried }) => isTried)!;
  const message = `no attempt could be measured; ${attempt} was refused: ${reason}`;
  const hint = 'mend what the first attempt names, or skip that layer in the config';
  return { code: 'threshold', severity: 'error' as const, message, file, hint };
}

function nothingHolds(best: MeasuredAttempt, goals: readonly AccuracyGoal[], file: string) {
  const message = `no attempt holds; ${best.name} comes nearest: ${resultOf(best, goals)}`;
  const hint =
    'allow more in accuracy, let more layers stay float (maxFloatLayers), or train longer (max_iter of the solver)';
  return { code: 'threshold', severity: 'error' as const, message, file, hint };
}
