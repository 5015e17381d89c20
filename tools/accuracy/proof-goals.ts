import { agreements, gains, mean, type ProofRow, signed } from './proof-row.ts';

/** What is to be proved of a row; undefined where it has nothing to say. */
interface Goal {
  text: string;
  least: number;
  of: (row: ProofRow) => number | undefined;
  /** Whether one row of a net is enough, as where a user may choose among options. */
  isBest?: boolean;
}

const ofMean = (values: readonly number[]): number | undefined => (values.length > 0 ? mean(values) : undefined);
const isFrom = (start: string, { recipe }: ProofRow): boolean =>
  recipe.retrains && recipe.label.startsWith(`from ${start}`);

export const GOALS: readonly Goal[] = [
  {
    ...{ text: 'retrained from IFMR: integer at least float - 0.1', least: -0.1 },
    of: (row) => (isFrom('IFMR', row) ? ofMean(gains(row, 'integer', 'float')) : undefined),
  },
  {
    ...{ text: 'retrained from halved ranges: integer at least float - 0.5', least: -0.5 },
    of: (row) => (isFrom('halved', row) ? ofMean(gains(row, 'integer', 'float')) : undefined),
  },
  {
    ...{ text: 'integer within 0.05 of fake-quant, every seed', least: -0.05 },
    of: (row) => -Math.max(...gains(row, 'integer', 'fakeQuant').map(Math.abs)),
  },
  {
    ...{ text: "retrained: integer at least PyTorch's QAT - 0.1", least: -0.1 },
    of: (row) => ofMean(gains({ ...row, seeds: row.seeds.filter(({ torch }) => torch) }, 'integer', 'torch')),
  },
  {
    ...{ text: 'calibrated, the best option: integer at least float - 0.5', least: -0.5, isBest: true },
    of: (row) => (row.recipe.retrains ? undefined : ofMean(gains(row, 'integer', 'float'))),
  },
  {
    ...{ text: 'integer and fake-quant agree on 99.95 %, every seed', least: 99.95 },
    of: (row) => (row.metric === 'accuracy' ? Math.min(...agreements(row)) : undefined),
  },
];

/** A Markdown table: of each goal and net the row that decides it. Nets that are judged by dB are held to the same numbers. */
export function goalTable(rows: readonly ProofRow[]): string {
  const nets = [...new Set(rows.map(({ net }) => net))];
  const lines = GOALS.flatMap(({ text, least, of, isBest = false }) =>
    nets.flatMap((net) => {
      const found = rows
        .filter((row) => row.net === net)
        .flatMap((row) => {
          const value = of(row);
          return value === undefined ? [] : [{ row, value }];
        })
        .sort((a, b) => (isBest ? b.value - a.value : a.value - b.value));
      const [deciding] = found;
      if (!deciding) return [];
      const { row, value } = deciding;
      // Sums of shares of 10,000 images are whole hundredths but for the last bits.
      const isMet = value >= least - 1e-6;
      return [
        [text, net, row.recipe.label, least < 0 ? signed(value) : value.toFixed(2), isMet ? 'met' : '**missed**'],
      ];
    }),
  );
  const header = ['goal', 'net', 'decided by', 'value', ''];
  return [header, ['---', '---', '---', '---:', '---'], ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
