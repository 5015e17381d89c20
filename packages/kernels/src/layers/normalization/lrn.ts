import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { convolve } from '../convolution/convolution-products.ts';
import { elementCount, type GraphBuilder, type Value } from '../../graph/graph-builder.ts';
import { ENGINE } from '../common-fields.ts';
import { check, layerKernel } from '../layer.ts';

export interface LrnSettings {
  readonly region: 'ACROSS_CHANNELS' | 'WITHIN_CHANNEL';
  /** Length of a window, or of its sides; odd. */
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  /** What is added to the mean; 1 within a channel. */
  readonly k: number;
}

/**
 * LRN (local response normalization): y = x * s^-beta with s = k + alpha * mean of x^2 over a window of `local_size`,
 * along the channels (ACROSS_CHANNELS), or over a square of its plane (WITHIN_CHANNEL, where k is always 1). The window
 * takes zeros beyond the border and always divides by its full size. Both gradients run over the same window:
 *
 *   dx = dy s^-beta - 2 alpha beta x * mean over the window of (dy x s^(-beta - 1))
 *
 * x [N, C, H, W]. Source: Caffe's `lrn_layer.cpp`.
 */
export const lrn = layerKernel({
  type: 'LRN',
  bottoms: 1,
  tops: 1,
  fields: { lrn_param: { ...read('local_size', 'alpha', 'beta', 'norm_region', 'k'), engine: ENGINE } },
  settings({ lrn_param: param = {} }): LrnSettings {
    const { norm_region: region = 'ACROSS_CHANNELS', local_size: size = 5, alpha = 1, beta = 0.75, k = 1 } = param;
    check(size % 2 === 1, () => `local_size ${size} must be odd`);
    return { region, size, alpha, beta, k: region === 'ACROSS_CHANNELS' ? k : 1 };
  },
  lower({ g, settings, bottoms }) {
    const [x] = bottoms as [Value];
    const { region, size, alpha, beta, k } = settings;
    check(x.shape.length === 4, () => `expected a bottom [N, C, H, W], got [${x.shape.join(', ')}]`);
    const mean = (value: Value) =>
      region === 'ACROSS_CHANNELS' ? meanOverChannels(g, value, size) : meanOverSquare(g, value, size);
    const s = ops.add(g, ops.mul(g, mean(ops.mul(g, x, x)), g.scalar(alpha)), g.scalar(k));
    const factor = toMinusPower(g, s, beta);
    const y = ops.mul(g, x, factor);
    return {
      tops: [y],
      backward([dy]) {
        const spread = ops.mul(g, x, mean(ops.div(g, ops.mul(g, dy!, y), s)));
        return {
          bottoms: [ops.sub(g, ops.mul(g, dy!, factor), ops.mul(g, spread, g.scalar(2 * alpha * beta)))],
        };
      },
    };
  },
});

function meanOverChannels(g: GraphBuilder, x: Value, size: number): Value {
  const [n, c, ...plane] = x.shape as [number, number, ...number[]];
  if (g.blockedForm(x) && c <= MOST_CHANNELS) return convolve(g, x, neighbours(g, c, size), undefined, POINT, 1);
  const asPlane = ops.reshape(g, x, [n, 1, c, elementCount(plane)]);
  const half = (size - 1) / 2;
  const attributes = { kernel_shape: [size, 1], pads: [half, 0, half, 0], count_include_pad: 1 };
  return ops.reshape(g, g.op('AveragePool', [asPlane], attributes, asPlane.shape), x.shape);
}

/** Up to so many channels, in blocks, the mean is quicker as a convolution over all of them. */
const MOST_CHANNELS = 512;

const POINT = { kernel: [1, 1], stride: [1, 1], pad: [0, 0], padEnd: [0, 0], dilation: [1, 1] };

/** A kernel [C, C, 1, 1] of 1 / size for the channels next to each, and 0 for the others. */
const neighbours = (g: GraphBuilder, channels: number, size: number): Value =>
  g.constant(
    'float',
    [channels, channels, 1, 1],
    Float32Array.from({ length: channels * channels }, (_, i) =>
      Math.abs(Math.floor(i / channels) - (i % channels)) * 2 < size ? 1 / size : 0,
    ),
  );

function meanOverSquare(g: GraphBuilder, x: Value, size: number): Value {
  const half = (size - 1) / 2;
  const attributes = { kernel_shape: [size, size], pads: [half, half, half, half], count_include_pad: 1 };
  return g.op('AveragePool', [x], attributes, x.shape);
}

/** s^-beta; by square roots for the exponents in use, since a general power takes many times as long. */
function toMinusPower(g: GraphBuilder, s: Value, beta: number): Value {
  const root = () => ops.sqrt(g, s);
  if (beta === 0.5) return ops.div(g, g.scalar(1), root());
  if (beta === 0.75) {
    const half = root();
    return ops.div(g, g.scalar(1), ops.mul(g, half, ops.sqrt(g, half)));
  }
  return ops.pow(g, s, g.scalar(-beta));
}
