import type { Recipe } from './recipes.ts';
import type { StageSeconds } from './run-timed.ts';
import type { TorchResult } from './torch-side.ts';

export type Metric = 'accuracy' | 'PSNR';
export type Metrics = Readonly<Record<string, number>>;

/** Models that a run of ours measures; without training the exported one is the post-training one. */
type Model = 'float' | 'control' | 'postTraining' | 'fakeQuant' | 'integer';

/** What a run delivered, of its evaluation.json, and how long it took. */
export interface Judged {
  evaluation: {
    models: Partial<Record<Model, { metrics: Metrics }>>;
    agreement: { integerVsFakeQuant?: number; ratios?: Metrics };
  };
  /** The ONNX model in onnxruntime, on all test records. */
  onnx: Metrics;
  seconds: StageSeconds;
  torch?: TorchResult;
}

/** A recipe on a net. */
export interface ProofRow {
  net: string;
  recipe: Recipe;
  metric: Metric;
  seeds: readonly Judged[];
}

const PIXELS = 28 * 28;

/** Per cent, or dB. EuclideanLoss is half of the squared distance of an image whose peak is 1. */
export const valueOf = (metric: Metric, { loss, accuracy }: Metrics): number =>
  metric === 'accuracy' ? 100 * accuracy! : -10 * Math.log10((2 * loss!) / PIXELS);

/** What a model reaches, seed by seed. */
export function valuesOf({ metric, seeds }: ProofRow, model: Model | 'onnx' | 'torch' | 'torchStart'): number[] {
  return seeds.flatMap(({ evaluation: { models }, onnx, torch }) => {
    const metrics: Record<typeof model, Metrics | undefined> = {
      ...{ float: models.float?.metrics, control: models.control?.metrics, postTraining: models.postTraining?.metrics },
      ...{ fakeQuant: (models.fakeQuant ?? models.postTraining)?.metrics, integer: models.integer?.metrics },
      ...{ onnx, torch: torch && { ...torch.after }, torchStart: torch && { ...torch.before } },
    };
    return metrics[model] ? [valueOf(metric, metrics[model])] : [];
  });
}

/** By how much a model exceeds another one, seed by seed. */
export function gains(
  row: ProofRow,
  model: Parameters<typeof valuesOf>[1],
  over: Parameters<typeof valuesOf>[1],
): number[] {
  const [values, others] = [valuesOf(row, model), valuesOf(row, over)];
  return values.map((value, i) => value - others[i]!);
}

/** The share of predictions that integer and fake-quant model have in common, in per cent; for other nets the least ratio in dB. */
export const agreements = ({ seeds }: ProofRow): number[] =>
  seeds.flatMap(({ evaluation: { agreement } }) => {
    const { integerVsFakeQuant: share, ratios = {} } = agreement;
    const least = Math.min(...Object.values(ratios));
    return share !== undefined ? [100 * share] : Number.isFinite(least) ? [least] : [];
  });

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** To two digits, with its sign; what rounds to 0 is none below it. */
export function signed(value: number): string {
  const text = value.toFixed(2);
  return text === '-0.00' ? '+0.00' : `${value < 0 ? '' : '+'}${text}`;
}
