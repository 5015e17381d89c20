/** What the options of calibration did: in sentences, and layer by layer. */
import { formatCount } from './format-number.ts';
import type { CalibrationResult } from './report-input.ts';

/** Figures of one layer in dB; absent where its calibration has none. */
export interface LayerEffect {
  layer: string;
  /** Its input with the range that was found, and with IFMR's. */
  input?: { before: number; after: number };
  /** Its weights before and after equalization. */
  weights?: { before: number; after: number };
  /** Its output with weights rounded to nearest, and as learned. */
  rounding?: { before: number; after: number };
  /** Its output before and after bias correction. */
  output?: { before: number; after: number };
  /** Why an option left it out. */
  leftOut: string[];
}

const METHODS = { percentile: 'percentile', mse: 'MSE', kl: 'KL divergence' } as const;

/** One sentence for each option in use; none where calibration is AMCT's own. */
export function describeCalibration({
  quantizers,
  equalization,
  rounding,
  biasCorrection,
}: CalibrationResult): string[] {
  const sentences: string[] = [];
  const found = quantizers.flatMap(({ origin, sqnr, ifmrSqnr }) =>
    origin === 'config' || origin === 'ifmr' || sqnr === undefined || ifmrSqnr === undefined
      ? []
      : [{ method: METHODS[origin], before: ifmrSqnr, after: sqnr }],
  );
  if (found[0]) {
    sentences.push(
      `Ranges by ${found[0].method}: inputs at ${mean(found, 'after')} dB in the mean, with IFMR's ranges ${mean(found, 'before')} dB.`,
    );
  }
  if (equalization) {
    const { pairs, normalized, layers, leftOut } = equalization;
    const behind = normalized.length > 0 ? ` and of ${counted(normalized.length, 'layer')} before BatchNorm` : '';
    const what = `Cross-layer equalization of ${counted(pairs.length, 'pair')}${behind}`;
    sentences.push(`${what}: ${gain('weights', layers)}${others(leftOut)}.`);
  }
  if (rounding) {
    const { layers, leftOut } = rounding;
    const sum = (of: 'changed' | 'of') => layers.reduce((total, layer) => total + layer[of], 0);
    const share = layers.length > 0 ? `, ${((100 * sum('changed')) / sum('of')).toFixed(1)} % of the weights` : '';
    sentences.push(
      `Rounding learned in ${counted(layers.length, 'layer')}${share}: ${gain('their outputs', layers)}${others(leftOut)}.`,
    );
  }
  if (biasCorrection) {
    const { layers, leftOut } = biasCorrection;
    sentences.push(
      `Bias correction of ${counted(layers.length, 'layer')}: ${gain('their outputs', layers)}${others(leftOut)}.`,
    );
  }
  return sentences;
}

/** The layers that an option of calibration did something to, or left out, in net order. */
export function calibrationEffects({
  quantizers,
  equalization,
  rounding,
  biasCorrection,
}: CalibrationResult): LayerEffect[] {
  const effects = new Map<string, LayerEffect>();
  const of = (layer: string): LayerEffect => {
    const known = effects.get(layer) ?? { layer, leftOut: [] };
    effects.set(layer, known);
    return known;
  };
  for (const { name, sqnr, ifmrSqnr } of quantizers) {
    if (sqnr !== undefined && ifmrSqnr !== undefined) of(name).input = { before: ifmrSqnr, after: sqnr };
  }
  for (const { layer, before, after } of equalization?.layers ?? []) of(layer).weights = { before, after };
  for (const { layer, before, after } of rounding?.layers ?? []) of(layer).rounding = { before, after };
  for (const { layer, before, after } of biasCorrection?.layers ?? []) of(layer).output = { before, after };
  for (const { layer, reason } of equalization?.leftOut ?? []) of(layer).leftOut.push(`equalization: ${reason}`);
  for (const { layer, reason } of rounding?.leftOut ?? []) of(layer).leftOut.push(`rounding: ${reason}`);
  for (const { layer, reason } of biasCorrection?.leftOut ?? []) of(layer).leftOut.push(`bias correction: ${reason}`);
  return [...effects.values()];
}

type Change = { before: number; after: number };

function gain(what: string, layers: readonly Change[]): string {
  if (layers.length === 0) return 'nothing changed';
  return `${what} from ${mean(layers, 'before')} to ${mean(layers, 'after')} dB in the mean`;
}

function others(leftOut: readonly unknown[]): string {
  return leftOut.length === 0 ? '' : `; ${counted(leftOut.length, 'layer')} left out, the report says why`;
}

const counted = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

const mean = (changes: readonly Change[], of: keyof Change): string =>
  (changes.reduce((sum, change) => sum + change[of], 0) / changes.length).toFixed(1);
