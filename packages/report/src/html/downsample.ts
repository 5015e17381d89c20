/** A point of a curve. */
export interface Point {
  x: number;
  y: number;
}

/** No curve of a page has more points than this. */
export const MAX_POINTS = 400;

/**
 * At most `limit` of a curve's points (and at least 2), in order: the first, the last, and from equal stretches between
 * them the lowest and the highest each, so that no spike is lost. All are points of the curve; none is made up.
 */
export function downsample(points: readonly Point[], limit = MAX_POINTS): Point[] {
  if (points.length <= limit) return [...points];
  const inner = points.length - 2;
  const stretches = Math.max(0, Math.floor((limit - 2) / 2));
  const kept: Point[] = [points[0]!];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const start = 1 + Math.floor((stretch * inner) / stretches);
    const end = 1 + Math.floor(((stretch + 1) * inner) / stretches);
    let low = start;
    let high = start;
    for (let i = start; i < end; i++) {
      if (points[i]!.y < points[low]!.y) low = i;
      if (points[i]!.y > points[high]!.y) high = i;
    }
    kept.push(points[Math.min(low, high)]!);
    if (low !== high) kept.push(points[Math.max(low, high)]!);
  }
  kept.push(points[points.length - 1]!);
  return kept;
}

/** Mean of the `window` points around each one; at the ends of those that are there. */
export function movingAverage(points: readonly Point[], window: number): Point[] {
  const sums = [0];
  for (const { y } of points) sums.push(sums[sums.length - 1]! + y);
  const before = Math.floor((window - 1) / 2);
  return points.map(({ x }, index) => {
    const start = Math.max(0, index - before);
    const end = Math.min(points.length, index - before + window);
    return { x, y: (sums[end]! - sums[start]!) / (end - start) };
  });
}
