import { type LayerFields, read } from '@caffe-quant/caffe-io';
import { check } from '../layer.ts';
import type { Box } from './boxes.ts';

/** The fields of SSD's `resize_param` that tell where in the net's input an image is. */
export const RESIZE_FIELDS = read('resize_mode', 'height', 'width', 'height_scale', 'width_scale');

/** How the data layer made the net's input of an image. */
export type ResizeSettings =
  /** The whole image, by itself. */
  | { readonly mode: 'WARP' }
  /** The image between bars, in an input of that size. */
  | ({ readonly mode: 'FIT_LARGE_SIZE_AND_PAD' } & ImageSize)
  /** A part of the image, of that size in pixels of the input; absent: all of it. */
  | { readonly mode: 'FIT_SMALL_SIZE'; readonly part: ImageSize | undefined };

type Declaring = LayerFields<{ detection_evaluate_param: { resize_param: typeof RESIZE_FIELDS } }>;
type ResizeFields = NonNullable<NonNullable<Declaring['detection_evaluate_param']>['resize_param']>;

/** @throws LayerError where the size of the input is missing */
export function resizeSettings(param: ResizeFields = {}): ResizeSettings {
  const { resize_mode: mode = 'WARP', height = 0, width = 0, height_scale = 0, width_scale = 0 } = param;
  if (mode === 'WARP') return { mode };
  check(height > 0 && width > 0, () => `resize_param with ${mode} needs height and width`);
  if (mode === 'FIT_LARGE_SIZE_AND_PAD') return { mode, height, width };
  const part = height_scale === 0 || width_scale === 0 ? undefined : { height: height_scale, width: width_scale };
  return { mode, part };
}

/** Of an image, in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

const { fround, min, max } = Math;

/**
 * A box of the net's input, whose edges are relative to it, in pixels of the image that the input was made of. Padding
 * that FIT_LARGE_SIZE_AND_PAD added is taken off. Source: `OutputBBox` in SSD's `bbox_util.cpp`.
 */
export function boxOnImage(box: Box, image: ImageSize, resize: ResizeSettings): Box {
  switch (resize.mode) {
    case 'FIT_LARGE_SIZE_AND_PAD':
      return scaled(clipped(withoutPadding(box, image, resize)), image);
    case 'FIT_SMALL_SIZE':
      return resize.part ? clipped(scaled(box, resize.part), image) : scaled(clipped(box), image);
    case 'WARP':
      return scaled(clipped(box), image);
  }
}

/** True where SSD takes the areas of such boxes without the pixel that its lengths are larger by elsewhere. */
export const hasPlainAreas = (resize: ResizeSettings): boolean =>
  resize.mode === 'FIT_SMALL_SIZE' && resize.part !== undefined;

/** Relative to the part of the input that shows the image; a box that is not on it stays as it is. */
function withoutPadding(box: Box, image: ImageSize, { height, width }: ImageSize): Box {
  const aspect = fround(image.width / image.height);
  const bars = { x: 0, y: 0 };
  if (aspect > fround(width / height)) bars.y = fround(fround(fround(height - fround(width / aspect)) / 2) / height);
  else bars.x = fround(fround(fround(width - fround(height * aspect)) / 2) / width);
  const [left, top, right, bottom] = [bars.x, bars.y, fround(1 - bars.x), fround(1 - bars.y)];
  if (box[0] >= right || box[2] <= left || box[1] >= bottom || box[3] <= top) return box;
  const [spanX, spanY] = [fround(right - left), fround(bottom - top)];
  return box.map((edge, i) =>
    i % 2 === 0 ? fround(fround(edge - left) / spanX) : fround(fround(edge - top) / spanY),
  ) as unknown as Box;
}

const clipped = (box: Box, { height, width }: ImageSize = { height: 1, width: 1 }): Box =>
  box.map((edge, i) => max(min(edge, i % 2 === 0 ? width : height), 0)) as unknown as Box;

const scaled = (box: Box, { height, width }: ImageSize): Box =>
  box.map((edge, i) => fround(edge * (i % 2 === 0 ? width : height))) as unknown as Box;
