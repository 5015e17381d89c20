import { read } from '@caffe-quant/caffe-io';
import type { Shape } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';

const { fround, sqrt, min, max, trunc, abs } = Math;

/**
 * PriorBox: SSD's default boxes of a feature map [N, C, H, W] on an image [N, C', H', W']: a constant
 * [1, 2, H W priors 4], first the boxes (xmin, ymin, xmax, ymax, relative to the image), then their variances. Per cell
 * and `min_size`: the square, the square of side sqrt(min_size max_size), and one box for each other aspect ratio.
 * Source: SSD's `prior_box_layer.cpp`.
 */
export const priorBox = layerKernel({
  type: 'PriorBox',
  sameForAllImages: true,
  bottoms: 2,
  tops: 1,
  fields: {
    prior_box_param: {
      ...read(
        'min_size',
        'max_size',
        'aspect_ratio',
        'flip',
        'clip',
        'variance',
        'img_size',
        'img_h',
        'img_w',
        'step',
        'step_h',
        'step_w',
        'offset',
      ),
    },
  },
  settings({ prior_box_param: param }): PriorBoxSettings {
    check(param !== undefined, () => 'prior_box_param is missing');
    const { min_size: minSizes = [], max_size: maxSizes = [] } = param;
    check(minSizes.length > 0 && minSizes.every((size) => size > 0), () => 'min_size is missing or not positive');
    check(
      maxSizes.length === 0 || maxSizes.length === minSizes.length,
      () => `expected a max_size for each of the ${minSizes.length} min_sizes, got ${maxSizes.length}`,
    );
    check(
      maxSizes.every((size, i) => size > minSizes[i]!),
      () => 'each max_size must be greater than its min_size',
    );
    return {
      minSizes,
      maxSizes,
      ratios: aspectRatios(param.aspect_ratio ?? [], param.flip ?? true),
      clip: param.clip ?? false,
      variances: checkedVariances(param.variance ?? []),
      image: ofAxes('img_size', 'img', param.img_size, param.img_h, param.img_w),
      step: ofAxes('step', 'step', param.step, param.step_h, param.step_w),
      offset: param.offset ?? 0.5,
    };
  },
  lower({ g, settings, bottoms }) {
    for (const { shape } of bottoms) {
      check(shape.length === 4, () => `expected bottoms [N, C, H, W], got [${shape.join(', ')}]`);
    }
    const [, , height, width] = bottoms[0]!.shape as [number, number, number, number];
    const count = height * width * priorsOfCell(settings) * 4;
    const { variances } = settings;
    const data = () => {
      const both = new Float32Array(2 * count);
      both.set(priorBoxes(settings, bottoms[0]!.shape, bottoms[1]!.shape));
      for (let i = 0; i < count; i++) both[count + i] = variances[i % 4] ?? variances[0]!;
      return both;
    };
    return { tops: [g.constant('float', [1, 2, count], data)] };
  },
});

/** What a `prior_box_param` says. Lengths are pixels of the image. */
export interface PriorBoxSettings {
  readonly minSizes: readonly number[];
  /** As many, each greater than its minimum; or none. */
  readonly maxSizes: readonly number[];
  /** Width over height of the boxes beside the square ones; 1 is none of them. */
  readonly ratios: readonly number[];
  /** Boxes end where the image does. */
  readonly clip: boolean;
  /** One, or one of each coordinate. */
  readonly variances: readonly number[];
  /** Absent: the size of the second bottom. */
  readonly image: Lengths | undefined;
  /** From one cell to the next; absent: the map covers the image. */
  readonly step: Lengths | undefined;
  /** Where in its cell a box's center is, in steps. */
  readonly offset: number;
}

interface Lengths {
  readonly y: number;
  readonly x: number;
}

const priorsOfCell = ({ minSizes, maxSizes, ratios }: PriorBoxSettings): number =>
  minSizes.length * (1 + (maxSizes.length > 0 ? 1 : 0) + ratios.length);

function priorBoxes(settings: PriorBoxSettings, map: Shape, image: Shape): number[] {
  const { minSizes, maxSizes, ratios, clip, offset } = settings;
  const [height, width] = map.slice(2) as [number, number];
  const imageSize = settings.image ?? { y: image[2]!, x: image[3]! };
  const step = {
    y: fround(settings.step?.y ?? imageSize.y / height),
    x: fround(settings.step?.x ?? imageSize.x / width),
  };
  const boxes: number[] = [];
  for (let h = 0; h < height; h++) {
    for (let w = 0; w < width; w++) {
      const center = { x: fround(fround(w + offset) * step.x), y: fround(fround(h + offset) * step.y) };
      const add = (boxWidth: number, boxHeight: number) => {
        const [halfWidth, halfHeight] = [fround(boxWidth) / 2, fround(boxHeight) / 2];
        boxes.push(
          (center.x - halfWidth) / imageSize.x,
          (center.y - halfHeight) / imageSize.y,
          (center.x + halfWidth) / imageSize.x,
          (center.y + halfHeight) / imageSize.y,
        );
      };
      minSizes.forEach((size, i) => {
        // Sizes are cut to whole pixels here, as in the original.
        const side = trunc(size);
        add(side, side);
        if (maxSizes.length > 0) {
          const middle = sqrt(side * trunc(maxSizes[i]!));
          add(middle, middle);
        }
        for (const ratio of ratios) add(side * sqrt(ratio), side / sqrt(ratio));
      });
    }
  }
  return clip ? boxes.map((edge) => min(max(edge, 0), 1)) : boxes;
}

/** A setting of both axes, or of each; undefined where there is none. */
function ofAxes(name: string, short: string, both?: number, y?: number, x?: number): Lengths | undefined {
  if (both === undefined && y === undefined && x === undefined) return undefined;
  check(
    both === undefined || (y === undefined && x === undefined),
    () => `give either ${name} or ${short}_h and ${short}_w, not both`,
  );
  const pair = { y: y ?? both ?? 0, x: x ?? both ?? 0 };
  check(pair.y > 0 && pair.x > 0, () => `${name}, or both ${short}_h and ${short}_w, must be positive`);
  return pair;
}

/** All ratios but 1, in the order of the prototxt, each with its inverse if `flip`. */
function aspectRatios(given: readonly number[], flip: boolean): number[] {
  const ratios = [1];
  for (const ratio of given) {
    check(ratio > 0, () => `aspect_ratio ${ratio} is not positive`);
    if (ratios.some((known) => abs(ratio - known) < 1e-6)) continue;
    ratios.push(ratio);
    if (flip) ratios.push(fround(1 / ratio));
  }
  return ratios.filter((ratio) => abs(ratio - 1) >= 1e-6);
}

function checkedVariances(variances: readonly number[]): readonly number[] {
  check([0, 1, 4].includes(variances.length), () => `expected one variance or four, got ${variances.length}`);
  check(
    variances.every((value) => value > 0),
    () => 'variances must be positive',
  );
  return variances.length === 0 ? [0.1] : variances;
}
