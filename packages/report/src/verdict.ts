/** What came out, in one line and a few sentences. */
import { describeChance } from './chance.ts';
import { compareModels, headlineMetric, metricNames, MODEL_LABELS } from './compare-models.ts';
import { describeAgreement } from './describe-agreement.ts';
import { formatCount, formatDifference, formatPoints, formatShare } from './format-number.ts';
import type { EvaluationResult, ModelName } from './report-input.ts';

/** `unknown`: the net has no accuracy, or nothing was quantized. */
export type VerdictLevel = 'kept' | 'reduced' | 'lost' | 'unknown';

export interface Verdict {
  level: VerdictLevel;
  /** A few words. */
  headline: string;
  /** Sentences, the most important one first. */
  sentences: string[];
  /** The metric that decided. */
  metric?: string;
  /** The model that is judged. */
  model?: ModelName;
  /** Its metric minus the float net's, as a share: -0.01 is one point lost. */
  difference?: number;
}

/** Up to this loss, as a share, accuracy counts as kept. */
export const KEPT = 0.005;

/** Up to this loss, as a share, accuracy counts as reduced; beyond it as lost. */
export const REDUCED = 0.02;

const HEADLINES: Readonly<Record<Exclude<VerdictLevel, 'unknown'>, string>> = {
  kept: 'Accuracy kept',
  reduced: 'Some accuracy lost',
  lost: 'Accuracy lost',
};

/** Judges the model that would ship: the integer one, or the last one before it that was evaluated. */
export function verdictOf(evaluation: EvaluationResult): Verdict {
  const model = (['integer', 'fakeQuant', 'postTraining'] as const).find((name) => evaluation.models[name]);
  const metric = metricNames(evaluation).find((name) => evaluation.accuracyMetrics.includes(name));
  const float = headlineMetric(evaluation, 'float');
  const value = model && headlineMetric(evaluation, model);
  if (!model || metric === undefined || float === undefined || value === undefined) {
    return {
      level: 'unknown',
      headline: unknownHeadline(evaluation, model),
      sentences: [...lostOutputs(evaluation), ...describeAgreement(evaluation)],
    };
  }
  const difference = value - float;
  const level = levelOf(difference);
  const sentences = [
    headlineSentence(evaluation, { model, metric, float, value }),
    ...describeChance(evaluation),
    ...retrainingSentences(evaluation),
    ...describeAgreement(evaluation),
  ];
  return { level, headline: HEADLINES[level], sentences, metric, model, difference };
}

/** Differences are means of float32 numbers: the limits themselves belong to the better side. */
function levelOf(difference: number): Exclude<VerdictLevel, 'unknown'> {
  if (difference >= -KEPT - 1e-6) return 'kept';
  return difference >= -REDUCED - 1e-6 ? 'reduced' : 'lost';
}

function headlineSentence(
  { records }: EvaluationResult,
  { model, metric, float, value }: { model: ModelName; metric: string; float: number; value: number },
): string {
  const reached = `The ${MODEL_LABELS[model]} model reaches ${formatShare(value)} ${metric} on ${formatCount(records)} test records`;
  const reference = `the float net's ${formatShare(float)}`;
  const difference = value - float;
  const changed = Math.round(Math.abs(difference) * records);
  if (changed === 0) return `${reached}, equal to ${reference}.`;
  const points = formatPoints(Math.abs(difference)).replace('+', '');
  const side = difference > 0 ? 'above' : 'below';
  return `${reached}, ${points} points ${side} ${reference}; that is ${formatCount(changed)} ${changed === 1 ? 'record' : 'records'}.`;
}

function retrainingSentences(evaluation: EvaluationResult): string[] {
  const before = headlineMetric(evaluation, 'postTraining');
  const after = headlineMetric(evaluation, 'fakeQuant');
  if (before === undefined || after === undefined) return [];
  const gain = formatPoints(after - before);
  const reference = `post-training quantization (${formatShare(before)})`;
  if (gain === '0.00') return [`Retraining changed nothing against ${reference}.`];
  return gain.startsWith('+')
    ? [`Retraining gained ${gain.slice(1)} points over ${reference}.`]
    : [`Retraining lost ${gain.slice(1)} points against ${reference}.`];
}

/** Where no accuracy tells: the metric that retraining made worse against post-training quantization, if there is one. */
function lostOutputs({ models: { postTraining, fakeQuant }, better = {} }: EvaluationResult): string[] {
  return Object.entries(better).flatMap(([name, direction]) => {
    const [before, after] = [postTraining, fakeQuant].map((model) => model?.metrics[name]);
    if (before === undefined || after === undefined) return [];
    const difference = formatDifference(after - before);
    if (!difference.startsWith(direction === 'higher' ? '-' : '+')) return [];
    return [
      `Retraining changed ${name} by ${difference} against post-training quantization (${before.toFixed(4)}), for the worse.`,
    ];
  });
}

function unknownHeadline(evaluation: EvaluationResult, model: ModelName | undefined): string {
  if (!model) return 'Nothing is quantized';
  const loss = compareModels(evaluation).find(({ name }) => name === model)?.metrics[0];
  return loss?.difference === undefined
    ? 'Quantized; the net has no accuracy to compare'
    : `Quantized; the net has no accuracy, and ${loss.name} changed by ${formatDifference(loss.difference)}`;
}
