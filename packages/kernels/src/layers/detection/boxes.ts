/** Boxes of SSD's layers: [xmin, ymin, xmax, ymax], relative to the image or in pixels. Source: SSD's `bbox_util.cpp`. */
export type Box = readonly [number, number, number, number];

export type CodeType = 'CORNER' | 'CENTER_SIZE' | 'CORNER_SIZE';

const { fround, min, max, exp } = Math;

/** Box `index` of a blob that holds them one after the other. */
export const boxAt = (data: ArrayLike<number>, index: number): Box => [
  data[4 * index]!,
  data[4 * index + 1]!,
  data[4 * index + 2]!,
  data[4 * index + 3]!,
];

/** Width times height, 0 for a box turned over; pixels count inclusively. */
export function boxArea([xmin, ymin, xmax, ymax]: Box, pixels = false): number {
  if (xmax < xmin || ymax < ymin) return 0;
  const extra = pixels ? 1 : 0;
  return fround(fround(fround(xmax - xmin) + extra) * fround(fround(ymax - ymin) + extra));
}

/** Intersection over union (Jaccard overlap), in [0, 1]; `areaPixels`: whether the boxes' own areas count inclusively too. */
export function overlap(a: Box, b: Box, pixels = false, areaPixels = pixels): number {
  if (b[0] > a[2] || b[2] < a[0] || b[1] > a[3] || b[3] < a[1]) return 0;
  const extra = pixels ? 1 : 0;
  const width = fround(fround(min(a[2], b[2]) - max(a[0], b[0])) + extra);
  const height = fround(fround(min(a[3], b[3]) - max(a[1], b[1])) + extra);
  if (width <= 0 || height <= 0) return 0;
  const shared = fround(width * height);
  return fround(shared / fround(fround(boxArea(a, areaPixels) + boxArea(b, areaPixels)) - shared));
}

/** The box that a prediction means beside its prior; `variance` is 1 each where it is in the target already. */
export function decodeBox(code: CodeType, prior: Box, variance: Box, target: Box): Box {
  const scaled = target.map((value, i) => fround(variance[i]! * value)) as unknown as Box;
  const [width, height] = [fround(prior[2] - prior[0]), fround(prior[3] - prior[1])];
  switch (code) {
    case 'CORNER':
      return prior.map((edge, i) => fround(edge + scaled[i]!)) as unknown as Box;
    case 'CORNER_SIZE':
      return prior.map((edge, i) =>
        fround(edge + fround(scaled[i]! * (i % 2 === 0 ? width : height))),
      ) as unknown as Box;
    case 'CENTER_SIZE': {
      const centerX = fround(fround(scaled[0] * width) + fround(prior[0] + prior[2]) / 2);
      const centerY = fround(fround(scaled[1] * height) + fround(prior[1] + prior[3]) / 2);
      const [halfWidth, halfHeight] = [fround(exp(scaled[2]) * width) / 2, fround(exp(scaled[3]) * height) / 2];
      return [
        fround(centerX - halfWidth),
        fround(centerY - halfHeight),
        fround(centerX + halfWidth),
        fround(centerY + halfHeight),
      ];
    }
  }
}
