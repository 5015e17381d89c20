import { type Blob, elementCount, isAbsent } from '../blob/blob.ts';
import type { Caffemodel, CaffemodelLayer } from './caffemodel.ts';

/** A parameter blob as a layer of the net sees it. */
export interface ExpectedBlob {
  /** Which blob it is: layers that share one have the same key for it. */
  key: string;
  /** As this layer has it: layers that share permissively may see one blob in several shapes. */
  shape: readonly number[];
  /** Whether an earlier parameter owns it, by `param { name }`. */
  shared: boolean;
}

/** The parameter blobs of a layer, by its shape rule; a layer without any has its name taken all the same. */
export interface ExpectedWeights {
  layer: string;
  /** The name by which the file knows the layer, where that is another. */
  writtenName?: string;
  blobs: readonly ExpectedBlob[];
}

/** How the weights of a file fit a net. */
export interface WeightMatch {
  /** The blobs that the file has, by key, in the shape of a layer that they are there for. Their numbers are those of the caffemodel. */
  found: Map<string, Blob>;
  /** Layers that own blobs which the file has not: the layer itself is not in the file, or another of its name got those. */
  missing: { layer: string; indices: number[] }[];
  /** Layers of the file with blobs that the net does not have. */
  extra: string[];
  /** Blobs that do not fit. */
  mismatched: BlobMismatch[];
  /** Layers of the file whose numbers a later layer replaced by others. */
  replaced: { layer: string; by: string }[];
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
 * Copies the weights of a file into the layers of a net by name, as Caffe does: one layer of the file after the other, each
 * into the first layer of its name, from an HDF5 file into the last. A blob that layers share is one blob, so of several
 * layers of the file that write it the last stands. A layer may come without a blob only where another layer of the file
 * has it. Source: BVLC Caffe, Net::CopyTrainedLayersFrom and CopyTrainedLayersFromHDF5 in src/caffe/net.cpp.
 *
 * More than Caffe does: axes of 1 in front make no difference, since blobs of before 2014 always have four axes
 * ([1, 1, 1, N] for a bias), and a blob without a shape fits by its count.
 */
export function matchWeights(expected: readonly ExpectedWeights[], model: Caffemodel): WeightMatch {
  const copy = new WeightCopy(expected, model.format === 'hdf5');
  for (const layer of model.layers) copy.add(layer);
  return copy.finish();
}

class WeightCopy {
  readonly #match: WeightMatch = { found: new Map(), missing: [], extra: [], mismatched: [], replaced: [] };
  readonly #expected: readonly ExpectedWeights[];
  readonly #targets = new Map<string, ExpectedWeights>();
  /** The layer of the file that a blob is from, by key. */
  readonly #origins = new Map<string, string>();
  /** Blobs that layers of the file come without. */
  readonly #lacking: { layer: string; index: number; blob: ExpectedBlob }[] = [];

  constructor(expected: readonly ExpectedWeights[], lastOfName: boolean) {
    this.#expected = expected;
    for (const layer of expected) {
      const name = layer.writtenName ?? layer.layer;
      if (lastOfName || !this.#targets.has(name)) this.#targets.set(name, layer);
    }
  }

  add({ name, blobs }: CaffemodelLayer): void {
    const target = this.#targets.get(name);
    if (target === undefined) {
      if (blobs.length > 0 && !this.#match.extra.includes(name)) this.#match.extra.push(name);
      return;
    }
    const { layer } = target;
    blobs.slice(target.blobs.length).forEach(({ shape, data }, i) => {
      const index = target.blobs.length + i;
      this.#match.mismatched.push({ layer, index, found: shape, count: data.length });
    });
    const replaced = new Set<string>();
    target.blobs.forEach((expected, index) => {
      const blob = blobs[index];
      if (blob === undefined || isAbsent(blob)) this.#lacking.push({ layer, index, blob: expected });
      else if (fits(blob, expected.shape)) {
        const before = this.#origins.get(expected.key);
        if (before !== undefined && !sameNumbers(this.#match.found.get(expected.key)!, blob)) replaced.add(before);
        this.#match.found.set(expected.key, withShape(blob, expected.shape));
        this.#origins.set(expected.key, name);
      } else {
        const { shape, data } = blob;
        this.#match.mismatched.push({ layer, index, expected: expected.shape, found: shape, count: data.length });
      }
    });
    this.#match.replaced.push(...[...replaced].map((before) => ({ layer: before, by: name })));
  }

  finish(): WeightMatch {
    const { found, mismatched, missing } = this.#match;
    const unfit = new Set(mismatched.map(({ layer, index }) => `${layer}/${index}`));
    for (const { layer, index, blob } of this.#lacking) {
      if (blob.shared || found.has(blob.key)) continue;
      unfit.add(`${layer}/${index}`);
      mismatched.push({ layer, index, expected: blob.shape, count: 0 });
    }
    for (const { layer, blobs } of this.#expected) {
      const isMissing = (index: number) =>
        !blobs[index]!.shared && !found.has(blobs[index]!.key) && !unfit.has(`${layer}/${index}`);
      const indices = [...blobs.keys()].filter(isMissing);
      if (indices.length > 0) missing.push({ layer, indices });
    }
    return this.#match;
  }
}

function sameNumbers(a: Blob, b: Blob): boolean {
  return a.data.length === b.data.length && a.data.every((value, i) => Object.is(value, b.data[i]));
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
