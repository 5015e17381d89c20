import { read } from '../fields/field-use.ts';
import { cropImage } from './image/crop.ts';
import type { Image } from './image/image.ts';
import { applyResize, RESIZE_FIELDS, type ResizeParam } from './resize-policy.ts';

/** intel/caffe's `random_resize_param`. */
export interface RandomResizeParam {
  /** Of the shorter side; 0: the image's own. */
  readonly min_size?: number | undefined;
  /** Of the shorter side; 0: the image's longer one. */
  readonly max_size?: number | undefined;
  /** How, without how large. */
  readonly resize_param?: ResizeParam | undefined;
}

/** intel/caffe's `random_aspect_ratio_param`. */
export interface RandomAspectRatioParam {
  /** Least share of the image's area that is cut out. Default 0.5. */
  readonly min_area_ratio?: number | undefined;
  /** Default 1. */
  readonly max_area_ratio?: number | undefined;
  /** The most by which the sides' proportions change, at most 1; default 1: not at all. */
  readonly aspect_ratio_change?: number | undefined;
  /** Default 10. */
  readonly max_attempt?: number | undefined;
  readonly resize_param?: ResizeParam | undefined;
}

export const RANDOM_RESIZE_FIELDS = { ...read('min_size', 'max_size'), resize_param: RESIZE_FIELDS } as const;

export const RANDOM_ASPECT_RATIO_FIELDS = {
  ...read('min_area_ratio', 'max_area_ratio', 'aspect_ratio_change', 'max_attempt'),
  resize_param: RESIZE_FIELDS,
} as const;

/** What keeps a `random_resize_param` from meaning anything. */
export function randomResizeProblem({ min_size: least = 0, max_size: most = 0 }: RandomResizeParam) {
  if (least <= most || most === 0) return undefined;
  return `random_resize_param has min_size ${least}, more than its max_size ${most}`;
}

/** intel/caffe's RandomResizeImage (data_transformer.cpp): the shorter side becomes as long as is drawn. */
export function randomResize(image: Image, param: RandomResizeParam, random: () => number): Image {
  const least = param.min_size || Math.min(image.height, image.width);
  const most = param.max_size || Math.max(image.height, image.width);
  const size = least + (random() % Math.max(most - least + 1, 1));
  return resizeShorter(image, size, param.resize_param, random);
}

/** What keeps a `random_aspect_ratio_param` from meaning anything. */
export function randomAspectRatioProblem(param: RandomAspectRatioParam): string | undefined {
  const { min_area_ratio: least = 0.5, max_area_ratio: most = 1, aspect_ratio_change: change = 1 } = param;
  if (!(least > 0 && least <= most)) {
    return `random_aspect_ratio_param has min_area_ratio ${least} and max_area_ratio ${most}; the first is above 0 and not above the second`;
  }
  if (change > 0 && change <= 1) return undefined;
  return `random_aspect_ratio_param has aspect_ratio_change ${change}; it is above 0 and at most 1`;
}

/**
 * intel/caffe's RandomAlterAspectRatio (data_transformer.cpp): a part of the image, of an area and proportions that are
 * drawn, becomes the square that is wanted. Where no such part is found in as many attempts as there are, the image as a
 * whole, its shorter side as long as the square's.
 */
export function randomAspectRatio(
  image: Image,
  param: RandomAspectRatioParam,
  cropSize: number,
  random: () => number,
): Image {
  const { min_area_ratio: least = 0.5, max_area_ratio: most = 1, aspect_ratio_change: change = 1 } = param;
  const f = Math.fround;
  for (let attempt = 0; attempt < (param.max_attempt ?? 10); attempt++) {
    const area = f(drawnRatio(f(least), f(most), random) * f(image.height * image.width));
    const changed = drawnRatio(f(change), f(1 / f(change)), random);
    const side = f(Math.sqrt(area));
    const sides = [Math.trunc(f(side * changed)), Math.trunc(f(side / changed))];
    const [height, width] = drawnRatio(0, 1, random) < 0.5 ? [sides[1]!, sides[0]!] : [sides[0]!, sides[1]!];
    if (height < 1 || width < 1 || height > image.height || width > image.width) continue;
    const top = random() % (image.height - height + 1);
    const left = random() % (image.width - width + 1);
    const part = cropImage(image, top, left, height, width);
    return applyResize(part, { ...param.resize_param, height: cropSize, width: cropSize }, random);
  }
  return resizeShorter(image, cropSize, param.resize_param, random);
}

function resizeShorter(image: Image, size: number, param: ResizeParam | undefined, random: () => number): Image {
  const longer = (long: number, short: number) => Math.trunc(Math.fround(Math.fround(long / short) * size));
  const { height, width } = image;
  const sizes =
    height < width ? { height: size, width: longer(width, height) } : { height: longer(height, width), width: size };
  return applyResize(image, { ...param, ...sizes }, random);
}

/** In steps of a thousandth (RandRatio). */
function drawnRatio(least: number, most: number, random: () => number): number {
  const f = Math.fround;
  const steps = Math.trunc(f(f(f(most - least) * 1000) + 1));
  return f(f((random() % steps) + f(least * 1000)) / 1000);
}
