/** The models beside each other: which are there, and how each metric differs from the float net's. */
import { formatDifference, formatPoints, formatShare } from './format-number.ts';
import { MODEL_NAMES } from './report-input.ts';
import type { EvaluationResult, ModelName } from './report-input.ts';

/** One model's row. */
export interface ComparedModel {
  name: ModelName;
  label: string;
  metrics: ComparedMetric[];
}

/** One metric of one model. */
export interface ComparedMetric {
  name: string;
  isAccuracy: boolean;
  /** Absent where the model has no such metric. */
  value?: number;
  /** Value minus the float net's, in the metric's unit; absent for the float net itself. */
  difference?: number;
}

/** What the models are called in front of people. */
export const MODEL_LABELS: Readonly<Record<ModelName, string>> = {
  float: 'float',
  control: 'float, same training',
  postTraining: 'post-training',
  fakeQuant: 'QAT fake-quant',
  integer: 'integer',
};

/** Accuracies first, as the evaluation lists them, then the other metrics in the float net's order. */
export function metricNames({ models, accuracyMetrics }: EvaluationResult): string[] {
  const names = new Set<string>();
  const present = MODEL_NAMES.flatMap((name) => (models[name] ? [models[name]] : []));
  const known = new Set(present.flatMap(({ metrics }) => Object.keys(metrics)));
  for (const name of accuracyMetrics) if (known.has(name)) names.add(name);
  for (const name of known) names.add(name);
  return [...names];
}

export function compareModels(evaluation: EvaluationResult): ComparedModel[] {
  const names = metricNames(evaluation);
  const accuracies = new Set(evaluation.accuracyMetrics);
  const { float } = evaluation.models;
  return MODEL_NAMES.flatMap((model) => {
    const result = evaluation.models[model];
    if (!result) return [];
    const metrics = names.map((name): ComparedMetric => {
      const value = own(result.metrics, name);
      const reference = model === 'float' ? undefined : own(float.metrics, name);
      const metric: ComparedMetric = { name, isAccuracy: accuracies.has(name) };
      if (value !== undefined) metric.value = value;
      if (value !== undefined && reference !== undefined) metric.difference = value - reference;
      return metric;
    });
    return [{ name: model, label: MODEL_LABELS[model], metrics }];
  });
}

/** The metric that decides, of one model; undefined where the model or the metric is not there. */
export function headlineMetric(evaluation: EvaluationResult, model: ModelName): number | undefined {
  const [name] = metricNames(evaluation).filter((metric) => evaluation.accuracyMetrics.includes(metric));
  const result = evaluation.models[model];
  return name === undefined || !result ? undefined : own(result.metrics, name);
}

/** `91.25 %`, or `0.2713`. */
export function formatMetric({ value, isAccuracy }: ComparedMetric): string {
  if (value === undefined) return '-';
  return isAccuracy ? formatShare(value) : value.toFixed(4);
}

/** `-0.35` in points, or `+0.0123`; empty where there is nothing to compare. */
export function formatMetricDifference({ difference, isAccuracy }: ComparedMetric): string {
  if (difference === undefined) return '';
  return isAccuracy ? formatPoints(difference) : formatDifference(difference);
}

function own(metrics: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(metrics, name) ? metrics[name] : undefined;
}
