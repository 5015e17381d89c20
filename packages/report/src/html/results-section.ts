/** The verdict on top of the page, and the models beside each other. */
import { compareModels, formatMetric, formatMetricDifference, metricNames } from '../compare-models.ts';
import { formatCount, formatPoints } from '../format-number.ts';
import { describeOnnxOutput } from '../onnx-outputs.ts';
import type { EvaluationResult, ReportInput } from '../report-input.ts';
import { verdictOf, type VerdictLevel } from '../verdict.ts';
import { extentOf, linearAxis } from './axis.ts';
import { markup, type Markup, type Part } from './markup.ts';
import { section, table, type Cell } from './page-parts.ts';

const SIGNS: Readonly<Record<VerdictLevel, string>> = {
  kept: '\u2713',
  reduced: '!',
  lost: '\u2715',
  unknown: '\u2013',
};

export function verdictBanner({ evaluation }: ReportInput): Markup {
  const { level, headline, sentences } = verdictOf(evaluation);
  return markup`<div class="verdict ${level}"><span class="sign" aria-hidden="true">${SIGNS[level]}</span><div><p class="headline">${headline}</p>
${sentences.map((sentence) => markup`<p>${sentence}</p>\n`)}</div></div>
`;
}

export function warningList({ evaluation: { warnings } }: ReportInput): Part {
  if (warnings.length === 0) return undefined;
  return section(
    'warnings',
    warnings.length === 1 ? 'Warning' : 'Warnings',
    markup`<ul class="warnings">
${warnings.map((warning) => markup`<li>${warning}</li>\n`)}</ul>
`,
  );
}

export function modelsSection({ evaluation }: ReportInput): Markup {
  const models = compareModels(evaluation);
  const names = metricNames(evaluation);
  const head: Part[] = ['model'];
  for (const name of names) {
    const isAccuracy = evaluation.accuracyMetrics.includes(name);
    head.push(named(name, evaluation), isAccuracy ? 'to float, points' : 'to float', ...(isAccuracy ? [''] : []));
  }
  const scales = new Map(
    names.map((name, i) => [name, extentOf([0, ...models.map(({ metrics }) => metrics[i]?.difference ?? 0)])]),
  );
  const rows = models.map(({ label, metrics }): Cell[] => [
    label,
    ...metrics.flatMap((metric): Cell[] => [
      { number: formatMetric(metric) },
      { number: formatMetricDifference(metric) },
      ...(metric.isAccuracy ? [differenceBar(metric.difference, scales.get(metric.name)!)] : []),
    ]),
  ]);
  return section('models', 'Models', [table('Metrics of the models on the test data', head, rows), notes(evaluation)]);
}

/** A metric's name, with which of two values is the better one. */
function named(name: string, { better }: EvaluationResult): Part {
  const direction = better?.[name];
  if (direction === undefined) return name;
  return markup`${name} <abbr title="${direction} is better">${direction === 'higher' ? '\u2191' : '\u2193'}</abbr>`;
}

/** A bar from 0 to the difference; all bars of a metric share one scale. */
function differenceBar(difference: number | undefined, domain: readonly [number, number]): Part {
  if (difference === undefined || domain[0] === domain[1]) return undefined;
  const axis = linearAxis({ domain, range: [2, 118], format: String });
  const zero = axis.place(0);
  const end = axis.place(difference);
  return markup`<svg class="difference" viewBox="0 0 120 14" width="120" height="14" aria-hidden="true"><path class="${difference < 0 ? 'loss' : 'gain'}" d="M${zero} 3H${end}V11H${zero}Z"/><path class="axis" d="M${zero} 0V14"/></svg>`;
}

function notes({ records, accuracyMetrics, onnx }: EvaluationResult): Markup {
  const one = formatPoints(1 / records).replace('+', '');
  const worth = accuracyMetrics.length > 0 && records > 0 && one !== '0.00' ? `; one record is ${one} points` : '';
  return markup`<p class="quiet">On ${formatCount(records)} test records, each counted once${worth}.</p>
${(onnx?.outputs ?? []).map((output) => markup`<p>The ONNX model's output ${describeOnnxOutput(output, onnx!.records)}.</p>\n`)}`;
}
