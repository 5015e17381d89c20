/**
 * Sums of integer products in float32 are exact, in whatever order they are added, as long as no partial sum can exceed
 * 2^24. A layer's sum over its inputs is therefore cut into blocks: for every output channel, the sum of |weight| in a
 * block times the largest |input| stays within that.
 */
export const EXACT_LIMIT = 2 ** 24;

/** A part of the weights of one output channel: input channels, and of these the taps of the kernel. */
export interface Block {
  firstChannel: number;
  channels: number;
  firstTap: number;
  taps: number;
}

const { abs } = Math;

/**
 * @param weights [outputs, channels, taps], row-major.
 * @param largestInput the largest |input|.
 */
export function exactBlocks(
  weights: Int8Array,
  [outputs, channels, taps]: readonly [number, number, number],
  largestInput: number,
): Block[] {
  const limit = EXACT_LIMIT / largestInput;
  const blocks: Block[] = [];
  let sums = new Float64Array(outputs);
  let first = 0;
  const norms = (channel: number, firstTap: number, count: number): Float64Array => {
    const result = new Float64Array(outputs);
    for (let o = 0; o < outputs; o++) {
      const base = (o * channels + channel) * taps + firstTap;
      let sum = 0;
      for (let t = 0; t < count; t++) sum += abs(weights[base + t]!);
      result[o] = sum;
    }
    return result;
  };
  const fits = (a: Float64Array, b: Float64Array): boolean => a.every((sum, o) => sum + b[o]! <= limit);
  const none = new Float64Array(outputs);
  const close = (end: number): void => {
    if (end > first) blocks.push({ firstChannel: first, channels: end - first, firstTap: 0, taps });
    first = end;
    sums = new Float64Array(outputs);
  };
  for (let channel = 0; channel < channels; channel++) {
    const ofChannel = norms(channel, 0, taps);
    if (!fits(sums, ofChannel)) close(channel);
    if (!fits(none, ofChannel)) {
      // One channel's kernel alone is too large: cut it into runs of taps that fit whatever the weights are.
      const run = Math.max(1, Math.floor(limit / 128));
      for (let tap = 0; tap < taps; tap += run) {
        blocks.push({ firstChannel: channel, channels: 1, firstTap: tap, taps: Math.min(run, taps - tap) });
      }
      first = channel + 1;
      continue;
    }
    for (let o = 0; o < outputs; o++) sums[o]! += ofChannel[o]!;
  }
  close(channels);
  return blocks;
}

/**
 * The largest |accumulator| that a layer's weights, biases and inputs allow.
 *
 * @param bias one for each output; undefined: none.
 */
export function largestSum(
  weights: Int8Array,
  bias: Int32Array | undefined,
  outputs: number,
  largestInput: number,
): number {
  const inner = weights.length / outputs;
  let largest = 0;
  for (let o = 0; o < outputs; o++) {
    let sum = 0;
    for (let i = 0; i < inner; i++) sum += abs(weights[o * inner + i]!);
    largest = Math.max(largest, sum * largestInput + abs(bias?.[o] ?? 0));
  }
  return largest;
}
