import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { layerDiagnostic, reportedAt } from './data-error.ts';
import type { LayerPlace } from './data-error.ts';
import type { Datum } from './datum.ts';
import type { DataTransformer, RecordShape } from './transform.ts';

/** The data of one data layer, transformed, batch by batch. */
export interface BatchReader {
  /** The layer's tops with their shapes at `batchSize`: the data [N, C, H, W], then the labels [N] where asked for. */
  readonly tops: readonly { readonly name: string; readonly shape: number[] }[];
  readonly recordCount: number;
  readonly batchSize: number;
  /** [C, H, W] after the transformation. */
  readonly recordShape: RecordShape;
  /** Warnings about settings that have no effect. */
  readonly diagnostics: readonly Diagnostic[];

  /**
   * One batch as Caffe's Data layer walks: it holds the records (index * size + j) mod recordCount, going on at
   * the first record after the last. Batches may be asked for in any order, and again: the same come back.
   *
   * @param index 0 for the first batch
   * @param size records in each batch; the layer's own `batch_size` where not given
   * @returns one array per top
   * @throws DiagnosticsError at the layer where a record cannot be used
   */
  batch(index: number, size?: number): Promise<Float32Array[]>;

  /**
   * For evaluation, each record once: the records from `start`, at most `count` of them, fewer at the end.
   *
   * @returns one array per top
   */
  records(start: number, count: number): Promise<Float32Array[]>;

  /** Gives the files back. The reader is of no use afterwards. */
  close(): void;
}

/** Records in a fixed order, whatever they are kept in. */
export interface RecordSource {
  readonly recordCount: number;
  /** @throws DiagnosticsError where the record cannot be used */
  datum(ordinal: number): Datum;
  close(): void;
}

export interface RecordBatchOptions {
  readonly place: LayerPlace;
  /** Names of one or two tops: data, labels. */
  readonly tops: readonly string[];
  readonly batchSize: number;
  /** Of each record, before the transformation. */
  readonly shape: RecordShape;
  readonly diagnostics: readonly Diagnostic[];
}

/** Batches of the records of a source. */
export class RecordBatchReader implements BatchReader {
  readonly tops: readonly { readonly name: string; readonly shape: number[] }[];
  readonly recordCount: number;
  readonly batchSize: number;
  readonly recordShape: RecordShape;
  readonly diagnostics: readonly Diagnostic[];
  readonly #source: RecordSource;
  readonly #transformer: DataTransformer;
  readonly #place: LayerPlace;
  readonly #shape: RecordShape;

  constructor(source: RecordSource, transformer: DataTransformer, options: RecordBatchOptions) {
    this.#source = source;
    this.#transformer = transformer;
    this.#place = options.place;
    this.#shape = options.shape;
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
    if (!Number.isSafeInteger(index) || index < 0 || !Number.isSafeInteger(size) || size < 1) {
      throw new RangeError(`batch ${index} of ${size} records`);
    }
    return this.#read(index * size, size);
  }

  async records(start: number, count: number): Promise<Float32Array[]> {
    if (!Number.isSafeInteger(start) || start < 0 || start > this.recordCount || !(count >= 0)) {
      throw new RangeError(`${count} records from ${start} of ${this.recordCount}`);
    }
    return this.#read(start, Math.min(count, this.recordCount - start));
  }

  close(): void {
    this.#source.close();
  }

  #read(start: number, count: number): Float32Array[] {
    const [channels, height, width] = this.recordShape;
    const recordSize = channels * height * width;
    const data = new Float32Array(count * recordSize);
    const labels = new Float32Array(count);
    for (let j = 0; j < count; j++) {
      const position = start + j;
      const datum = reportedAt(this.#place, () => this.#source.datum(position % this.recordCount));
      this.#checkShape(datum, position % this.recordCount);
      this.#transformer.transform(datum.pixels, position, data, j * recordSize);
      labels[j] = datum.label;
    }
    return [data, labels].slice(0, this.tops.length);
  }

  #checkShape(datum: Datum, ordinal: number): void {
    const [channels, height, width] = this.#shape;
    if (datum.channels === channels && datum.height === height && datum.width === width) return;
    const found = [datum.channels, datum.height, datum.width].join(', ');
    const message = `record ${ordinal} has the shape [${found}], but the first record has [${this.#shape.join(', ')}]`;
    const hint = 'resize the images when the data set is made';
    throw new DiagnosticsError([layerDiagnostic(this.#place, 'error', 'datum-shape', message, hint)]);
  }
}
