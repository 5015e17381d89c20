import type { Box } from './boxes.ts';

/** SSD's `resize_param`: how the data layer made the net's input of an image. */
export interface ResizeParameter {
  resize_mode?: 'WARP' | 'FIT_SMALL_SIZE' | 'FIT_LARGE_SIZE_AND_PAD';
  /** Of the net's input, in pixels. */
  height?: number;
  width?: number;
  /** Of what FIT_SMALL_SIZE leaves of the longer side, in pixels; 0: all. */
  height_scale?: number;
  width_scale?: number;
}

/** Of an image, in pixels. */
export interface ImageSize {
  height: number;
  width: number;
}

const { fround, min, max } = Math;

/**
 * A box of the net's input, whose edges are relative to it, in pixels of the image that the input was made of. Padding
 * that FIT_LARGE_SIZE_AND_PAD added is taken off. Source: `OutputBBox` in SSD's `bbox_util.cpp`.
 */
export function boxOnImage(box: Box, image: ImageSize, resize: ResizeParameter | undefined): Box {
  switch (resize?.resize_mode) {
    case 'FIT_LARGE_SIZE_AND_PAD':
      return scaled(clipped(withoutPadding(box, image, resize)), image);
    case 'FIT_SMALL_SIZE': {
      const { height_scale: height = 0, width_scale: width = 0 } = resize;
      if (height === 0 || width === 0) return scaled(clipped(box), image);
      return clipped(scaled(box, { height, width }), image);
    }
    default:
      return scaled(clipped(box), image);
  }
}

/** True where SSD takes the areas of such boxes without the pixel that its lengths are larger by elsewhere. */
export function hasPlainAreas(resize: ResizeParameter | undefined): boolean {
  return resize?.resize_mode === 'FIT_SMALL_SIZE' && Boolean(resize.height_scale) && Boolean(resize.width_scale);
}

/** Relative to the part of the input that shows the image; a box that is not on it stays as it is. */
function withoutPadding(box: Box, image: ImageSize, { height = 0, width = 0 }: ResizeParameter): Box {
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
