import type { Image } from './image/image.ts';
import { type Interpolation, resizeImage } from './image/resize.ts';

/** The fields of a `transform_param` by which NVIDIA's Caffe resizes an image at random. */
export interface RandomStretchParam {
  /** Of the shorter side, at least and at most. */
  readonly img_rand_resize_lower?: number | undefined;
  readonly img_rand_resize_upper?: number | undefined;
  /** Of the longer side to the shorter one. */
  readonly rand_resize_ratio_lower?: number | undefined;
  readonly rand_resize_ratio_upper?: number | undefined;
  /** By which the height is multiplied at last. Default 1. */
  readonly vertical_stretch_lower?: number | undefined;
  readonly vertical_stretch_upper?: number | undefined;
  /** By which the width is multiplied at last. Default 1. */
  readonly horizontal_stretch_lower?: number | undefined;
  readonly horizontal_stretch_upper?: number | undefined;
  /** Default INTER_NEAREST. */
  readonly interpolation_algo_down?: `INTER_${Interpolation}` | undefined;
  /** Where one side grows. Default INTER_CUBIC. */
  readonly interpolation_algo_up?: `INTER_${Interpolation}` | undefined;
  /** Whether a side may become longer than it is. Default false. */
  readonly allow_upscale?: boolean | undefined;
}

/** The fields that make an image be resized at random. */
const CAUSES = [
  'img_rand_resize_lower',
  'img_rand_resize_upper',
  'rand_resize_ratio_lower',
  'rand_resize_ratio_upper',
  'vertical_stretch_lower',
  'vertical_stretch_upper',
  'horizontal_stretch_lower',
  'horizontal_stretch_upper',
] as const;

export const RANDOM_STRETCH_FIELDS = [
  ...CAUSES,
  'interpolation_algo_down',
  'interpolation_algo_up',
  'allow_upscale',
] as const;

/** Whether images are resized at random, in whatever phase; `allow_upscale` and the like alone do nothing. */
export const isStretched = (param: RandomStretchParam): boolean => CAUSES.some((field) => param[field]);

/** Values that NVIDIA's Caffe refuses or passes over. */
export function randomStretchProblem(param: RandomStretchParam): string | undefined {
  const [least, most] = [param.img_rand_resize_lower ?? 0, param.img_rand_resize_upper ?? 0];
  if (least > 0 !== most > 0 || least > most) {
    return `transform_param has img_rand_resize_lower ${least} and img_rand_resize_upper ${most}; give both, the lower one first`;
  }
  const { rand_resize_ratio_lower: narrow = 0, rand_resize_ratio_upper: wide = 0 } = param;
  if ((narrow !== 0 || wide !== 0) && !(narrow >= 1 && wide > 1)) {
    return `transform_param has rand_resize_ratio_lower ${narrow} and rand_resize_ratio_upper ${wide}; they are at least 1 and above 1`;
  }
  const stretches = ['vertical_stretch', 'horizontal_stretch'] as const;
  const wrong = stretches.find((name) => !((param[`${name}_lower`] ?? 1) > 0 && (param[`${name}_upper`] ?? 1) > 0));
  return wrong && `transform_param's ${wrong}_lower and ${wrong}_upper are above 0`;
}

/**
 * NVIDIA's image_random_resize (data_transformer.cpp of 0.17), in both phases: the shorter side as it is or as drawn, then
 * proportions, then stretches, in float32; no side becomes shorter than the crop.
 */
export function randomStretch(image: Image, param: RandomStretchParam, cropSize: number, random: () => number): Image {
  const f = Math.fround;
  const between = (lower: number, upper: number) => {
    const [least, most] = lower < upper ? [lower, upper] : [upper, lower];
    return least === most ? f(least) : f(f(least) + ((f(most) - f(least)) * random()) / 0xffff_ffff);
  };
  const [shorter, most] = [param.img_rand_resize_lower ?? 0, param.img_rand_resize_upper ?? 0];
  const size = shorter > 0 ? shorter + (random() % (most - shorter + 1)) : Math.min(image.height, image.width);
  const scale = f(size / Math.min(image.height, image.width));
  let [height, width] = [f(scale * image.height), f(scale * image.width)];
  const { rand_resize_ratio_lower: narrow = 0, rand_resize_ratio_upper: wide = 0 } = param;
  if (wide > 1) {
    const ratio = between(narrow, wide);
    if (width > height || (width === height && random() % 2 === 1)) width = f(height * ratio);
    else height = f(width * ratio);
  }
  height = f(height * between(param.vertical_stretch_lower ?? 1, param.vertical_stretch_upper ?? 1));
  width = f(width * between(param.horizontal_stretch_lower ?? 1, param.horizontal_stretch_upper ?? 1));
  const limit = (length: number, own: number) => {
    const wanted = Math.max(cropSize, Math.round(length));
    return param.allow_upscale ? wanted : Math.min(wanted, own);
  };
  const [newHeight, newWidth] = [limit(height, image.height), limit(width, image.width)];
  const algorithm =
    newHeight <= image.height && newWidth <= image.width
      ? (param.interpolation_algo_down ?? 'INTER_NEAREST')
      : (param.interpolation_algo_up ?? 'INTER_CUBIC');
  return resizeImage(image, newHeight, newWidth, algorithm.slice('INTER_'.length) as Interpolation);
}
