import { median } from './median.ts';
import type { Kind, StepFigures } from './step-request.ts';

/** The figures of several processes that measured the same, and how PyTorch laid its blobs out. */
export interface Side {
  figures: StepFigures[];
  layout?: string;
}

/** One net with one batch, float or QAT. */
export interface Row {
  label: string;
  batch: number;
  kind: Kind;
  ours: Side;
  /** An earlier state of ours, where one is measured too. */
  before?: Side;
  /** Absent where there is no PyTorch. */
  torch?: Side;
}

/** Median milliseconds of a step over all processes, and the largest peak of them. */
export function summary({ figures }: Side): { milliseconds: number; peak: number; before: number } {
  return {
    milliseconds: median(figures.flatMap(({ times }) => times)),
    peak: Math.max(...figures.map(({ peak }) => peak)),
    before: median(figures.map(({ before }) => before)),
  };
}

const COLUMNS = [
  ...['net', 'batch', 'kind', 'ours ms', 'PyTorch ms', 'ratio', 'ours MiB', 'PyTorch MiB', 'ratio'],
  ...['ours QAT / float', 'PyTorch layout'],
];
const BEFORE_COLUMNS = ['before ms', 'ours / before', 'before MiB', 'ours / before'];
const LEFT = new Set(['net', 'kind', 'PyTorch layout']);

/** A Markdown table; ratios are ours to PyTorch's, MiB are peaks of the whole process with what it held before training in brackets. */
export function table(rows: readonly Row[]): string {
  const columns = [...COLUMNS, ...(rows.some(({ before }) => before) ? BEFORE_COLUMNS : [])];
  const lines = [columns, columns.map((column) => (LEFT.has(column) ? '---' : '---:')), ...rows.map(cells(rows))];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

const cells =
  (rows: readonly Row[]) =>
  ({ label, batch, kind, ours, torch, before }: Row): string[] => {
    const [a, b, c] = [summary(ours), torch && summary(torch), before && summary(before)];
    const float = rows.find((row) => row.label === label && row.batch === batch && row.kind === 'float');
    return [
      ...[label, String(batch), kind],
      ...[duration(a.milliseconds), b ? duration(b.milliseconds) : '', b ? ratio(a.milliseconds, b.milliseconds) : ''],
      ...[memory(a), b ? memory(b) : '', b ? ratio(a.peak, b.peak) : ''],
      kind === 'QAT' && float ? ratio(a.milliseconds, summary(float.ours).milliseconds) : '',
      torch?.layout ?? '',
      ...(c ? [duration(c.milliseconds), ratio(a.milliseconds, c.milliseconds), memory(c), ratio(a.peak, c.peak)] : []),
    ];
  };

const duration = (milliseconds: number): string => milliseconds.toFixed(milliseconds < 100 ? 1 : 0);
const memory = ({ peak, before }: { peak: number; before: number }): string =>
  `${peak.toFixed(0)} (${before.toFixed(0)})`;
const ratio = (a: number, b: number): string => (a / b).toFixed(2);

/** The slowest that a median may be, against the fastest step: more, and other programs had the processor too. */
const QUIET = 1.25;

/** A paragraph that names the rows whose steps took unequal time; none where all were quiet. */
export function noise(rows: readonly Row[]): string[] {
  const sides = rows.flatMap(({ label, batch, kind, ours, torch, before }) =>
    [
      { who: 'ours', side: ours },
      { who: 'before', side: before },
      { who: 'PyTorch', side: torch },
    ].map(({ who, side }) => {
      const times = side?.figures.flatMap((figures) => figures.times) ?? [];
      return { name: `${label}, batch ${batch}, ${kind}, ${who}`, spread: median(times) / Math.min(...times) };
    }),
  );
  const noisy = sides
    .filter(({ spread }) => spread > QUIET)
    .map(({ name, spread }) => `${name} (${spread.toFixed(2)})`);
  return noisy.length > 0 ? [`Not quiet, median step to fastest: ${noisy.join('; ')}.`] : [];
}
