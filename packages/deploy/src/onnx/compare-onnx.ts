import { buildNetGraph, type GraphLayer, readNetText, settingsOf } from '@caffe-quant/caffe-io';
import { type Batch, elementCount, type RunOutput, withOutputs } from '@caffe-quant/kernels';
import { argMax } from '@caffe-quant/kernels/layer-types';
import { type DeployFiles, IntegerModel } from '../integer/integer-model.ts';
import { BLOBS_KEY, OUTPUTS_KEY } from './int8-onnx.ts';
import { OnnxModel } from './onnx-model.ts';

/** How an output of the ONNX model compares with the integer simulation. */
export interface OnnxOutput {
  name: string;
  /** A free dimension is a name. */
  shape: readonly (number | string)[];
  /** Signal-to-noise ratio in dB, to a tenth; 200 where all is equal. */
  sqnr: number;
  /** The largest difference between two elements, to three digits. */
  largestDifference: number;
  /** Records with the same best class, or, of elements that are indices, equal ones. Absent for others. */
  same?: { count: number; of: number };
  /** The first layer from which on they differ by more than rounding explains, where they do. */
  differsFrom?: string;
}

export interface OnnxComparison {
  /** Records that were run. */
  records: number;
  opset: number;
  outputs: OnnxOutput[];
}

export interface ComparedOnnx {
  model: Uint8Array;
  files: DeployFiles;
  /** Path of the net that it all was made of, for messages. */
  file: string;
  /** Name of a blob that has class scores; what a Softmax makes has them anyway. */
  scores?: string | undefined;
}

/** Records to compare on. */
export interface OnnxRecords {
  recordCount: number;
  batchSize: number;
  records(start: number, count: number): Promise<Batch>;
}

/** At most that many records are compared, and at most that many elements of inputs: images of 224 x 224 are 55. */
const MOST_RECORDS = 256;
const MOST_ELEMENTS = 2 ** 23;

/**
 * Below this ratio rounding does not explain a difference: where a sum lies next to the border of two steps, float products
 * may round it to the other one, but of a thousand values that is less than one.
 */
const ROUNDING_DB = 30;
/** Likewise the share of indices that are the same. */
const ROUNDING_SHARE = 0.97;

/**
 * What a blob's elements are: scores of classes; whole numbers, which one step of a bottom may change altogether; such
 * numbers in the first half of each record and values in the second; or anything else.
 */
type Content = 'scores' | 'indices' | 'indices and values' | 'values';

function contentOf({ type, param }: GraphLayer): Content {
  if (type === 'Softmax') return 'scores';
  if (type === 'Threshold') return 'indices';
  if (type !== 'ArgMax') return 'values';
  const { axis, hasValues } = settingsOf(argMax, param);
  if (!hasValues) return 'indices';
  return axis === undefined ? 'indices and values' : 'values';
}

/**
 * Runs the ONNX model and the integer simulation on the same records, output by output.
 * @throws DiagnosticsError where the model cannot be opened or run, with the layer
 */
export async function compareOnnx(compared: ComparedOnnx, data: OnnxRecords): Promise<OnnxComparison> {
  const { model, files, file } = compared;
  const onnx = await OnnxModel.open(model, file);
  try {
    const { inputs, outputs, metadata, opset } = onnx.contents;
    const elements = inputs.reduce((sum, { shape }) => sum + elementCount(shape.slice(1).map(Number)), 0);
    const most = Math.max(1, Math.min(MOST_RECORDS, data.recordCount, Math.floor(MOST_ELEMENTS / elements)));
    const size = onnx.batchSize ?? Math.min(data.batchSize, most);
    const records = most - (most % size);
    const blobOf = JSON.parse(metadata[OUTPUTS_KEY]!) as Record<string, string>;
    const deployed = deployedBlobs(files);
    const sums = new Map(
      outputs.map(({ name, shape }) => {
        const content = blobOf[name] === compared.scores ? 'scores' : deployed.get(blobOf[name]!)!.content;
        return [name, new Sums(shape, content)] as const;
      }),
    );
    const integer = await IntegerModel.create({
      files,
      batchSize: size,
      outputs: outputs.map(({ name }) => deployed.get(blobOf[name]!)!.id),
    });
    try {
      for (let start = 0; start < records; start += size) {
        const batch = await data.records(start, size);
        const [actual, expected] = [await onnx.run(batch, size), await integer.run(batch)];
        for (const [name, sum] of sums) {
          sum.add(expected.get(deployed.get(blobOf[name]!)!.id)!, actual.get(name)!, size);
        }
      }
    } finally {
      await integer.close();
    }
    const results: OnnxOutput[] = [...sums].map(([name, sum]) => ({ name, ...sum.result() }));
    for (const result of results) {
      if (!sums.get(result.name)!.isBeyondRounding()) continue;
      result.differsFrom = await firstDifference(compared, data, size);
    }
    return { records, opset, outputs: results };
  } finally {
    await onnx.close();
  }
}

