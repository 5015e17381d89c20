import type { Diagnostic } from 'caffe-prototxt-parser';
import { type Blob, elementCount } from '../blob/blob.ts';
import type { Caffemodel } from './caffemodel.ts';

/** The parameter blobs that a layer of the net has, by its shape rule. */
export interface ExpectedWeights {
  layer: string;
  shapes: readonly (readonly number[])[];
}

/** How the weights of a file fit a net. */
export interface WeightMatch {
  /** The blobs of every layer that fits, with the net's shapes. Their numbers are those of the caffemodel. */
  matched: Map<string, Blob[]>;
  /** Layers of the net that the file has no blobs for. */
  missing: string[];
  /** Layers of the file with blobs that the net does not have, or that have none there. */
  extra: string[];
  /** Blobs that do not fit. */
  mismatched: BlobMismatch[];
}

export interface BlobMismatch {
  layer: string;
  /** Of the blob in its layer. */
  index: number;
  /** Absent where the net has no such blob. */
  expected?: readonly number[];
  /** Absent where the file has no such blob. */
  found?: readonly number[];
  /** Numbers in the file. */
  count: number;
}

/**
 * Matches the weights of a file to the layers of a net by name, as Caffe's Net::CopyTrainedLayersFrom does; of several
 * layers of one name in the file the last counts. Axes of 1 in front make no difference, since blobs of before 2014 always
 * have four axes ([1, 1, 1, N] for a bias), and a blob without a shape fits by its count.
 */
export function matchWeights(expected: readonly ExpectedWeights[], model: Caffemodel): WeightMatch {
  const inFile = new Map(
    model.layers.filter(({ blobs }) => blobs.length > 0).map((layer) => [layer.name, layer] as const),
  );
  const match: WeightMatch = { matched: new Map(), missing: [], extra: [], mismatched: [] };
  const wanted = expected.filter(({ shapes }) => shapes.length > 0);
  for (const { layer, shapes } of wanted) {
    const found = inFile.get(layer);
    if (found === undefined) {
      match.missing.push(layer);
      continue;
    }
    const mismatched = compare(layer, shapes, found.blobs);
    match.mismatched.push(...mismatched);
    if (mismatched.length === 0)
      match.matched.set(
        layer,
        found.blobs.map((blob, i) => withShape(blob, shapes[i] ?? [])),
      );
  }
  const names = new Set(wanted.map(({ layer }) => layer));
  match.extra = [...inFile.keys()].filter((name) => !names.has(name));
  return match;
}

function compare(layer: string, shapes: ExpectedWeights['shapes'], blobs: readonly Blob[]): BlobMismatch[] {
  return Array.from({ length: Math.max(shapes.length, blobs.length) }, (_, index): BlobMismatch | undefined => {
    const expected = shapes[index];
    const blob = blobs[index];
    if (expected !== undefined && blob !== undefined && fits(blob, expected)) return undefined;
    return {
      layer,
      index,
      count: blob?.data.length ?? 0,
      ...(expected === undefined ? {} : { expected }),
      ...(blob === undefined ? {} : { found: blob.shape }),
    };
  }).filter((mismatch) => mismatch !== undefined);
}

function fits(blob: Blob, expected: readonly number[]): boolean {
  if (blob.data.length !== elementCount(expected)) return false;
  if (blob.form?.shape === 'none') return true;
  const [a, b] = [withoutLeadingOnes(blob.shape), withoutLeadingOnes(expected)];
  return a.length === b.length && a.every((axis, index) => axis === b[index]);
}

function withoutLeadingOnes(shape: readonly number[]): readonly number[] {
  const first = shape.findIndex((axis) => axis !== 1);
  return first === -1 ? [] : shape.slice(first);
}

function withShape(blob: Blob, shape: readonly number[]): Blob {
  if (blob.shape.length === shape.length && blob.form?.shape === undefined) return blob;
  const { form, ...rest } = blob;
  return { ...rest, shape: [...shape], ...(form?.float16 === true ? { form: { float16: true } } : {}) };
}

export interface WeightPlaces {
  /** The caffemodel. */
  weightsFile: string;
  /** The prototxt. */
  netFile: string;
  /** Line of a layer there. */
  lineOf?: (layer: string) => number | undefined;
}

/**
 * What does not fit, as diagnostics at the layers of the prototxt: missing and mismatched weights are errors, extra ones
 * warnings in the caffemodel.
 */
export function weightDiagnostics(match: WeightMatch, { weightsFile, netFile, lineOf }: WeightPlaces): Diagnostic[] {
  const at = (layer: string) => {
    const line = lineOf?.(layer);
    return { severity: 'error', file: netFile, layer, ...(line === undefined ? {} : { line }) } as const;
  };
  const missing = match.missing.map((layer): Diagnostic => {
    const message = `layer "${layer}" has weights, but ${weightsFile} has none for it`;
    return { ...at(layer), code: 'missing-weights', message, hint: 'weights go by layer name' };
  });
  const mismatched = match.mismatched.map((mismatch): Diagnostic => {
    return { ...at(mismatch.layer), code: 'weights-shape', message: describe(mismatch, weightsFile) };
  });
  const extra = match.extra.map((layer): Diagnostic => {
    const message = `the weights of layer "${layer}" are not used: the net has no such layer with weights`;
    return { code: 'extra-weights', severity: 'warning', message, file: weightsFile, layer };
  });
  return [...missing, ...mismatched, ...extra];
}

function describe({ layer, index, expected, found, count }: BlobMismatch, weightsFile: string): string {
  const blob = `blob ${index} of layer "${layer}"`;
  if (expected === undefined) return `${weightsFile} has a ${blob} ([${found?.join(', ') ?? ''}]), the net has not`;
  const net = `${blob} is [${expected.join(', ')}] in the net`;
  if (found === undefined) return `${net}, ${weightsFile} has not got it`;
  const numbers = count === elementCount(found) ? '' : ` with ${count} numbers`;
  return `${net}, [${found.join(', ')}]${numbers} in ${weightsFile}`;
}
