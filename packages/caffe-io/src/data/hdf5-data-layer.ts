import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { read } from '../fields/field-use.ts';
import { atLeast } from '../layer-type.ts';
import { checkBatch, checkRecords } from './batch-reader.ts';
import type { BatchReader } from './batch-reader.ts';
import { reportedAt, reportedLaterAt, settingDiagnostics } from './data-error.ts';
import { blobProblems, dataLayerType, dataPath, type DataSettings, sourceProblems } from './data-layer-type.ts';
import type { LayerPlace } from './data-error.ts';
import type { DataSourceOptions } from './data-source-options.ts';
import { Hdf5Rows } from './hdf5-rows.ts';
import { listedFiles, readListFile } from './list-file.ts';
import { shuffledOrder, storedOrder } from './record-order.ts';
import type { RecordOrder } from './record-order.ts';

/** What an HDF5Data layer says. */
interface Hdf5Settings extends DataSettings {
  readonly batchSize: number | undefined;
  /** The files, and the rows of each. */
  readonly isShuffled: boolean;
}

/**
 * Caffe's HDF5Data layer (hdf5_data_layer.cpp): a list names HDF5 files; each top is the data set of its name, of any rank,
 * its first axis the rows. Numbers of any kind become float32. `shuffle` shuffles the files, and the rows of each.
 */
export const hdf5DataLayer = dataLayerType({
  type: 'HDF5Data',
  bottoms: 0,
  tops: atLeast(1),
  fields: {
    hdf5_data_param: read('source', 'batch_size', 'shuffle'),
    // A transform_param is refused, as by Caffe.
    transform_param: true,
  },
  param: 'hdf5_data_param',
  describe: (top) => `the HDF5 data set '${top}' has it`,
  settings(layer): Hdf5Settings {
    const { hdf5_data_param: param, transform_param: transform } = layer;
    const { source, batch_size: batchSize, shuffle: isShuffled = false } = param ?? {};
    const hint = 'remove transform_param and store the data as the net wants them';
    return {
      name: layer.name ?? '',
      tops: layer.top ?? [],
      source,
      batchSize,
      isShuffled,
      problems: [
        ...sourceProblems('hdf5_data_param', source, batchSize ?? 0),
        ...blobProblems('an HDF5Data layer', layer, [1, Infinity], 'at least one top, named as the data set'),
        ...(transform ? [{ code: 'transform', message: 'HDF5Data does not transform data', hint }] : []),
      ],
    };
  },
  batchSize: ({ batchSize }) => batchSize,
  reads: ({ source }) => dataPath(source, { kind: 'hdf5', rootFolder: '' }),
  open: openHdf5DataLayer,
});

async function openHdf5DataLayer(settings: Hdf5Settings, options: DataSourceOptions): Promise<BatchReader> {
  const { name, tops: names, source, batchSize = 0, isShuffled } = settings;
  const place: LayerPlace = { layer: name, file: options.file, line: options.line };
  const problems = settingDiagnostics(place, 'error', settings.problems);
  if (!source || names.length === 0) throw new DiagnosticsError(problems);
  let rows: Hdf5Rows | undefined;
  try {
    rows = await reportedLaterAt(place, async () => {
      const listFile = options.resolvePath(source);
      const entries = readListFile(listFile, 'hdf5');
      const files = listedFiles(listFile, entries, { rootFolder: '', folders: options.folders ?? [] });
      return Hdf5Rows.open({ listFile, entries, files, names, isShuffled });
    });
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    problems.push(...error.diagnostics);
  }
  if (rows === undefined || problems.length > 0) throw new DiagnosticsError(problems);
  const order = isShuffled ? shuffledOrder(rows.groups, options.seed) : storedOrder(rows.rowCount);
  return new Hdf5BatchReader(rows, order, { place, names, batchSize });
}

class Hdf5BatchReader implements BatchReader {
  readonly tops: readonly { readonly name: string; readonly shape: number[] }[];
  readonly recordCount: number;
  readonly batchSize: number;
  readonly diagnostics: readonly Diagnostic[] = [];
  readonly #rows: Hdf5Rows;
  readonly #order: RecordOrder;
  readonly #place: LayerPlace;

  constructor(
    rows: Hdf5Rows,
    order: RecordOrder,
    { place, names, batchSize }: { place: LayerPlace; names: readonly string[]; batchSize: number },
  ) {
    this.#rows = rows;
    this.#order = order;
    this.#place = place;
    this.recordCount = rows.rowCount;
    this.batchSize = batchSize;
    this.tops = names.map((name, i) => ({ name, shape: [batchSize, ...rows.rowShapes[i]!] }));
  }

  async batch(index: number, size: number = this.batchSize): Promise<Float32Array[]> {
    checkBatch(index, size);
    return this.#read(index * size, size, this.#order);
  }

  async records(start: number, count: number): Promise<Float32Array[]> {
    checkRecords(start, count, this.recordCount);
    return this.#read(start, Math.min(count, this.recordCount - start), storedOrder(this.recordCount));
  }

  async close(): Promise<void> {
    // Files are open only while they are read.
  }

  #read(start: number, count: number, order: RecordOrder): Float32Array[] {
    const ordinals = Array.from({ length: count }, (_, i) => order.ordinal(start + i));
    return reportedAt(this.#place, () => this.#rows.read(ordinals));
  }
}
