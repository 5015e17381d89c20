import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { channelAxisOf } from '../layers/registry.ts';

/** Which channels an element of a layer's weights joins. */
export interface WeightChannels {
  readonly outputs: number;
  readonly inputs: number;
  outputOf(element: number): number;
  inputOf(element: number): number;
}

const { floor } = Math;

/**
 * Channels of the weights of a convolution, grouped or not: [C_out, C_in / group, ..], of a Deconvolution
 * [C_in, C_out / group, ..]. Source: Caffe's `base_conv_layer.cpp`.
 */
export function convolutionChannels(type: string, shape: Shape, inputs: number, outputs: number): WeightChannels {
  const [, narrow] = shape as [number, number];
  const area = elementCount(shape.slice(2));
  const isTransposed = channelAxisOf(type) === 1;
  const [wide, other] = isTransposed ? [inputs, outputs] : [outputs, inputs];
  // Channels of the first axis, and of the second one, in a group.
  const widePerGroup = wide / (other / narrow);
  const wideOf = (element: number) => floor(element / (narrow * area));
  const otherOf = (element: number) =>
    floor(wideOf(element) / widePerGroup) * narrow + (floor(element / area) % narrow);
  return isTransposed
    ? { inputs, outputs, inputOf: wideOf, outputOf: otherOf }
    : { inputs, outputs, inputOf: otherOf, outputOf: wideOf };
}

/**
 * Channels of the weights of an InnerProduct, [N, K], or [K, N] where they are transposed, whose K inputs are `inputs`
 * channels of K / inputs positions each.
 */
export function innerProductChannels(
  outputs: number,
  count: number,
  inputs: number,
  isTransposed: boolean,
): WeightChannels {
  const columns = count / outputs;
  const positions = columns / inputs;
  return isTransposed
    ? { inputs, outputs, inputOf: (i) => floor(floor(i / outputs) / positions), outputOf: (i) => i % outputs }
    : { inputs, outputs, inputOf: (i) => floor((i % columns) / positions), outputOf: (i) => floor(i / columns) };
}

/** The largest magnitude of each channel. */
export function channelRanges(
  weights: ArrayLike<number>,
  channels: number,
  channelOf: (element: number) => number,
): Float64Array {
  const ranges = new Float64Array(channels);
  for (let i = 0; i < weights.length; i++) {
    const magnitude = weights[i]! < 0 ? -weights[i]! : weights[i]!;
    const channel = channelOf(i);
    if (magnitude > ranges[channel]!) ranges[channel] = magnitude;
  }
  return ranges;
}
