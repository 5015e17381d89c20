import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { describeNotFinite, findNotFinite } from '../blob/not-finite.ts';
import { layerDiagnostic, reportedLaterAt } from './data-error.ts';
import type { LayerPlace } from './data-error.ts';
import type { Datum } from './datum.ts';
import type { Preparation } from './image-steps.ts';
import { ImageError } from './image/image-error.ts';
import { storedOrder } from './record-order.ts';
import type { RecordOrder } from './record-order.ts';
import type { DataTransformer, RecordShape } from './transform.ts';

/** The data of one data layer, transformed, batch by batch. */
export interface BatchReader {
  /**
   * The layer's tops with their shapes at `batchSize`: the data [N, C, H, W], then the labels [N] where asked for. Of
   * HDF5Data, data sets of any shape that begins with N.
   */
  readonly tops: readonly { readonly name: string; readonly shape: number[] }[];
  readonly recordCount: number;
  readonly batchSize: number;
  /** Warnings about settings that have no effect. */
  readonly diagnostics: readonly Diagnostic[];

  /**
   * One batch as Caffe's layer walks: it holds the records at the positions index * size + j of the walk, which goes on
   * at the first record after the last. Batches may be asked for in any order, and again: the same come back.
   *
   * @param index 0 for the first batch
   * @param size records in each batch; the layer's own `batch_size` where not given
   * @returns one array per top
   * @throws DiagnosticsError at the layer where a record cannot be used
   */
  batch(index: number, size?: number): Promise<Float32Array[]>;

  /**
   * For evaluation, each record once, as they are stored: those from `start`, at most `count` of them, fewer at the end.
   *
   * @returns one array per top
   */
  records(start: number, count: number): Promise<Float32Array[]>;

  /** Gives the files back. The reader is of no use afterwards. */
  close(): Promise<void>;
}

/** @throws RangeError where there is no such batch */
export function checkBatch(index: number, size: number): void {
  if (Number.isSafeInteger(index) && index >= 0 && Number.isSafeInteger(size) && size >= 1) return;
  throw new RangeError(`batch ${index} of ${size} records`);
}

/** @throws RangeError where a data set has no such records */
export function checkRecords(start: number, count: number, recordCount: number): void {
  if (Number.isSafeInteger(start) && start >= 0 && start <= recordCount && count >= 0) return;
  throw new RangeError(`${count} records from ${start} of ${recordCount}`);
}

/** Records, whatever they are kept in. */
export interface RecordSource {
  readonly recordCount: number;
  /**
   * @returns the records of these numbers, in this order
   * @throws DiagnosticsError where one of them cannot be used
   */
  datums(ordinals: readonly number[]): Promise<Datum[]>;
  /** What a message calls a record. */
  describe(ordinal: number): string;
  close(): Promise<void>;
}

/** Records held at once, beside the batch: encoded ones may be many times as large as what is cut out of them. */
const AT_ONCE = 16;

export interface RecordBatchOptions {
  readonly place: LayerPlace;
  /** Names of one or two tops: data, labels. */
  readonly tops: readonly string[];
  readonly batchSize: number;
  readonly order: RecordOrder;
  /** Absent: records are cropped as they are. */
  readonly prepare?: Preparation | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** What to do where a record is not as the first one. */
  readonly shapeHint: string;
}

/** Batches of the records of a source. */
export class RecordBatchReader implements BatchReader {
  readonly tops: readonly { readonly name: string; readonly shape: number[] }[];
  readonly recordCount: number;
  readonly batchSize: number;
  /** After the transformation. */
  readonly recordShape: RecordShape;
  readonly diagnostics: readonly Diagnostic[];
  readonly #source: RecordSource;
  readonly #transformer: DataTransformer;
  readonly #place: LayerPlace;
  readonly #order: RecordOrder;
  readonly #prepare: Preparation;
  readonly #shapeHint: string;

  constructor(source: RecordSource, transformer: DataTransformer, options: RecordBatchOptions) {
    this.#source = source;
    this.#transformer = transformer;
    this.#place = options.place;
    this.#order = options.order;
    this.#prepare = options.prepare ?? ((datum) => datum);
    this.#shapeHint = options.shapeHint;
    this.batchSize = options.batchSize;
    this.recordCount = source.recordCount;
    this.recordShape = transformer.outputShape;
    this.diagnostics = options.diagnostics;
    this.tops = options.tops.map((name, i) => ({
      name,
      shape: i === 0 ? [this.batchSize, ...this.recordShape] : [this.batchSize],
    }));
  }

  async batch(index: number, size: number = this.batchSize): Promise<Float32Array[]> {
    checkBatch(index, size);
    return this.#read(index * size, size, this.#order);
  }

  async records(start: number, count: number): Promise<Float32Array[]> {
    checkRecords(start, count, this.recordCount);
    return this.#read(start, Math.min(count, this.recordCount - start), storedOrder(this.recordCount));
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async #read(start: number, count: number, order: RecordOrder): Promise<Float32Array[]> {
    const recordSize = this.recordShape.reduce((a, b) => a * b);
    const data = new Float32Array(count * recordSize);
    const labels = new Float32Array(count);
    for (let done = 0; done < count; done += AT_ONCE) {
      const length = Math.min(AT_ONCE, count - done);
      const ordinals = Array.from({ length }, (_, i) => order.ordinal(start + done + i));
      const datums = await reportedLaterAt(this.#place, () => this.#source.datums(ordinals));
      datums.forEach((datum, i) => {
        const position = start + done + i;
        const { channels, height, width, pixels, label } = this.#prepared(datum, position, ordinals[i]!);
        const shape: RecordShape = [channels, height, width];
        const problem = this.#transformer.recordProblem(shape);
        const record = () => this.#source.describe(ordinals[i]!);
        if (problem !== undefined) throw this.#error('datum-shape', `${record()} ${problem}`, this.#shapeHint);
        // Bytes are finite; mean and scale were looked at when the layer was opened.
        const broken = pixels instanceof Float32Array && findNotFinite(pixels);
        if (broken) {
          const hint = 'write the record anew, or leave it out';
          throw this.#error('not-finite', `of ${record()} ${describeNotFinite(broken, shape)}`, hint);
        }
        this.#transformer.transform(pixels, position, data, (done + i) * recordSize, shape);
        labels[done + i] = label;
      });
    }
    return [data, labels].slice(0, this.tops.length);
  }

  #prepared(datum: Datum, position: number, ordinal: number): Datum {
    try {
      return this.#prepare(datum, position);
    } catch (error) {
      if (error instanceof ImageError)
        throw this.#error('datum-shape', `${this.#source.describe(ordinal)} ${error.message}`, this.#shapeHint);
      throw error;
    }
  }

  #error(code: string, message: string, hint: string): DiagnosticsError {
    return new DiagnosticsError([layerDiagnostic(this.#place, 'error', code, message, hint)]);
  }
}