/** The first layer of the net whose top is not what the integer simulation has; '' where each by itself is. */
async function firstDifference({ model, files, file }: ComparedOnnx, data: OnnxRecords, size: number): Promise<string> {
  const deployed = deployedBlobs(files);
  const plain = await OnnxModel.open(model, file);
  const { metadata } = plain.contents;
  await plain.close();
  const tensors = JSON.parse(metadata[BLOBS_KEY]!) as Record<string, string>;
  const blobs = [...deployed].filter(([name]) => tensors[name] !== undefined);
  const onnx = await OnnxModel.open(withOutputs(model, [...new Set(Object.values(tensors))]), file);
  const integer = await IntegerModel.create({ files, batchSize: size, outputs: blobs.map(([, { id }]) => id) });
  try {
    const batch = await data.records(0, size);
    const [actual, expected] = [await onnx.run(batch, size), await integer.run(batch)];
    const found = blobs.find(([name, { id, content }]) => {
      const sums = new Sums([], content);
      sums.add(expected.get(id)!, actual.get(tensors[name]!)!, size);
      return sums.isBeyondRounding();
    });
    return found?.[1].layer ?? '';
  } finally {
    await onnx.close();
    await integer.close();
  }
}

interface DeployedBlob {
  id: string;
  /** The layer that writes it first, and what that makes; those that the deploy model puts in count as the layers before them. */
  layer: string;
  content: Content;
}

/** The blobs of the deploy model as its last layer leaves them, by name, in net order. */
function deployedBlobs({ prototxt: { text, file } }: DeployFiles): Map<string, DeployedBlob> {
  const { graph } = buildNetGraph(readNetText(text, file).net, { file, phase: 'TEST' });
  const blobs = new Map<string, DeployedBlob>();
  for (const layer of graph.layers) {
    for (const { id, name } of layer.tops) {
      const before = blobs.get(name) ?? (layer.type === 'DeQuant' ? blobs.get(layer.bottoms[0]!.name) : undefined);
      blobs.set(name, { layer: before?.layer ?? layer.name, content: before?.content ?? contentOf(layer), id });
    }
  }
  return blobs;
}

/** What is added up over the batches of an output. */
class Sums {
  readonly #shape: OnnxOutput['shape'];
  readonly #content: Content;
  #signal = 0;
  #noise = 0;
  #largest = 0;
  #same: OnnxOutput['same'];

  constructor(shape: OnnxOutput['shape'], content: Content) {
    this.#shape = shape;
    this.#content = content;
  }

  add(expected: RunOutput, actual: RunOutput, records: number): void {
    const [a, b] = [expected.data, actual.data];
    if (a.length !== b.length)
      throw new Error(`the ONNX model gives [${actual.shape.join()}], not [${expected.shape.join()}]`);
    const width = a.length / records;
    const isIndex = (i: number): boolean =>
      this.#content === 'indices' || (this.#content === 'indices and values' && i % width < width / 2);
    for (let i = 0; i < a.length; i++) {
      if (isIndex(i)) this.#count(a[i] === b[i] ? 1 : 0, 1);
      if (isIndex(i) && this.#content !== 'indices') continue;
      const difference = Math.abs(a[i]! - b[i]!);
      this.#signal += a[i]! * a[i]!;
      this.#noise += difference * difference;
      this.#largest = Math.max(this.#largest, difference);
    }
    const isRow = expected.shape[0] === records && expected.shape[1] === width && width > 1;
    if (this.#content === 'scores' && isRow) {
      const rows = Array.from({ length: records }, (_, row) =>
        [a, b].map((data) => best(data.subarray(row * width, (row + 1) * width))),
      );
      this.#count(rows.filter(([x, y]) => x === y).length, records);
    }
  }

  #count(count: number, of: number): void {
    this.#same = { count: (this.#same?.count ?? 0) + count, of: (this.#same?.of ?? 0) + of };
  }

  isBeyondRounding(): boolean {
    const hasIndices = this.#content.startsWith('indices');
    if (hasIndices && this.#same!.count / this.#same!.of < ROUNDING_SHARE) return true;
    return this.#content !== 'indices' && this.#ratio() < ROUNDING_DB;
  }

  result(): Omit<OnnxOutput, 'name'> {
    return {
      shape: this.#shape,
      sqnr: Math.round(this.#ratio() * 10) / 10,
      largestDifference: Number(this.#largest.toPrecision(3)),
      ...(this.#same && { same: this.#same }),
    };
  }

  #ratio(): number {
    if (this.#noise === 0) return 200;
    const ratio = 10 * Math.log10(this.#signal / this.#noise);
    // Not a number, in one of the two, is as far apart as can be.
    return Number.isNaN(ratio) ? -200 : Math.max(-200, Math.min(200, ratio));
  }
}

const best = (row: Float32Array): number => row.reduce((found, value, i) => (value > row[found]! ? i : found), 0);
