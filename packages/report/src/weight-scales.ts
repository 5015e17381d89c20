/** ARQ gives this scale to a channel whose weights are all zero, or next to it. */
const SCALE_OF_ZEROS = 1;

/** The weight scales of a layer in short. */
export interface ScaleSummary {
  /** Smallest and largest of the channels that have weights. */
  min: number;
  max: number;
  /** All channels. */
  count: number;
  /** Channels whose weights seem to be all zero: their scale is 1, far above those of the others. */
  zeros: number;
}

/** Undefined where there are none. */
export function summarizeScales(scales: readonly number[] | undefined): ScaleSummary | undefined {
  if (!scales || scales.length === 0) return undefined;
  const others = scales.filter((scale) => scale !== SCALE_OF_ZEROS);
  const zeros = others.length > 0 && largest(others) < SCALE_OF_ZEROS / 10 ? scales.length - others.length : 0;
  const counted = zeros > 0 ? others : scales;
  return { min: -largest(counted.map((scale) => -scale)), max: largest(counted), count: scales.length, zeros };
}

/** The channels that have weights, with their scales. */
export function weightedChannels(scales: readonly number[]): { channel: number; scale: number }[] {
  const zeros = summarizeScales(scales)?.zeros ?? 0;
  return scales
    .map((scale, channel) => ({ channel, scale }))
    .filter(({ scale }) => zeros === 0 || scale !== SCALE_OF_ZEROS);
}

function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}
