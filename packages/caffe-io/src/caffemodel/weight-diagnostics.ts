import type { Diagnostic } from 'caffe-prototxt-parser';
import { elementCount } from '../blob/blob.ts';
import type { BlobMismatch, WeightMatch } from './match-weights.ts';

export interface WeightPlaces {
  /** The caffemodel. */
  weightsFile: string;
  /** The prototxt. */
  netFile: string;
  /** Line of a layer there. */
  lineOf?: (layer: string) => number | undefined;
}

/**
 * What does not fit, as diagnostics: blobs of another shape or number are errors at the layers of the prototxt, and so is
 * a file that has nothing of the net; numbers that came twice are warnings, layers that the net does not have worth
 * knowing. What the file has not got is not among it: a filler may have it.
 */
export function weightDiagnostics(match: WeightMatch, { weightsFile, netFile, lineOf }: WeightPlaces): Diagnostic[] {
  if (isForeign(match)) return [foreign(match, weightsFile, netFile)];
  const mismatched = match.mismatched.map((mismatch): Diagnostic => {
    const line = lineOf?.(mismatch.layer);
    return {
      code: 'weights-shape',
      severity: 'error',
      message: describe(mismatch, weightsFile),
      file: netFile,
      ...(line === undefined ? {} : { line }),
      layer: mismatch.layer,
    };
  });
  const replaced = match.replaced.map(({ layer, by }): Diagnostic => {
    const message =
      layer === by
        ? `there are several layers "${layer}" with weights of their own: the last one counts, as in Caffe`
        : `the layers "${layer}" and "${by}" share weights in ${netFile}, but have different ones here: those of "${by}", which come last, count, as in Caffe`;
    return { code: 'weights-twice', severity: 'warning', message, file: weightsFile, layer: by };
  });
  return [...mismatched, ...replaced, ...unused(match, weightsFile, netFile)];
}

const isForeign = ({ found, missing, mismatched }: WeightMatch): boolean =>
  found.size === 0 && mismatched.length === 0 && missing.length > 0;

function foreign({ extra, missing }: WeightMatch, weightsFile: string, netFile: string): Diagnostic {
  if (extra.length === 0) {
    const message = 'the file has no weights, only the description of a net';
    const hint = 'give the file that training wrote';
    return { code: 'no-weights', severity: 'error', message, file: weightsFile, hint };
  }
  const message = `none of the layers with weights here is in ${netFile}: these are another net's`;
  const wanted = missing.map(({ layer }) => layer);
  const hint = `weights go by layer name; here: ${listed(extra)}; in the net: ${listed(wanted)}`;
  return { code: 'foreign-weights', severity: 'error', message, file: weightsFile, hint };
}

function unused({ extra }: WeightMatch, weightsFile: string, netFile: string): Diagnostic[] {
  if (extra.length === 0) return [];
  const message = `the weights of layers that ${netFile} does not have are not used: ${listed(extra)}`;
  return [{ code: 'extra-weights', severity: 'info', message, file: weightsFile }];
}

/** More names than these say no more. */
const SHOWN_NAMES = 6;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).map((name) => `"${name}"`);
  const rest = names.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function describe({ layer, index, expected, found, count }: BlobMismatch, weightsFile: string): string {
  const blob = `blob ${index} of layer "${layer}"`;
  if (expected === undefined) return `${weightsFile} has a ${blob} ([${found?.join(', ') ?? ''}]), the net has not`;
  const net = `${blob} is [${expected.join(', ')}] in the net`;
  if (found === undefined) return `${net}, ${weightsFile} has the layer without it`;
  const numbers = count === elementCount(found) ? '' : ` with ${count} numbers`;
  return `${net}, [${found.join(', ')}]${numbers} in ${weightsFile}`;
}
