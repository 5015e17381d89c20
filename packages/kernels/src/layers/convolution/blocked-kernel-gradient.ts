import { BLOCKED, intoBlocks, outOfBlocks } from '../../graph/in-blocks.ts';
import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Shape, Value } from '../../graph/graph-builder.ts';
import { isDepthwise } from './blocked-convolution.ts';
import { dilated, type Window } from './spatial.ts';

/** Sums of at most this many products are made one after the other before they are added to each other. */
const LONGEST_SUM = 4096;
/** Convolutions that one gradient is split into, at most. */
const MOST_PARTS = 32;
/** Rows of zeros, by rows of the image, up to which the blocked form is the faster one. */
const MOST_FILLING = 1.5;

/**
 * dw of x [N, Cin, H, W] and dy [N, Cout, H', W'], of shape `kernelShape`, for one group or depthwise, in onnxruntime's
 * kernels for channels in blocks: a convolution in which dy is the kernel, and stride and dilation change places.
 * Undefined where these kernels do not take it.
 */
export function kernelGradientInBlocks(
  g: GraphBuilder,
  x: Value,
  dy: Value,
  kernelShape: Shape,
  window: Window,
  group: number,
): Value | undefined {
  const [cin, cout] = [x.shape[1]!, kernelShape[0]!];
  if (g.channelBlock === 1 || dy.shape.length !== 4 || cout % g.channelBlock !== 0) return undefined;
  if (group > 1) return isDepthwise(cin, cout, group) ? depthwiseGradient(g, x, dy, kernelShape, window) : undefined;
  const bands = gradientBands(g, dy.shape, kernelShape);
  return bands && denseGradient(g, x, dy, kernelShape, window, bands);
}

/** x with its padding, cut to what `height` rows and `width` columns of dy see. */
function seenOf(g: GraphBuilder, x: Value, height: number, width: number, window: Window): Value {
  const ends = [height, width].map((length, axis): [number, number] => {
    const before = window.pad[axis]!;
    return [before, seenLength(length, axis, window) - before - x.shape[2 + axis]!];
  });
  return ops.pad(g, x, [[0, 0], [0, 0], ...ends]);
}

const seenLength = (length: number, axis: number, { kernel, stride, dilation }: Window): number =>
  (length - 1) * stride[axis]! + dilated(kernel[axis]!, dilation[axis]!);

/** The channels of all images side by side, each of which is summed with its own part of dy as the kernel. */
function depthwiseGradient(g: GraphBuilder, x: Value, dy: Value, kernelShape: Shape, window: Window): Value {
  const [n, channels, height, width] = dy.shape as [number, number, number, number];
  const { kernel, stride, dilation } = window;
  const seen = seenOf(g, x, height, width, window);
  const image = ops.reshape(g, intoBlocks(g, seen), [1, n * channels, ...seen.shape.slice(2)]);
  const asKernel = ops.reshape(g, intoBlocks(g, dy), [n * channels, 1, height, width]);
  const attributes = {
    kernel_shape: [height, width],
    strides: dilation,
    dilations: stride,
    pads: [0, 0, 0, 0],
    group: n * channels,
  };
  const ofImages = g.op('Conv', [image, asKernel], attributes, [1, n * channels, ...kernel], 'float', BLOCKED);
  return ops.reshape(
    g,
    ops.reduceSum(g, ops.reshape(g, outOfBlocks(g, ofImages), [n, channels, ...kernel]), [0]),
    kernelShape,
  );
}

/** How the rows of dy are shared out: `parts` convolutions, each over `bands` bands of `rows` rows. */
interface Bands {
  parts: number;
  bands: number;
  rows: number;
}

/**
 * The bands for `denseGradient`, or undefined where it does not pay: kernels of one column, whose gradient is one
 * product of matrices, and too few rows to fill a block with.
 */
function gradientBands(g: GraphBuilder, dy: Shape, kernelShape: Shape): Bands | undefined {
  const block = g.channelBlock;
  const [n, , height, width] = dy as [number, number, number, number];
  if (kernelShape[3] === 1) return undefined;
  const bands = block / greatestDivisor(n, block);
  const wanted = Math.max(1, Math.floor(LONGEST_SUM / (block * width)), Math.ceil(height / (bands * MOST_PARTS)));
  const parts = Math.ceil(height / (bands * wanted));
  const rows = Math.ceil(height / (bands * parts));
  return parts * bands * rows <= height * MOST_FILLING ? { parts, bands, rows } : undefined;
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

/** The channels of x are the batch, the images and bands of their rows the channels. */
function denseGradient(
  g: GraphBuilder,
  x: Value,
  dy: Value,
  kernelShape: Shape,
  window: Window,
  { parts, bands, rows }: Bands,
): Value {
  const block = g.channelBlock;
  const [n, cout, , width] = dy.shape as [number, number, number, number];
  const cin = x.shape[1]!;
  const height = parts * bands * rows;
  const { kernel, stride, dilation } = window;
  const inputs = ops.transpose(g, seenOf(g, x, height, width, window), [1, 0, 2, 3]);
  const outputs = ops.reshape(
    g,
    intoBlocks(
      g,
      ops.pad(g, dy, [
        [0, 0],
        [0, 0],
        [0, height - dy.shape[2]!],
        [0, 0],
      ]),
    ),
    [n, cout / block, height, width * block],
  );
  const bandsOf = (value: Value, part: number, step: number, length: number) =>
    Array.from({ length: bands }, (_, band) =>
      ops.slice(g, value, [{ axis: 2, start: (part * bands + band) * rows * step, length }]),
    );
  const channels = bands * n;
  const gradientShape = [cin, cout, ...kernel];
  let sum: Value | undefined;
  for (let part = 0; part < parts; part++) {
    const image = intoBlocks(g, ops.concat(g, bandsOf(inputs, part, stride[0]!, seenLength(rows, 0, window)), 1));
    const split = ops.reshape(g, ops.concat(g, bandsOf(outputs, part, 1, rows), 0), [
      channels / block,
      block,
      cout / block,
      rows * width,
      block,
    ]);
    const asKernel = ops.reshape(g, ops.transpose(g, split, [2, 0, 3, 1, 4]), [cout, channels, rows, width]);
    const attributes = {
      kernel_shape: [rows, width],
      strides: dilation,
      dilations: stride,
      pads: [0, 0, 0, 0],
      group: 1,
    };
    sum = g.op('Conv', [image, asKernel, undefined, sum], attributes, gradientShape, 'float', BLOCKED);
  }
  return ops.reshape(g, ops.transpose(g, outOfBlocks(g, sum!), [1, 0, 2, 3]), kernelShape);
}
