/** The table that `quantize-search` prints at its end. */
import { formatMetric, formatMetricDifference } from './compare-models.ts';
import { formatCount, formatDifference } from './format-number.ts';
import { oneLine, textTable, wrap, type Column } from './text-table.ts';

const WIDTH = 110;

/** One attempt of a search, as it is shown. */
export interface SearchRow {
  attempt: string;
  /** What was measured; absent where nothing was. */
  measured?: {
    /** The metric that is missed by most, or held by least. */
    metric: string;
    isAccuracy: boolean;
    integer: number;
    /** Absent where the metric itself compares with the float net. */
    float?: number;
    /** How much better than the limit, in the limit's unit; below 0: the limit is missed. */
    margin: number;
    holds: boolean;
    iterations: number;
  };
  /** Layers left float besides those of the config. */
  floatLayers: readonly string[];
  seconds: number;
  /** Why it was not tried, or what was wrong. */
  reason?: string;
  isTried: boolean;
}

/**
 * What was tried and what it cost, as plain text of at most 110 columns: a row for each attempt that was measured, the layers
 * that it left float, then what was refused, and what was not tried and why.
 *
 * @returns lines, each ended by a newline
 */
export function formatSearch(rows: readonly SearchRow[]): string {
  const lines = [...measuredLines(rows), totalLine(rows), ...layerLines(rows), ...reasonLines(rows)];
  return lines.map((line) => `${line}\n`).join('');
}

function measuredLines(rows: readonly SearchRow[]): string[] {
  const metrics = new Set(rows.flatMap(({ measured }) => measured?.metric ?? []));
  const [only] = metrics;
  const columns: Column[] = [
    { head: 'attempt' },
    ...(metrics.size > 1 ? [{ head: 'metric', shrinkTo: 12 }] : []),
    { head: metrics.size === 1 ? oneLine(only!) : 'integer', align: 'right', shrinkTo: 12 },
    { head: 'to float', align: 'right' },
    { head: 'to limit', align: 'right' },
    { head: '', align: 'left' },
    { head: 'float layers', align: 'right' },
    { head: 'iterations', align: 'right' },
    { head: 'seconds', align: 'right' },
  ];
  const cells = rows.flatMap(({ attempt, measured, floatLayers, seconds }) => {
    if (!measured) return [];
    const { metric, isAccuracy, integer, float, margin, holds, iterations } = measured;
    const compared = {
      ...{ name: metric, isAccuracy, value: integer },
      ...(float !== undefined && { difference: integer - float }),
    };
    return [
      [
        attempt,
        ...(metrics.size > 1 ? [oneLine(metric)] : []),
        formatMetric(compared),
        formatMetricDifference(compared),
        formatDifference(margin).replace(/\d\d$/, ''),
        holds ? 'holds' : 'misses',
        String(floatLayers.length),
        formatCount(iterations),
        seconds.toFixed(1),
      ],
    ];
  });
  return cells.length === 0 ? ['Nothing was measured.'] : textTable(columns, cells, WIDTH);
}

function totalLine(rows: readonly SearchRow[]): string {
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  return `${rows.filter(({ isTried }) => isTried).length} of ${rows.length} attempts tried, ${seconds.toFixed(1)} seconds in all`;
}

function layerLines(rows: readonly SearchRow[]): string[] {
  return rows.flatMap(({ attempt, floatLayers, measured }) =>
    measured && floatLayers.length > 0
      ? wrap(oneLine(`${attempt} leaves float: ${floatLayers.join(', ')}`), WIDTH, 2)
      : [],
  );
}

function reasonLines(rows: readonly SearchRow[]): string[] {
  const refused = rows.flatMap(({ attempt, isTried, reason }) =>
    isTried && reason !== undefined ? wrap(oneLine(`${attempt} was refused: ${reason}`), WIDTH, 2) : [],
  );
  const passed = new Map<string, string[]>();
  for (const { attempt, isTried, reason } of rows) {
    if (!isTried && reason !== undefined) passed.set(reason, [...(passed.get(reason) ?? []), attempt]);
  }
  const notTried = [...passed].flatMap(([reason, attempts]) =>
    wrap(oneLine(`not tried, since ${reason}: ${attempts.join(', ')}`), WIDTH, 2),
  );
  return [...refused, ...notTried];
}
