import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Shape, type Value } from '../../graph/graph-builder.ts';
import { convolveInBlocks, hasBlocks, inputGradientInBlocks, isDepthwise } from './blocked-convolution.ts';
import { kernelGradientInBlocks } from './blocked-kernel-gradient.ts';
import { BLOCKED, outOfBlocks } from '../../graph/in-blocks.ts';
import { product } from '../inner-product/product.ts';
import { dilated, spatialAxes, type Window } from './spatial.ts';

/**
 * The three products of a convolution as ONNX nodes, in forms whose bytes do not depend on the number of threads:
 * onnxruntime splits the sums of a `Conv` with batch 1 by thread, and those of a product with fewer rows than columns.
 */

/** y of x [N, Cin, H, W], w [Cout, Cin / group, kh, kw] and b [Cout]; or with one or three spatial axes. */
export function convolve(
  g: GraphBuilder,
  x: Value,
  w: Value,
  b: Value | undefined,
  window: Window,
  group: number,
): Value {
  const [n, cin] = x.shape as [number, number];
  const size = outputSize(x.shape, window);
  if (hasBlocks(g, cin, w.shape[0]!, group, size.length)) {
    return convolveInBlocks(g, x, w, b, window, group, size);
  }
  const attributes = {
    kernel_shape: window.kernel,
    strides: window.stride,
    dilations: window.dilation,
    pads: [...window.pad, ...window.padEnd],
    group,
  };
  // A batch of one is computed twice over, since only batches of two and more give the same bytes for any thread count;
  // a plain graph promises none.
  const doubled = n === 1 && !g.plain;
  const batch = doubled ? ops.concat(g, [x, x], 0) : x;
  const y = g.op('Conv', [batch, w, b], attributes, [batch.shape[0]!, w.shape[0]!, ...size]);
  return doubled ? ops.slice(g, y, [{ axis: 0, start: 0, length: 1 }]) : y;
}

export const outputSize = (input: Shape, { kernel, stride, pad, padEnd, dilation }: Window): number[] =>
  spatialAxes(input).map((axis) => {
    const padded = input[2 + axis]! + pad[axis]! + padEnd[axis]!;
    return Math.floor((padded - dilated(kernel[axis]!, dilation[axis]!)) / stride[axis]!) + 1;
  });

/** Multiples of it suit onnxruntime's plain convolution: on LeNet's 20 to 50 channels it takes 11 ms, transposed 3.4. */
const CHANNEL_BLOCK = 16;

/**
 * dx of dy [N, Cout, H', W'], of shape `input`: in blocks of channels where that can be; else for stride 1 and whole
 * blocks, or depthwise kernels, a convolution of dy with the kernel flipped and its two channel axes swapped; else a
 * transposed convolution.
 */
export function inputGradient(
  g: GraphBuilder,
  dy: Value,
  w: Value,
  input: Shape,
  window: Window,
  group: number,
): Value {
  const { kernel, stride, pad, padEnd, dilation } = window;
  const inBlocks = inputGradientInBlocks(g, dy, w, input, window, group);
  if (inBlocks) return inBlocks;
  const axes = spatialAxes(input);
  const [fullPad, fullPadEnd] = [pad, padEnd].map((side) =>
    axes.map((axis) => dilated(kernel[axis]!, dilation[axis]!) - 1 - side[axis]!),
  ) as [number[], number[]];
  const [cin, cout] = [input[1]!, w.shape[0]!];
  const wholeBlocks = [cin / group, cout / group].every((channels) => channels % CHANNEL_BLOCK === 0);
  const isConvolution =
    stride.every((step) => step === 1) && [...fullPad, ...fullPadEnd].every((length) => length >= 0);
  if (isConvolution && (wholeBlocks || isDepthwise(cin, cout, group))) {
    const flipped = ops.slice(
      g,
      w,
      axes.map((axis) => ({ axis: 2 + axis, start: kernel[axis]! - 1, length: kernel[axis]!, step: -1 })),
    );
    return convolve(
      g,
      dy,
      swapChannelAxes(g, flipped, group),
      undefined,
      { kernel, stride, pad: fullPad, padEnd: fullPadEnd, dilation },
      group,
    );
  }
  const size = outputSize(input, window);
  const missing = axes.map((axis) => {
    const reached = (size[axis]! - 1) * stride[axis]! + dilated(kernel[axis]!, dilation[axis]!);
    return input[2 + axis]! + pad[axis]! + padEnd[axis]! - reached;
  });
  return g.op(
    'ConvTranspose',
    [dy, w],
    {
      kernel_shape: kernel,
      strides: stride,
      dilations: dilation,
      pads: [...pad, ...padEnd],
      output_padding: missing,
      group,
    },
    input,
  );
}

/** [Cout, Cin / group, kh, kw] to [Cin, Cout / group, kh, kw]. */
function swapChannelAxes(g: GraphBuilder, w: Value, group: number): Value {
  const [cout, cinPerGroup, ...kernel] = w.shape as [number, number, ...number[]];
  const swapped = [1, 0, ...ops.allAxes(w).slice(2)];
  if (group === 1) return ops.transpose(g, w, swapped);
  const grouped = ops.reshape(g, w, [group, cout / group, cinPerGroup, ...kernel]);
  return ops.reshape(g, ops.transpose(g, grouped, [0, ...swapped.map((axis) => axis + 1)]), [
    group * cinPerGroup,
    cout / group,
    ...kernel,
  ]);
}

