import { read } from '../fields/field-use.ts';
import type { BatchReader } from './batch-reader.ts';
import type { SettingProblem } from './data-error.ts';
import { blobProblems, dataLayerType, dataPath, type DataSettings, sourceProblems } from './data-layer-type.ts';
import type { DataSourceOptions } from './data-source-options.ts';
import { DatumRecords } from './datum-records.ts';
import type { ColorMode } from './image/color-mode.ts';
import { type ImageTransform, imageTransform } from './image-transform.ts';
import { openDatabase } from './open-database.ts';
import { ignoredSetting, movedSettings, openRecords, settingsForBoxes, transformProblemsOf } from './open-records.ts';
import { type RecordOrder, shuffledOrder, storedFirst, storedOrder } from './record-order.ts';
import { READING, TRANSFORM_FIELDS } from './transform-fields.ts';

/** What a Data layer says. */
interface DatabaseSettings extends DataSettings {
  readonly batchSize: number | undefined;
  readonly backend: 'LEVELDB' | 'LMDB';
  /** Of encoded images. */
  readonly color: ColorMode;
  /** Each pass in an order of its own: in the forks of intel, NVIDIA and yjxiong. */
  readonly isShuffled: boolean;
  /** NVIDIA's keep the records of TRAIN in memory, and shuffle those: not in the first pass. */
  readonly isCached: boolean;
  readonly transform: ImageTransform;
  readonly warnings: readonly SettingProblem[];
}

/**
 * Caffe's Data layer (data_layer.cpp): Datum records of an LMDB or a LevelDB, walked in key order over and over. As in
 * Caffe 1.0, `rand_skip` and `prefetch` change nothing of what is read; `shuffle` is of forks. Encoded images keep their channels unless
 * `force_color`, `force_gray` or, as in Caffe before 1.0, `force_encoded_color` say otherwise.
 */
export const dataLayer = dataLayerType({
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
  settings(layer): DatabaseSettings {
    const { data_param: data, transform_param, top = [] } = layer;
    const { force_color: isColor, force_gray: isGray } = transform_param ?? {};
    const transform = imageTransform(transform_param);
    const both = 'transform_param sets force_color and force_gray; only one of them can be set';
    const tops = `one top or two (data, labels), not ${top.length}`;
    return {
      name: layer.name ?? '',
      tops: top,
      source: data?.source,
      batchSize: data?.batch_size,
      // The default: prototxts from before there was a choice have it.
      backend: data?.backend ?? 'LEVELDB',
      color: isGray ? 'gray' : isColor || data?.force_encoded_color ? 'color' : 'unchanged',
      isShuffled: data?.shuffle ?? false,
      isCached: data?.cache ?? false,
      transform,
      problems: [
        ...sourceProblems('data_param', data?.source, data?.batch_size ?? 0),
        ...blobProblems('a Data layer', layer, [1, 2], tops),
        ...transformProblemsOf(transform),
        ...(isColor && isGray ? [{ code: 'transform', message: both }] : []),
      ],
      warnings: [
        ...(data?.rand_skip ? [ignoredSetting('data_param.rand_skip')] : []),
        ...movedSettings('data_param', data),
        ...settingsForBoxes(transform),
      ],
    };
  },
  images: ({ transform }) => ({ transform }),
  batchSize: ({ batchSize }) => batchSize,
  reads: ({ source, transform }) => [...dataPath(source), ...dataPath(transform.meanFile)],
  open(settings, options): Promise<BatchReader> {
    const { source, batchSize = 0, backend, color } = settings;
    const open = async (path: string) => {
      const database = await openDatabase(options.resolvePath(path), backend);
      return new DatumRecords(database, color);
    };
    return openRecords(settings, options, {
      batchSize,
      open: source ? () => open(source) : undefined,
      order: (count) => recordOrder(settings, count, options),
      shapeHint: 'resize the images by resize_param or when the data set is made, or set crop_size',
    });
  },
});

/** Source: data_reader.cpp of the forks. */
function recordOrder(
  { isShuffled, isCached }: DatabaseSettings,
  count: number,
  { phase, seed }: DataSourceOptions,
): RecordOrder {
  if (!isShuffled || (isCached && phase === 'TEST')) return storedOrder(count);
  const shuffled = shuffledOrder([count], seed);
  return isCached ? storedFirst(shuffled, count) : shuffled;
}
