import { read, without } from '../fields/field-use.ts';
import type { BatchReader } from './batch-reader.ts';
import { dataError, type SettingProblem } from './data-error.ts';
import { blobProblems, dataLayerType, dataPath, type DataSettings, sourceProblems } from './data-layer-type.ts';
import { ImageRecords } from './image-records.ts';
import { imageSize, type ImageSizeParam, imageSizeProblems } from './image-size.ts';
import { type ImageTransform, imageTransform } from './image-transform.ts';
import { listedFiles, readListFile } from './list-file.ts';
import type { ListKind } from './list-entry.ts';
import { movedSettings, openRecords, settingsForBoxes, transformProblemsOf } from './open-records.ts';
import { randomSkip, shuffledOrder, skippingOrder, storedOrder } from './record-order.ts';
import { READING, TRANSFORM_FIELDS } from './transform-fields.ts';

/** What an ImageData layer says. */
interface ImageListSettings extends DataSettings {
  readonly batchSize: number;
  /** Three channels, else one. */
  readonly isColor: boolean;
  /** Before each path of the list. */
  readonly rootFolder: string;
  readonly isShuffled: boolean;
  /** A number below it, drawn once, of images at the list's beginning are passed over; 0: none. */
  readonly randSkip: number;
  readonly size: ImageSizeParam;
  readonly transform: ImageTransform;
  readonly warnings: readonly SettingProblem[];
}

/**
 * Caffe's ImageData layer (image_data_layer.cpp): image files that a list names, with their labels; paths
 * alone are enough where nobody reads the labels. Images are resized to
 * `new_height` x `new_width` as OpenCV does it; without these they must be equally large, or cropped. What Caffe draws from
 * its own random numbers, `shuffle` and `rand_skip`, comes from the seed.
 */
export const imageDataLayer = dataLayerType({
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
  settings(layer): ImageListSettings {
    const { image_data_param: param = {}, transform_param, top = [] } = layer;
    const { batch_size: batchSize = 1, shuffle: isShuffled = false, is_color: isColor = true } = param;
    const isRgb = Boolean(transform_param?.cvt_bgr2rgb || transform_param?.bgr2rgb);
    const transform = imageTransform(transform_param, isRgb);
    // Caffe itself wants two.
    const tops = `one top or two (data, labels), not ${top.length}`;
    return {
      name: layer.name ?? '',
      tops: top,
      source: param.source,
      batchSize,
      isColor,
      rootFolder: param.root_folder ?? '',
      isShuffled,
      randSkip: param.rand_skip ?? 0,
      size: param,
      transform,
      problems: [
        ...sourceProblems('image_data_param', param.source, batchSize),
        ...imageSizeProblems(param).map((message) => ({ code: 'image-size', message })),
        ...blobProblems('an ImageData layer', layer, [1, 2], tops),
        ...transformProblemsOf(transform),
      ],
      warnings: [...movedSettings('image_data_param', param), ...settingsForBoxes(transform)],
    };
  },
  images: ({ transform, size }) => ({ transform, size }),
  batchSize: ({ batchSize }) => batchSize,
  reads: (settings, isRead) => [
    ...dataPath(settings.source, { kind: listKind(settings, isRead), rootFolder: settings.rootFolder }),
    ...dataPath(settings.transform.meanFile),
  ],
  open(settings, options): Promise<BatchReader> {
    const { source, batchSize, isColor, rootFolder, isShuffled, randSkip, size } = settings;
    const skipped = randomSkip(randSkip, options.seed);
    const open = async (path: string) => {
      const listFile = options.resolvePath(path);
      const entries = readListFile(listFile, listKind(settings, options.reads));
      if (skipped >= entries.length) {
        const message = `the list has ${entries.length} images, too few for rand_skip ${randSkip}, which skips ${skipped}`;
        throw dataError('rand-skip', listFile, message);
      }
      const files = listedFiles(listFile, entries, { rootFolder, folders: options.folders ?? [] });
      return new ImageRecords({ listFile, entries, files, size: (image) => imageSize(image, size), isColor });
    };
    return openRecords(settings, options, {
      batchSize,
      open: source ? () => open(source) : undefined,
      order: (count) => skippingOrder(isShuffled ? shuffledOrder([count], options.seed) : storedOrder(count), skipped),
      shapeHint: 'set new_height and new_width, or crop_size',
    });
  },
});

/** Of the list that the layer names: whether its labels are wanted depends on who reads them. */
const listKind = ({ tops: [, label] }: DataSettings, isRead: (blob: string) => boolean = () => true): ListKind =>
  label !== undefined && isRead(label) ? 'images' : 'paths';
