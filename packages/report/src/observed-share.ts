import type { ClipRange } from '@caffe-quant/resolver';
import type { ObservedValues } from './report-input.ts';

/**
 * Share of the observed values, 0 to 1, that lie outside of a range and so are clipped to its ends. Within a bin the
 * values count as evenly spread, so the share is exact only where the range ends between bins.
 */
export function shareOutside({ min, max, bins }: ObservedValues, clip: ClipRange): number {
  const count = bins.reduce((sum, bin) => sum + bin, 0);
  if (count === 0) return 0;
  if (!(max > min)) return min < clip.min || min > clip.max ? 1 : 0;
  const width = (max - min) / bins.length;
  let outside = 0;
  bins.forEach((bin, index) => {
    const from = min + index * width;
    const below = (clip.min - from) / width;
    const above = (from + width - clip.max) / width;
    outside += bin * Math.min(1, Math.max(0, below) + Math.max(0, above));
  });
  // Sums of parts: what is left of rounding where the range holds all values.
  return clip.min <= min && clip.max >= max ? 0 : Math.min(1, outside / count);
}
