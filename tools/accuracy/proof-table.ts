import type { TorchResult } from './torch-side.ts';

/** What a run delivered, of its evaluation.json, and how long it took. */
export interface Judged {
  evaluation: {
    models: Record<'float' | 'postTraining' | 'fakeQuant' | 'integer', { metrics: Record<string, number> } | undefined>;
    onnx: { outputs: { sqnr: number; same?: { count: number; of: number } }[] };
  };
  seconds: number;
  torch?: TorchResult;
}

export interface ProofRow {
  net: string;
  recipe: string;
  metric: 'accuracy' | 'PSNR';
  seeds: readonly Judged[];
}

const PIXELS = 28 * 28;

/** Per cent, or dB. EuclideanLoss is half of the squared distance of an image whose peak is 1. */
export const valueOf = (metric: ProofRow['metric'], { loss, accuracy }: Record<string, number>): number =>
  metric === 'accuracy' ? 100 * accuracy! : -10 * Math.log10((2 * loss!) / PIXELS);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean over the seeds, and the smallest and the largest where there are more. */
function spread(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const middle = mean(values).toFixed(2);
  return values.length === 1 ? middle : `${middle} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** A Markdown table, a line for a recipe on a net. Differences are means of each seed's own. */
export function proofTable(rows: readonly ProofRow[]): string {
  const header = [
    'net',
    'recipe',
    'float',
    'fake-quant',
    'integer',
    'to float',
    'ONNX as the integers',
    's',
    'PyTorch QAT',
    'to float',
    's',
  ];
  const lines = rows.map(({ net, recipe, metric, seeds }) => {
    const of = (model: keyof Judged['evaluation']['models']) =>
      seeds.map(({ evaluation: { models } }) => valueOf(metric, (models[model] ?? models.postTraining!).metrics));
    const [float, fakeQuant, integer] = [of('float'), of('fakeQuant'), of('integer')];
    const torch = seeds.flatMap((seed) => seed.torch ?? []);
    const inTorch = torch.map(({ after }) => valueOf(metric, { ...after }));
    const toFloat = (values: readonly number[]) => signed(mean(values.map((value, i) => value - float[i]!)));
    return [
      ...[net, recipe, spread(float), spread(fakeQuant), spread(integer), toFloat(integer)],
      ...[onnxOf(seeds), mean(seeds.map(({ seconds }) => seconds)).toFixed(0)],
      ...(torch.length === seeds.length
        ? [spread(inTorch), toFloat(inTorch), mean(torch.map(({ seconds }) => seconds)).toFixed(0)]
        : ['', '', '']),
    ];
  });
  return [header, header.map((_, i) => (i < 2 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(2)}`;

function onnxOf(seeds: readonly Judged[]): string {
  const outputs = seeds.flatMap(({ evaluation }) => evaluation.onnx.outputs);
  const classes = outputs.flatMap(({ same }) => same ?? []);
  if (classes.length === outputs.length) {
    const [count, of] = [classes.map((each) => each.count), classes.map((each) => each.of)].map(
      (values) => mean(values) * values.length,
    );
    return `${count} of ${of}`;
  }
  return `${Math.min(...outputs.map(({ sqnr }) => sqnr)).toFixed(0)} dB`;
}