/** Channels of dy with those of zeros that fill it up, by those that it has, up to which blocks are faster than slices of x. */
const MOST_FILLING = 1.6;

/** dw in blocks of channels, those of dy filled up with zeros where that does not cost too much; else undefined. */
function kernelGradientInFilledBlocks(
  g: GraphBuilder,
  x: Value,
  dy: Value,
  kernelShape: Shape,
  window: Window,
): Value | undefined {
  const cout = dy.shape[1]!;
  const filled = Math.ceil(cout / g.channelBlock) * g.channelBlock;
  if (filled === cout) return kernelGradientInBlocks(g, x, dy, kernelShape, window, 1);
  if (filled > cout * MOST_FILLING || dy.shape.length !== 4) return undefined;
  const dw = kernelGradientInBlocks(
    g,
    x,
    withZeroChannels(g, dy, filled),
    [filled, ...kernelShape.slice(1)],
    window,
    1,
  );
  return dw && ops.cropTo(g, dw, kernelShape);
}

/** The operator that brings a tensor into blocks takes multiples of so many channels, and fills them up itself. */
const CHANNELS_OF_REORDERING = 4;

/** x [N, C, H, W] with channels of zeros behind its own, `channels` in all, which fill blocks. */
function withZeroChannels(g: GraphBuilder, x: Value, channels: number): Value {
  const [n, own, height, width] = x.shape as [number, number, number, number];
  if (own % CHANNELS_OF_REORDERING === 0) {
    return outOfBlocks(g, g.op('ReorderInput', [x], {}, [n, channels, height, width], 'float', BLOCKED));
  }
  return ops.pad(g, x, [
    [0, 0],
    [0, channels - own],
    [0, 0],
    [0, 0],
  ]);
}

/**
 * Up to this many elements (128 MiB) the slices of all taps are laid side by side into one product, which takes half to
 * three quarters of the time of one product a tap; beyond it memory counts more.
 */
const ONE_PRODUCT_LIMIT = 2 ** 25;

/**
 * dw of x and dy, of shape `kernelShape`: in blocks of channels where that can be; else the images go into the summed
 * axis: per tap of the kernel, the slice of x under it, channel-first [Cin, N H' W'], times dy channel-first
 * [Cout, N H' W'].
 */
export function kernelGradient(
  g: GraphBuilder,
  x: Value,
  dy: Value,
  kernelShape: Shape,
  window: Window,
  group: number,
  oneProductLimit = ONE_PRODUCT_LIMIT,
): Value {
  const [cout, cinPerGroup] = kernelShape as [number, number];
  const depthwise = isDepthwise(x.shape[1]!, cout, group);
  if (group > 1 && !depthwise) {
    const channelsOf = (value: Value, index: number) => {
      const length = value.shape[1]! / group;
      return ops.slice(g, value, [{ axis: 1, start: index * length, length }]);
    };
    const ofGroups = Array.from({ length: group }, (_, index) => {
      const shape = [cout / group, ...kernelShape.slice(1)];
      return kernelGradient(g, channelsOf(x, index), channelsOf(dy, index), shape, window, 1, oneProductLimit);
    });
    return ops.concat(g, ofGroups, 0);
  }
  const inBlocks = depthwise
    ? kernelGradientInBlocks(g, x, dy, kernelShape, window, group)
    : kernelGradientInFilledBlocks(g, x, dy, kernelShape, window);
  if (inBlocks) return inBlocks;

  const { kernel, stride, pad, padEnd, dilation } = window;
  const [n, , ...size] = dy.shape as [number, number, ...number[]];
  const axes = spatialAxes(dy.shape);
  const columns = n * elementCount(size);
  const padded = ops.pad(g, x, [[0, 0], [0, 0], ...axes.map((axis) => [pad[axis]!, padEnd[axis]!] as const)]);
  const channelFirst = [1, 0, ...ops.allAxes(dy).slice(2)];
  const inputs = ops.transpose(g, padded, channelFirst);
  const outputs = ops.reshape(g, ops.transpose(g, dy, channelFirst), [cout, columns]);
  const taps = Array.from({ length: elementCount(kernel) }, (_, tap) => {
    const offset = axes.map((axis) => Math.floor(tap / elementCount(kernel.slice(axis + 1))) % kernel[axis]!);
    const underTap = ops.slice(
      g,
      inputs,
      axes.map((axis) => ({
        axis: 2 + axis,
        start: offset[axis]! * dilation[axis]!,
        length: size[axis]!,
        step: stride[axis]!,
      })),
    );
    return ops.reshape(g, underTap, [x.shape[1]!, columns]);
  });
  if (depthwise) {
    // A channel's taps are sums of products, and one product of matrices a channel would be tiny.
    const sums = taps.map((tap) => ops.reduceSum(g, ops.mul(g, tap, outputs), [1], true));
    return ops.reshape(g, ops.concat(g, sums, 1), kernelShape);
  }
  const byTap =
    cinPerGroup * taps.length * columns <= oneProductLimit
      ? product(g, outputs, ops.concat(g, taps, 0), { transposeB: true })
      : ops.concat(
          g,
          taps.map((tap) => product(g, outputs, tap, { transposeB: true })),
          1,
        );
  const split = ops.reshape(g, byTap, [cout, taps.length, cinPerGroup]);
  return ops.reshape(g, ops.transpose(g, split, [0, 2, 1]), kernelShape);
}
