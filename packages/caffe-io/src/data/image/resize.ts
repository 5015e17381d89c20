import type { Image } from './image.ts';
import { resizeArea } from './resize-area.ts';
import { cubic, lanczos4, resizeByKernel } from './resize-by-kernel.ts';
import { resizeLinear } from './resize-linear.ts';
import { resizeNearest } from './resize-nearest.ts';

/** OpenCV's ways to resize, without their INTER_. */
export type Interpolation = 'NEAREST' | 'LINEAR' | 'CUBIC' | 'AREA' | 'LANCZOS4';

const RESIZES: Readonly<Record<Interpolation, (image: Image, height: number, width: number) => Image>> = {
  NEAREST: resizeNearest,
  LINEAR: resizeLinear,
  CUBIC: (image, height, width) => resizeByKernel(image, height, width, cubic),
  AREA: resizeArea,
  LANCZOS4: (image, height, width) => resizeByKernel(image, height, width, lanczos4),
};

/** `cv::resize` for uint8, bit by bit. */
export function resizeImage(
  image: Image,
  height: number,
  width: number,
  interpolation: Interpolation = 'LINEAR',
): Image {
  if (height === image.height && width === image.width) return image;
  return RESIZES[interpolation](image, height, width);
}
