/** How far chance goes in the difference between two models on the same records. */
import { compareModels, metricNames } from './compare-models.ts';
import { formatCount, formatPoints } from './format-number.ts';
import type { EvaluationResult, GroupMetrics, Metrics } from './report-input.ts';

/** Fewer groups of records tell too little of how differences scatter. */
const FEWEST_GROUPS = 6;

export interface DifferenceInterval {
  /** The metric of the one less that of the other, over all records. */
  difference: number;
  /** The difference is within so much of what it would be on endlessly many such records, with 95 % confidence. */
  halfWidth: number;
}

/**
 * A 95 % interval of the difference of a metric between two models on the same records: by the scatter of the differences d of
 * groups of records, weighted with their share w of all,
 *
 *   halfWidth = t(0.975; G - 1) sqrt(G / (G - 1) sum w^2 (d - mean)^2)
 *
 * Both models see the same records, so that what makes a group hard for both is not in it.
 * Source: the ratio estimator of a mean over clusters, Cochran, Sampling Techniques, 1977, section 9A.
 *
 * @returns undefined where there are too few groups, or they are not the same ones
 */
export function differenceInterval(
  model: readonly GroupMetrics[] | undefined,
  other: readonly GroupMetrics[] | undefined,
  metric: string,
): DifferenceInterval | undefined {
  if (!model || !other || model.length !== other.length || model.length < FEWEST_GROUPS) return undefined;
  const total = model.reduce((sum, { records }) => sum + records, 0);
  const weights: number[] = [];
  const differences: number[] = [];
  for (const [i, { records, metrics }] of model.entries()) {
    const [value, reference] = [metrics[metric], other[i]!.metrics[metric]];
    if (value === undefined || reference === undefined || other[i]!.records !== records) return undefined;
    weights.push(records / total);
    differences.push(value - reference);
  }
  const difference = differences.reduce((sum, each, i) => sum + weights[i]! * each, 0);
  const groups = model.length;
  const squares = differences.reduce((sum, each, i) => sum + (weights[i]! * (each - difference)) ** 2, 0);
  return { difference, halfWidth: quantile(groups - 1) * Math.sqrt((groups / (groups - 1)) * squares) };
}

/**
 * t(0.975) for so many degrees of freedom, 5 at least, to 0.002.
 * Source: Abramowitz and Stegun, 26.7.5.
 */
function quantile(freedom: number): number {
  const z = 1.959964;
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  );
}

/** The half widths of all metrics of a model; undefined where there are none. */
export function halfWidths(
  model: { metrics: Metrics; groups?: readonly GroupMetrics[] },
  float: { groups?: readonly GroupMetrics[] },
): Metrics | undefined {
  const found = Object.keys(model.metrics).flatMap((name): [string, number][] => {
    const interval = differenceInterval(model.groups, float.groups, name);
    return interval ? [[name, interval.halfWidth]] : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/**
 * What the differences to the float net are worth on so many records: of the accuracy that counts. Nothing where the net has none,
 * or too few batches were tested.
 */
export function describeChance(evaluation: EvaluationResult): string[] {
  const name = metricNames(evaluation).find((metric) => evaluation.accuracyMetrics.includes(metric));
  const found = compareModels(evaluation).flatMap(({ name: model, label, metrics }) => {
    const difference = metrics.find((metric) => metric.name === name)?.difference;
    const halfWidth = name === undefined ? undefined : evaluation.models[model]?.halfWidths?.[name];
    return difference === undefined || halfWidth === undefined ? [] : [{ label, difference, halfWidth }];
  });
  const on = `95 % intervals on ${formatCount(evaluation.records)} records`;
  const list = (those: typeof found) =>
    those
      .map(
        ({ label, difference, halfWidth }) => `${label} ${formatPoints(difference)} ± ${(halfWidth * 100).toFixed(2)}`,
      )
      .join(', ');
  const isReal = ({ difference, halfWidth }: DifferenceInterval) => Math.abs(difference) > halfWidth;
  const [real, chance] = [found.filter(isReal), found.filter((each) => !isReal(each))];
  return [
    ...(real.length > 0 ? [`Differs from float by more than chance: ${list(real)} points (${on}).`] : []),
    ...(chance.length > 0 ? [`Within chance of float: ${list(chance)} points (${on}).`] : []),
  ];
}
