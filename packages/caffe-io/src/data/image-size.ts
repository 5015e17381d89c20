import type { Image } from './image/image.ts';

/** The fields of an `image_data_param` that say how large images become, those of forks too. */
export interface ImageSizeParam {
  readonly new_height?: number | undefined;
  readonly new_width?: number | undefined;
  /** LisaAnne's and intel/caffe: smaller images are enlarged until they are as large, in their proportions. */
  readonly min_height?: number | undefined;
  readonly min_width?: number | undefined;
  /** NVIDIA's: images in their proportions, the shorter side of this length. */
  readonly short_side?: number | undefined;
}

/**
 * To which size an ImageData layer resizes an image as soon as it is read (ReadImageToCVMat, io.cpp): `short_side` counts
 * before `new_height` and `new_width`, and these before `min_height` and `min_width`.
 */
export function imageSize({ height, width }: Image, param: ImageSizeParam): readonly [height: number, width: number] {
  const { new_height: newHeight = 0, new_width: newWidth = 0, short_side: shortSide = 0 } = param;
  if (shortSide > 0) {
    return height > width
      ? [Math.floor((height * shortSide) / width), shortSide]
      : [shortSide, Math.floor((width * shortSide) / height)];
  }
  if (newHeight > 0 && newWidth > 0) return [newHeight, newWidth];
  const { min_height: minHeight = 0, min_width: minWidth = 0 } = param;
  if (height >= minHeight && width >= minWidth) return [height, width];
  const f = Math.fround;
  const longer = (length: number, long: number, short: number) => Math.trunc(f(length * f(long / short)) + 0.5);
  // The side that lacks more decides, so the other one may stay too short, as it does there.
  return minWidth - width > minHeight - height
    ? [longer(minWidth, height, width), minWidth]
    : [minHeight, longer(minHeight, width, height)];
}

/** What keeps the sizes from being clear. */
export function imageSizeProblems(param: ImageSizeParam): string[] {
  const { new_height: newHeight = 0, new_width: newWidth = 0, short_side: shortSide = 0 } = param;
  const { min_height: minHeight = 0, min_width: minWidth = 0 } = param;
  const problems: string[] = [];
  if (newHeight > 0 !== newWidth > 0) {
    problems.push(`image_data_param gives new_height ${newHeight} and new_width ${newWidth}; give both or none`);
  }
  if (minHeight > 0 !== minWidth > 0) {
    problems.push(`image_data_param gives min_height ${minHeight} and min_width ${minWidth}; give both or none`);
  }
  if (shortSide > 0 && minHeight > 0) {
    problems.push('image_data_param gives short_side and min_height, and no fork has both; give one of them');
  }
  return problems;
}
