import type { Diagnostic } from 'caffe-prototxt-parser';
import type { DataParameter, LayerParameter } from '../generated/caffe.ts';
import { read } from '../fields/field-use.ts';
import type { BatchReader } from './batch-reader.ts';
import { layerDiagnostic } from './data-error.ts';
import { dataPath, type DataLayerType } from './data-layer-type.ts';
import type { LayerPlace } from './data-error.ts';
import type { DataSourceOptions } from './data-source-options.ts';
import { DatumRecords } from './datum-records.ts';
import type { ColorMode } from './image/color-mode.ts';
import { openDatabase } from './open-database.ts';
import {
  ignoredSetting,
  movedSettings,
  openRecords,
  settingsForBoxes,
  transformParamProblems,
} from './open-records.ts';
import { type RecordOrder, shuffledOrder, storedFirst, storedOrder } from './record-order.ts';
import { READING, TRANSFORM_FIELDS } from './transform-fields.ts';

/**
 * Caffe's Data layer (data_layer.cpp): Datum records of an LMDB or a LevelDB, walked in key order over and over. As in
 * Caffe 1.0, `rand_skip` and `prefetch` change nothing of what is read; `shuffle` is of forks. Encoded images keep their channels unless
 * `force_color`, `force_gray` or, as in Caffe before 1.0, `force_encoded_color` say otherwise.
 */
export const dataLayer: DataLayerType = {
  type: 'Data',
  bottoms: 0,
  tops: [1, 2],
  fields: {
    data_param: {
      ...read('source', 'batch_size', 'backend', 'force_encoded_color', 'rand_skip', 'shuffle', 'cache'),
      // Those of before 1.0, which are warned of.
      ...read('scale', 'mean_file', 'crop_size', 'mirror'),
      prefetch: READING,
      threads: READING,
      parser_threads: READING,
      precache: READING,
    },
    transform_param: TRANSFORM_FIELDS,
  },
  param: 'data_param',
  hasImages: true,
  batchSize: (layer) => layer.data_param?.batch_size,
  reads: ({ data_param: data, transform_param: transform }) => [
    ...dataPath(data?.source),
    ...dataPath(transform?.mean_file),
  ],
  open: openDataLayer,
};

async function openDataLayer(layer: LayerParameter, options: DataSourceOptions): Promise<BatchReader> {
  const place: LayerPlace = { layer: layer.name ?? '', file: options.file, line: options.line };
  // LEVELDB is the default: prototxts from before there was a choice have it.
  const { source, batch_size: batchSize = 0, backend = 'LEVELDB' }: Partial<DataParameter> = layer.data_param ?? {};
  const open = async (path: string) => {
    const database = await openDatabase(options.resolvePath(path), backend);
    return new DatumRecords(database, colorMode(layer));
  };
  return openRecords(layer, options, {
    place,
    batchSize,
    problems: checkParameters(layer, place),
    warnings: withoutEffect(layer, place),
    open: source ? () => open(source) : undefined,
    order: (count) => recordOrder(layer, count, options),
    shapeHint: 'resize the images by resize_param or when the data set is made, or set crop_size',
  });
}

/** A `data_param` with the fields of forks that are read. */
interface ShuffledData extends Partial<DataParameter> {
  /** Of intel/caffe, NVIDIA's and yjxiong's: each pass in an order of its own. */
  readonly shuffle?: boolean;
  /** NVIDIA's keep the records of TRAIN in memory, and shuffle those: not in the first pass. */
  readonly cache?: boolean;
}

/** Source: data_reader.cpp of the forks. */
function recordOrder({ data_param }: LayerParameter, count: number, { phase, seed }: DataSourceOptions): RecordOrder {
  const { shuffle = false, cache = false }: ShuffledData = data_param ?? {};
  if (!shuffle || (cache && phase === 'TEST')) return storedOrder(count);
  const shuffled = shuffledOrder([count], seed);
  return cache ? storedFirst(shuffled, count) : shuffled;
}

function colorMode({ data_param: data, transform_param: transform }: LayerParameter): ColorMode {
  if (transform?.force_gray) return 'gray';
  return transform?.force_color || data?.force_encoded_color ? 'color' : 'unchanged';
}

function checkParameters(layer: LayerParameter, place: LayerPlace): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const problem = (code: string, message: string, hint?: string) => {
    problems.push(layerDiagnostic(place, 'error', code, message, hint));
  };
  const { source, batch_size: batchSize = 0 }: Partial<DataParameter> = layer.data_param ?? {};
  if (!source) problem('data-source', 'data_param names no source');
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    problem('batch-size', `data_param's batch_size is ${batchSize}; it must be at least 1`);
  }
  if (layer.top.length < 1 || layer.top.length > 2) {
    problem('data-tops', `a Data layer has one top or two (data, labels), not ${layer.top.length}`);
  }
  if (layer.bottom.length > 0) problem('data-bottoms', 'a Data layer has no bottoms');
  problems.push(...transformParamProblems(layer, place));
  const { force_color: color, force_gray: gray } = layer.transform_param ?? {};
  if (color && gray)
    problem('transform', 'transform_param sets force_color and force_gray; only one of them can be set');
  return problems;
}

function withoutEffect(layer: LayerParameter, place: LayerPlace): Diagnostic[] {
  const { data_param: data } = layer;
  const skip = data?.rand_skip ? [ignoredSetting(place, 'data_param.rand_skip')] : [];
  return [...skip, ...movedSettings(place, 'data_param', data), ...settingsForBoxes(layer, place)];
}
