import { goalTable } from './proof-goals.ts';
import { agreements, gains, mean, type ProofRow, signed, valuesOf } from './proof-row.ts';

/** A column of a table; its cell is empty where a row has no such values. */
type Column = readonly [title: string, cell: (row: ProofRow) => string];
type Model = Parameters<typeof valuesOf>[1];

/** Mean over the seeds, and the smallest and the largest where there are more. */
function spread(values: readonly number[]): string {
  if (values.length === 0) return '';
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const middle = mean(values).toFixed(2);
  return values.length === 1 ? middle : `${middle} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

const value = (title: string, model: Model): Column => [title, (row) => spread(valuesOf(row, model))];
const toFloat = (title: string, model: Model): Column => [
  title,
  (row) => (valuesOf(row, model).length === row.seeds.length ? signed(mean(gains(row, model, 'float'))) : ''),
];
const agreement: Column = [
  'integer as fake-quant, at least',
  (row) => {
    const found = agreements(row);
    return found.length > 0 ? `${Math.min(...found).toFixed(2)} ${row.metric === 'accuracy' ? '%' : 'dB'}` : '';
  },
];

/** A stage that a killed run had finished is taken from the store, in no time: that is none to show. */
function trainSeconds(seeds: ProofRow['seeds']): string {
  const found = seeds.map(({ seconds }) => seconds['train']!).filter((seconds) => seconds > 1);
  return found.length > 0 ? mean(found).toFixed(0) : '';
}

const NAMES: readonly Column[] = [
  ['net', ({ net, metric }) => (metric === 'PSNR' ? `${net}, dB` : net)],
  ['recipe', ({ recipe }) => recipe.label],
  ['seeds', ({ seeds }) => String(seeds.length)],
];

const CALIBRATED: readonly Column[] = [
  ...NAMES,
  value('float', 'float'),
  value('fake-quant', 'fakeQuant'),
  value('integer', 'integer'),
  toFloat('to float', 'integer'),
  agreement,
  value('ONNX', 'onnx'),
];

const RETRAINED: readonly Column[] = [
  ...NAMES,
  value('float', 'float'),
  value('float, same training', 'control'),
  value('before', 'postTraining'),
  value('fake-quant', 'fakeQuant'),
  value('integer', 'integer'),
  toFloat('to float', 'integer'),
  agreement,
  value('ONNX', 'onnx'),
  ['s', ({ seeds }) => trainSeconds(seeds)],
  value('PyTorch before', 'torchStart'),
  value('PyTorch QAT', 'torch'),
  toFloat('to float', 'torch'),
  [
    's',
    ({ seeds }) => {
      const found = seeds.flatMap(({ torch }) => torch?.seconds ?? []);
      return found.length > 0 ? mean(found).toFixed(0) : '';
    },
  ],
];

function table(columns: readonly Column[], rows: readonly ProofRow[]): string {
  const lines = [
    columns.map(([title]) => title),
    columns.map((_, i) => (i < 2 ? '---' : '---:')),
    ...rows.map((row) => columns.map(([, cell]) => cell(row))),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The tables in Markdown: goals, calibration, retraining. Differences are means of each seed's own. */
export function proofText(rows: readonly ProofRow[]): string {
  const [retrained, calibrated] = [true, false].map((retrains) =>
    rows.filter(({ recipe }) => recipe.retrains === retrains),
  );
  return [
    `### Goals\n\n${goalTable(rows)}`,
    `### Retraining\n\n${table(RETRAINED, retrained!)}`,
    `### Calibration\n\n${table(CALIBRATED, calibrated!)}`,
  ].join('\n\n');
}
