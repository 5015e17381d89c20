/** The weight scales of a layer in short. */
export interface ScaleSummary {
  /** Smallest and largest of the channels that have weights; of all where none has. */
  min: number;
  max: number;
  /** All channels. */
  count: number;
  /** Channels whose weights are all zero, beside others: their scale says nothing of weights. */
  zeros: number;
}

/** What a layer's record has of its weights. */
export interface WeightScales {
  scaleW?: readonly number[];
  deadChannels?: readonly number[];
}

/** Undefined where there are none. */
export function summarizeScales({ scaleW, deadChannels = [] }: WeightScales): ScaleSummary | undefined {
  if (!scaleW || scaleW.length === 0) return undefined;
  const counted = weightedChannels(scaleW, deadChannels).map(({ scale }) => scale);
  const shown = counted.length > 0 ? counted : scaleW;
  return {
    min: -largest(shown.map((scale) => -scale)),
    max: largest(shown),
    count: scaleW.length,
    zeros: scaleW.length > 1 && counted.length > 0 ? deadChannels.length : 0,
  };
}

/** The channels that have weights, with their scales. */
export function weightedChannels(
  scales: readonly number[],
  deadChannels: readonly number[] = [],
): { channel: number; scale: number }[] {
  const dead = new Set(scales.length > 1 ? deadChannels : []);
  return scales.map((scale, channel) => ({ channel, scale })).filter(({ channel }) => !dead.has(channel));
}

function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}
