import type { JsonNode } from '@caffe-quant/config';
import type { EvaluationResult } from '@caffe-quant/report';
import { type Diagnostic, DiagnosticsError, nearest } from 'caffe-prototxt-parser';

/** What a limit counts in, and how far it lets the integer model be from the float one. */
const UNITS = {
  points: 'hundredths of an accuracy or a mean average precision, below float',
  AP: 'hundredths of a mean average precision, below float',
  dB: 'signal-to-noise ratio of an output against float, at least',
  '%': 'of a loss, above float',
} as const;

type Unit = keyof typeof UNITS;

/** A limit of `accuracy` in thresholds.json, as it was written there. */
export interface AccuracyLimit {
  /** Absent: the first metric that the unit fits, of signal-to-noise ratios every one. */
  readonly metric?: string;
  readonly amount: number;
  readonly unit: Unit;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What a limit is of: a metric that the net has. */
export interface AccuracyGoal {
  readonly metric: string;
  readonly amount: number;
  readonly unit: Unit;
}

/** How the integer model does against a goal. */
export interface GoalResult extends AccuracyGoal {
  readonly float?: number;
  readonly integer: number;
  /** How much better than the limit it is, in the limit's unit; below 0: it misses it. */
  readonly margin: number;
}

/** Which metrics a net has: of an evaluation, or of the net itself before anything ran. */
export type KnownMetrics = Pick<EvaluationResult, 'accuracyMetrics' | 'better'> & {
  /** In the net's order. */
  readonly names: readonly string[];
};

/** Shares are quotients of whole numbers: what differs by less is the rounding of their difference. */
export const ROUNDING = 1e-9;

const FORM = 'a limit is "0.3 points" below float, "0.5 AP" below float, "30 dB" or "2 %" above the loss of float';

/**
 * Reads `accuracy`: one limit, or an object of limits by the names of metrics.
 *
 * @param report told what is wrong, with its place
 */
export function readAccuracy(
  node: JsonNode,
  report: (message: string, at: { line: number; column: number }, hint?: string) => void,
): AccuracyLimit[] {
  if (node.kind !== 'object') return readLimit(node, undefined, report);
  if (node.members.length === 0) report('accuracy names no metric', node, FORM);
  return node.members.flatMap(({ key, value }) => readLimit(value, key, report));
}

function readLimit(
  node: JsonNode,
  metric: string | undefined,
  report: (message: string, at: { line: number; column: number }, hint?: string) => void,
): AccuracyLimit[] {
  const what = metric === undefined ? 'accuracy' : `accuracy of '${metric}'`;
  const text = node.kind === 'string' ? node.value : undefined;
  const [, digits = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(\S*)\s*$/.exec(text ?? '') ?? [];
  if (text === undefined || digits === '') {
    const given = 'value' in node ? JSON.stringify(node.value) : node.kind === 'null' ? 'null' : `an ${node.kind}`;
    report(`${what} should be a number and a unit, but is ${given}`, node, FORM);
    return [];
  }
  const known = Object.keys(UNITS).find((each): each is Unit => each.toLowerCase() === unit.toLowerCase());
  const spelling = unit === 'point' ? 'points' : known;
  if (spelling === undefined) {
    report(`${what} is in '${unit}', which is no unit of it`, node, FORM);
    return [];
  }
  const { file, line, column } = node;
  return [{ ...(metric !== undefined && { metric }), amount: Number(digits), unit: spelling, file, line, column }];
}

/** The metrics of an evaluation. */
export function metricsOf({
  models,
  accuracyMetrics,
  better,
}: Pick<EvaluationResult, 'models' | 'accuracyMetrics' | 'better'>): KnownMetrics {
  return { accuracyMetrics, ...(better && { better }), names: Object.keys(models.integer?.metrics ?? {}) };
}

/**
 * The limits as goals of a net's metrics.
 *
 * @throws DiagnosticsError where the net has no such metric, or it is not counted in the unit
 */
export function accuracyGoals(limits: readonly AccuracyLimit[], known: KnownMetrics): AccuracyGoal[] {
  const problems: Diagnostic[] = [];
  const goals = limits.flatMap(({ metric, amount, unit, file, line, column }): AccuracyGoal[] => {
    const report = (message: string, hint: string): [] => {
      problems.push({ code: 'thresholds', severity: 'error', message, file, line, column, hint });
      return [];
    };
    const counted = known.names.filter((name) => isCountedIn(unit, name, known));
    if (metric === undefined) {
      const chosen = unit === 'dB' ? counted : counted.slice(0, 1);
      if (chosen.length > 0) return chosen.map((name) => ({ metric: name, amount, unit }));
      return report(`accuracy is in ${unit}, but the net has no metric that is counted so`, listOf(known));
    }
    if (!known.names.includes(metric)) {
      const near = nearest(metric, known.names);
      return report(`the net has no metric '${metric}'`, near ? `did you mean '${near}'?` : listOf(known));
    }
    if (counted.includes(metric)) return [{ metric, amount, unit }];
    const own = Object.keys(UNITS).filter((each): each is Unit => isCountedIn(each as Unit, metric, known));
    const hint = own.length > 0 ? `write it in ${own.join(' or ')}` : 'nothing tells which of two values is better';
    return report(`the metric '${metric}' is not counted in ${unit}`, hint);
  });
  if (problems.length > 0) throw new DiagnosticsError(problems);
  return goals;
}

function isCountedIn(unit: Unit, name: string, { accuracyMetrics, better = {} }: KnownMetrics): boolean {
  const isShare = accuracyMetrics.includes(name);
  switch (unit) {
    case 'points':
      return isShare;
    case 'AP':
      return isShare && name.endsWith(' mAP');
    case 'dB':
      return name.endsWith(' dB') && better[name] === 'higher';
    case '%':
      return better[name] === 'lower';
  }
}

function listOf({ names }: KnownMetrics): string {
  return names.length === 0 ? 'it has none at all' : `it has ${names.map((name) => `'${name}'`).join(', ')}`;
}

/**
 * How an evaluated integer model does against goals.
 *
 * @throws RangeError where it has not been measured by one of them
 */
export function goalResults(
  goals: readonly AccuracyGoal[],
  { models }: Pick<EvaluationResult, 'models'>,
): GoalResult[] {
  return goals.map((goal) => {
    const [integer, float] = [models.integer, models.float].map((model) => model?.metrics[goal.metric]);
    if (integer === undefined || (float === undefined && goal.unit !== 'dB')) {
      throw new RangeError(`the models are not measured by ${goal.metric}`);
    }
    return { ...goal, ...(float !== undefined && { float }), integer, margin: marginOf(goal, integer, float ?? 0) };
  });
}

function marginOf({ unit, amount }: AccuracyGoal, integer: number, float: number): number {
  switch (unit) {
    case 'points':
    case 'AP':
      return amount - (float - integer) * 100;
    case 'dB':
      return integer - amount;
    case '%':
      return amount - ((integer - float) / Math.max(Math.abs(float), Number.MIN_VALUE)) * 100;
  }
}

/** Of several goals the one that is missed by most, or held by least. */
export function worstOf(results: readonly GoalResult[]): GoalResult {
  return results.reduce((worst, each) => (each.margin < worst.margin ? each : worst));
}

export const holds = ({ margin }: Pick<GoalResult, 'margin'>): boolean => margin >= -ROUNDING;

/** `accuracy 90.10 %, 1.10 points below float; allowed are 0.3`. */
export function describeGoal({ metric, unit, amount, integer, float = 0 }: GoalResult): string {
  switch (unit) {
    case 'points':
    case 'AP': {
      const drop = (float - integer) * 100;
      const away = `${Math.abs(drop).toFixed(2)} points ${drop < 0 ? 'above' : 'below'} float`;
      return `${metric} is ${(integer * 100).toFixed(2)} %, ${away}; allowed are ${amount}`;
    }
    case 'dB':
      return `${metric} is ${integer.toFixed(2)}; asked for are ${amount}`;
    case '%':
      return `${metric} is ${integer.toPrecision(4)} and ${float.toPrecision(4)} in float; allowed are ${amount} % more`;
  }
}
