import type { Diagnostic } from 'caffe-prototxt-parser';
import type { ImageDataParameter, LayerParameter } from '../generated/caffe.ts';
import { read, without } from '../fields/field-use.ts';
import type { BatchReader } from './batch-reader.ts';
import { dataError, layerDiagnostic } from './data-error.ts';
import { dataPath, type DataLayerType } from './data-layer-type.ts';
import type { LayerPlace } from './data-error.ts';
import type { DataSourceOptions } from './data-source-options.ts';
import { ImageRecords } from './image-records.ts';
import { listedFiles, readListFile } from './list-file.ts';
import type { ListKind } from './list-file.ts';
import { imageSize, imageSizeProblems } from './image-size.ts';
import { movedSettings, openRecords, settingsForBoxes, transformParamProblems } from './open-records.ts';
import { randomSkip, shuffledOrder, skippingOrder, storedOrder } from './record-order.ts';
import { READING, TRANSFORM_FIELDS } from './transform-fields.ts';

/**
 * Caffe's ImageData layer (image_data_layer.cpp): image files that a list names, with their labels; paths
 * alone are enough where nobody reads the labels. Images are resized to
 * `new_height` x `new_width` as OpenCV does it; without these they must be equally large, or cropped. What Caffe draws from
 * its own random numbers, `shuffle` and `rand_skip`, comes from the seed.
 */
export const imageDataLayer: DataLayerType = {
  type: 'ImageData',
  bottoms: 0,
  tops: [1, 2],
  fields: {
    image_data_param: {
      ...read('source', 'batch_size', 'rand_skip', 'shuffle', 'new_height', 'new_width', 'is_color', 'root_folder'),
      // Those of before 1.0, which are warned of.
      ...read('scale', 'mean_file', 'crop_size', 'mirror'),
      ...read('min_height', 'min_width', 'short_side'),
      threads: READING,
      cache: READING,
      precache: READING,
    },
    transform_param: {
      ...TRANSFORM_FIELDS,
      ...read('bgr2rgb'),
      ...without('is read for encoded Datum records alone; is_color is what images have', 'force_color', 'force_gray'),
      flow: 'is read for Datum records alone, in the forks that have it',
    },
  },
  param: 'image_data_param',
  hasImages: true,
  batchSize: (layer) => layer.image_data_param?.batch_size ?? 1,
  reads: (layer, reads) => [
    ...dataPath(layer.image_data_param?.source, {
      kind: listKind(layer, { reads }),
      rootFolder: layer.image_data_param?.root_folder ?? '',
    }),
    ...dataPath(layer.transform_param?.mean_file),
  ],
  open: openImageDataLayer,
};

async function openImageDataLayer(layer: LayerParameter, options: DataSourceOptions): Promise<BatchReader> {
  const place: LayerPlace = { layer: layer.name ?? '', file: options.file, line: options.line };
  const param: Partial<ImageDataParameter> = layer.image_data_param ?? {};
  const { source, batch_size: batchSize = 1 } = param;
  const { is_color: isColor = true, root_folder: rootFolder = '', shuffle = false, rand_skip: randSkip = 0 } = param;
  const skipped = randomSkip(randSkip, options.seed);
  const open = async (path: string) => {
    const listFile = options.resolvePath(path);
    const entries = readListFile(listFile, listKind(layer, options));
    if (skipped >= entries.length) {
      const message = `the list has ${entries.length} images, too few for rand_skip ${randSkip}, which skips ${skipped}`;
      throw dataError('rand-skip', listFile, message);
    }
    const files = listedFiles(listFile, entries, { rootFolder, folders: options.folders ?? [] });
    return new ImageRecords({ listFile, entries, files, size: (image) => imageSize(image, param), isColor });
  };
  return openRecords(layer, options, {
    place,
    batchSize,
    problems: checkParameters(layer, place),
    warnings: [...movedSettings(place, 'image_data_param', layer.image_data_param), ...settingsForBoxes(layer, place)],
    open: source ? () => open(source) : undefined,
    order: (count) => skippingOrder(shuffle ? shuffledOrder([count], options.seed) : storedOrder(count), skipped),
    shapeHint: 'set new_height and new_width, or crop_size',
  });
}

/** Of the list that an ImageData layer names: whether its labels are wanted depends on who reads them. */
export function listKind({ top: [, label] }: LayerParameter, { reads }: Pick<DataSourceOptions, 'reads'>): ListKind {
  return label !== undefined && (reads?.(label) ?? true) ? 'images' : 'paths';
}

function checkParameters(layer: LayerParameter, place: LayerPlace): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const problem = (code: string, message: string, hint?: string) => {
    problems.push(layerDiagnostic(place, 'error', code, message, hint));
  };
  const param: Partial<ImageDataParameter> = layer.image_data_param ?? {};
  const { source, batch_size: batchSize = 1 } = param;
  if (!source) problem('data-source', 'image_data_param names no source');
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    problem('batch-size', `image_data_param's batch_size is ${batchSize}; it must be at least 1`);
  }
  for (const message of imageSizeProblems(param)) problem('image-size', message);
  // Caffe itself wants two.
  if (layer.top.length < 1 || layer.top.length > 2) {
    problem('data-tops', `an ImageData layer has one top or two (data, labels), not ${layer.top.length}`);
  }
  if (layer.bottom.length > 0) problem('data-bottoms', 'an ImageData layer has no bottoms');
  return [...problems, ...transformParamProblems(layer, place)];
}
