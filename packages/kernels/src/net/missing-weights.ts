import { type GraphLayer, LayerError } from '@caffe-quant/caffe-io';
import { type Diagnostic, formatFloat, nearest } from 'caffe-prototxt-parser';
import { fill } from '../fillers/fill.ts';
import { randomOf } from '../fillers/random.ts';
import { type ParamSpec } from '../layers/layer.ts';

/** A layer with blobs that a caffemodel has not. */
export interface MissingWeights {
  layer: GraphLayer;
  /** Its name in the file, where another layer of that name got what the file has. */
  nameOfOther: string | undefined;
  blobs: readonly (ParamSpec & { key: string; index: number })[];
  /** The BatchNorm that a Scale stands behind, where the file has its statistics. */
  trainedBatchNorm?: string | undefined;
}

/** Names for the messages. */
export interface MissingPlaces {
  weightsFile: string;
  netFile: string;
  /** Layers of the file that the net does not have. */
  extra: readonly string[];
}

/** Fillers that always give the same numbers. */
const DETERMINISTIC: ReadonlySet<string> = new Set(['constant', 'bilinear']);

/** Layers that zeros leave as useful as any other number. */
const addsOrBends = ({ type, bottoms }: GraphLayer): boolean =>
  type === 'Bias' || type === 'PReLU' || (type === 'Scale' && bottoms.length > 1);

/**
 * Fills the blobs that a caffemodel has not, as Caffe does: a layer that is not in the file stays as its fillers made it.
 * Only where that can be what was meant: a filler of random numbers, none at all for weights, and BatchNorm without
 * statistics are errors.
 *
 * @returns the blobs by key, and a note for every layer that was filled
 */
export function fillMissing(
  missing: readonly MissingWeights[],
  places: MissingPlaces,
): { filled: Map<string, Float32Array>; diagnostics: Diagnostic[] } {
  const filled = new Map<string, Float32Array>();
  const diagnostics = missing.flatMap((each) => fillLayer(each, places, filled));
  return { filled, diagnostics };
}

function fillLayer(missing: MissingWeights, places: MissingPlaces, filled: Map<string, Float32Array>): Diagnostic[] {
  const { layer, blobs, nameOfOther } = missing;
  const { name, line } = layer;
  const at = { file: places.netFile, layer: name, ...(line === undefined ? {} : { line }) };
  const absent =
    nameOfOther === undefined
      ? `${places.weightsFile} has no weights for layer "${name}"`
      : `the weights of "${nameOfOther}" in ${places.weightsFile} are those of another layer of this name`;
  const reason = whyNotFilled(missing);
  if (reason !== undefined) {
    const near = nearest(name, places.extra);
    const hint =
      near === undefined ? 'weights go by layer name' : `weights go by layer name: the file has "${near}", unused`;
    return [{ ...at, code: 'missing-weights', severity: 'error', message: `${absent}, and ${reason}`, hint }];
  }
  try {
    for (const { key, filler, shape } of blobs) filled.set(key, fill(filler, shape, randomOf(key)));
  } catch (error) {
    if (!(error instanceof LayerError)) throw error;
    return [{ ...at, code: 'missing-weights', severity: 'error', message: `${absent}, and ${error.message}` }];
  }
  const what = blobs.map(({ index, shape, filler }) => {
    const numbers =
      filler?.type === 'bilinear' ? 'bilinear interpolation' : `the constant ${formatFloat(filler?.value ?? 0)}`;
    return `blob ${index} [${shape.join(', ')}] with ${numbers}`;
  });
  const message = `${absent}: its fillers fill them, as in Caffe: ${what.join(', ')}`;
  const weights = blobs.find(({ index }) => index === 0);
  if (weights && !addsOrBends(layer) && filled.get(weights.key)!.every((value) => value === 0)) {
    const hint = 'a layer whose weights are all 0 gives nothing but its biases: is it the right file?';
    return [{ ...at, code: 'filled-with-zeros', severity: 'warning', message, hint }];
  }
  if (missing.trainedBatchNorm !== undefined) {
    const hint = `the file has the statistics of "${missing.trainedBatchNorm}": its scale and bias are behind them in the same layer (scale_bias, five blobs), or in a layer of another name`;
    return [{ ...at, code: 'filled-scale', severity: 'warning', message, hint }];
  }
  return [{ ...at, code: 'filled-weights', severity: 'info', message }];
}

function whyNotFilled({ layer, blobs }: MissingWeights): string | undefined {
  if (layer.type === 'BatchNorm')
    return 'without statistics BatchNorm takes mean and variance for 0 and multiplies by 1 / sqrt(eps)';
  const random = blobs.find(({ filler }) => !DETERMINISTIC.has(filler?.type ?? 'constant'));
  if (random) return `its filler '${random.filler?.type}' makes random ones, which no trained model has`;
  const unfilled = blobs.some(({ index, filler }) => index === 0 && filler === undefined);
  return unfilled ? 'without a filler all of them are 0' : undefined;
}
