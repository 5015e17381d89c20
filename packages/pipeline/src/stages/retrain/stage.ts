import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSummary, type EvaluationResult } from '@caffe-quant/report';
import type { QuantPlan } from '@caffe-quant/resolver';
import { DiagnosticsError, type Diagnostic } from 'caffe-prototxt-parser';
import { accuracyGoals, describeGoal, goalResults, holds, metricsOf, ROUNDING } from '../../project/accuracy-goal.ts';
import { readThresholds, type Thresholds, thresholdsFile } from '../../project/thresholds.ts';
import { resultFilesIn } from '../../stage-digests.ts';
import type { Stage } from '../../stage.ts';
import { readJson } from '../net-data.ts';

/** What the export stage leaves for later stages alone. */
const INTERNAL = new Set(['quantized.json']);

/**
 * Collects the deliverables in one folder, prints the table, and fails where a threshold of `thresholds.json` is missed:
 * the results are there all the same, in the folders of their stages.
 */
export const retrainStage: Stage = {
  name: 'retrain',
  async run({ place, input, out, print }) {
    const evaluation = readJson<EvaluationResult>(join(input('evaluate'), 'evaluation.json'));
    const plan = readJson<QuantPlan>(input('resolve', 'plan.json'));
    const table = formatSummary(evaluation, plan);
    print(table);
    const misses = missedThresholds(evaluation, readThresholds(place), thresholdsFile(place).shown);
    if (misses.length > 0) throw new DiagnosticsError(misses);
    await copyFile(input('resolve', 'retrain_config.json'), join(out, 'retrain_config.json'));
    for (const folder of [input('export'), input('report'), input('evaluate')]) {
      for (const name of await resultFilesIn(folder)) {
        if (!INTERNAL.has(name)) await copyFile(join(folder, name), join(out, name));
      }
    }
    await writeFile(join(out, 'summary.txt'), table);
  },
};

/** @throws DiagnosticsError where a limit of accuracy is of a metric that the net has not */
function missedThresholds(evaluation: EvaluationResult, limits: Thresholds, file: string): Diagnostic[] {
  const { models, accuracyMetrics, agreement } = evaluation;
  const problems: Diagnostic[] = [];
  const miss = (message: string, hint?: string) =>
    problems.push({ code: 'threshold', severity: 'error', message, file, ...(hint && { hint }) });
  const [metric] = accuracyMetrics;
  const [float, integer] = [models.float, models.integer].map((model) => metric && model?.metrics[metric]);
  if (limits.maxDrop !== undefined && typeof float === 'number' && typeof integer === 'number') {
    const drop = float - integer;
    if (drop > limits.maxDrop + ROUNDING) {
      miss(
        `the integer model loses ${points(drop)} of ${metric} to the float one; maxDrop allows ${points(limits.maxDrop)}`,
      );
    }
  }
  const { integerVsFakeQuant: share } = agreement;
  if (limits.minAgreement !== undefined && share !== undefined && share < limits.minAgreement) {
    miss(
      `the integer and the fake-quant model agree on ${share} of the predictions; minAgreement is ${limits.minAgreement}`,
    );
  }
  const goals = accuracyGoals(limits.accuracy ?? [], metricsOf(evaluation));
  for (const goal of goalResults(goals, evaluation).filter((each) => !holds(each))) {
    miss(
      `the integer model misses the accuracy: ${describeGoal(goal)}`,
      'the target quantize-search looks for the cheapest way there',
    );
  }
  return problems;
}

const points = (share: number): string => `${(share * 100).toFixed(2)} points`;
