import { read, type PriorBoxParameter } from '@caffe-quant/caffe-io';
import type { Shape } from '../../graph/graph-builder.ts';
import { check, type LayerKernel } from '../layer.ts';

const { fround, sqrt, min, max, trunc, abs } = Math;

/**
 * PriorBox: SSD's default boxes of a feature map [N, C, H, W] on an image [N, C', H', W']: a constant
 * [1, 2, H W priors 4], first the boxes (xmin, ymin, xmax, ymax, relative to the image), then their variances. Per cell
 * and `min_size`: the square, the square of side sqrt(min_size max_size), and one box for each other aspect ratio.
 * Source: SSD's `prior_box_layer.cpp`.
 */
export const priorBox: LayerKernel = {
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
  lower({ g, layer, bottoms }) {
    check(layer.prior_box_param !== undefined, () => 'prior_box_param is missing');
    check(bottoms.length === 2, () => 'expected two bottoms: the feature map and the image');
    const boxes = priorBoxes(layer.prior_box_param, bottoms[0]!.shape, bottoms[1]!.shape);
    const variances = boxVariances(layer.prior_box_param, boxes.length / 4);
    const data = new Float32Array([...boxes, ...variances]);
    return { tops: [g.constant('float', [1, 2, boxes.length], data)] };
  },
};

function priorBoxes(param: PriorBoxParameter, map: Shape, image: Shape): number[] {
  const { min_size: minSizes, max_size: maxSizes, offset = 0.5, clip = false } = param;
  check(minSizes.length > 0 && minSizes.every((size) => size > 0), () => 'min_size is missing or not positive');
  check(
    maxSizes.length === 0 || maxSizes.length === minSizes.length,
    () => `expected a max_size for each of the ${minSizes.length} min_sizes, got ${maxSizes.length}`,
  );
  check(
    maxSizes.every((size, i) => size > minSizes[i]!),
    () => 'each max_size must be greater than its min_size',
  );
  const ratios = aspectRatios(param);
  const [height, width] = map.slice(2) as [number, number];
  const imageSize = ofAxes('img_size', 'img', param.img_size, param.img_h, param.img_w) ?? {
    y: image[2]!,
    x: image[3]!,
  };
  const given = ofAxes('step', 'step', param.step, param.step_h, param.step_w);
  const step = { y: fround(given?.y ?? imageSize.y / height), x: fround(given?.x ?? imageSize.x / width) };
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
function ofAxes(
  name: string,
  short: string,
  both?: number,
  y?: number,
  x?: number,
): { y: number; x: number } | undefined {
  if (both === undefined && y === undefined && x === undefined) return undefined;
  check(
    both === undefined || (y === undefined && x === undefined),
    () => `give either ${name} or ${short}_h and ${short}_w, not both`,
  );
  const pair = { y: y ?? both ?? 0, x: x ?? both ?? 0 };
  check(pair.y > 0 && pair.x > 0, () => `${name}, or both ${short}_h and ${short}_w, must be positive`);
  return pair;
}

/** All ratios but 1, in the order of the prototxt, each with its inverse unless `flip` is false. */
function aspectRatios({ aspect_ratio, flip = true }: PriorBoxParameter): number[] {
  const ratios = [1];
  for (const ratio of aspect_ratio) {
    check(ratio > 0, () => `aspect_ratio ${ratio} is not positive`);
    if (ratios.some((known) => abs(ratio - known) < 1e-6)) continue;
    ratios.push(ratio);
    if (flip) ratios.push(fround(1 / ratio));
  }
  return ratios.filter((ratio) => abs(ratio - 1) >= 1e-6);
}

function boxVariances({ variance }: PriorBoxParameter, count: number): number[] {
  check([0, 1, 4].includes(variance.length), () => `expected one variance or four, got ${variance.length}`);
  check(
    variance.every((value) => value > 0),
    () => 'variances must be positive',
  );
  return Array.from({ length: 4 * count }, (_, i) => variance[i % 4] ?? variance[0] ?? 0.1);
}
