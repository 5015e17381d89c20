import { BLOCKED, fillsBlocks, intoBlocks, outOfBlocks } from '../../graph/in-blocks.ts';
import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Shape, type Value } from '../../graph/graph-builder.ts';
import { product } from '../inner-product/product.ts';
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
  // The gradient of a kernel of one column is one product of matrices.
  if (kernelShape[3] === 1) return gradientOfPoints(g, x, dy, kernelShape, window);
  if (dy.shape[0]! % g.channelBlock === 0) return gradientOfImageBlocks(g, x, dy, kernelShape, window);
  const bands = gradientBands(g, dy.shape);
  return bands && gradientOfBands(g, x, dy, kernelShape, window, bands);
}

/** For a kernel of one element, whose gradient is one product of matrices with pixels as rows; undefined for other ones. */
function gradientOfPoints(g: GraphBuilder, x: Value, dy: Value, kernelShape: Shape, window: Window): Value | undefined {
  const [rows, columns] = seenEnds(x, dy.shape[2]!, dy.shape[3]!, window);
  const isPoint = window.kernel[0] === 1 && [...rows, ...columns].every((length) => length <= 0);
  if (!isPoint || !fillsBlocks(g, x.shape)) return undefined;
  const seen = everyPixel(g, x, dy.shape, window.stride);
  // The product is quickest with both matrices as they are, and its bytes fixed where it has not fewer rows than columns.
  const [cout, cin] = kernelShape as [number, number];
  if (cout >= cin) return ops.reshape(g, product(g, channelRows(g, dy), pixelRows(g, seen)), kernelShape);
  const transposed = product(g, channelRows(g, seen), pixelRows(g, dy));
  return ops.reshape(g, ops.transpose(g, transposed, [1, 0]), kernelShape);
}

/** x [N, C, H, W] as [C, N * H * W]. */
const channelRows = (g: GraphBuilder, x: Value): Value =>
  ops.reshape(g, ops.transpose(g, x, [1, 0, 2, 3]), [x.shape[1]!, elementCount(x.shape) / x.shape[1]!]);

/** x [N, C, H, W] as [N * H * W, C]. */
function pixelRows(g: GraphBuilder, x: Value): Value {
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const attributes = { channels, channels_last: 1 };
  const rows = g.op('ReorderOutput', [intoBlocks(g, x)], attributes, [n, height, width, channels], 'float', BLOCKED);
  return ops.reshape(g, rows, [n * height * width, channels]);
}

/** Of x, in blocks, the pixels that a kernel of one element sees at `stride`. */
function everyPixel(g: GraphBuilder, x: Value, [, , height, width]: Shape, stride: readonly number[]): Value {
  if (stride.every((step) => step === 1)) return x;
  const block = g.channelBlock;
  const [n, channels, inputHeight, inputWidth] = x.shape as [number, number, number, number];
  const apart = ops.reshape(g, intoBlocks(g, x), [(n * channels) / block, inputHeight, inputWidth, block]);
  const seen = ops.slice(g, apart, [
    { axis: 1, start: 0, length: height!, step: stride[0]! },
    { axis: 2, start: 0, length: width!, step: stride[1]! },
  ]);
  return outOfBlocks(g, ops.reshape(g, seen, [n, channels, height!, width!]));
}

/** What is before and behind the rows and columns of x in what `height` rows and `width` columns of dy see. */
const seenEnds = (x: Value, height: number, width: number, window: Window) =>
  [height, width].map((length, axis) => {
    const before = window.pad[axis]!;
    return [before, seenLength(length, axis, window) - before - x.shape[2 + axis]!];
  }) as [[number, number], [number, number]];

const seenLength = (length: number, axis: number, { kernel, stride, dilation }: Window): number =>
  (length - 1) * stride[axis]! + dilated(kernel[axis]!, dilation[axis]!);

/** The channels of all images side by side, each of which is summed with its own part of dy as the kernel. */
function depthwiseGradient(g: GraphBuilder, x: Value, dy: Value, kernelShape: Shape, window: Window): Value {
  const block = g.channelBlock;
  const [n, channels, height, width] = dy.shape as [number, number, number, number];
  const { kernel, stride, dilation } = window;
  const lines = ops.reshape(g, intoBlocks(g, x), [(n * channels) / block, x.shape[2]!, x.shape[3]! * block]);
  const [rows, columns] = seenEnds(x, height, width, window);
  const seen = ops.pad(g, lines, [[0, 0], rows, [columns[0] * block, columns[1] * block]]);
  const image = ops.reshape(g, seen, [1, n * channels, seen.shape[1]!, seen.shape[2]! / block]);
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

/** The bands for `gradientOfBands`, or undefined where it does not pay: too few rows to fill a block with. */
function gradientBands(g: GraphBuilder, dy: Shape): Bands | undefined {
  const block = g.channelBlock;
  const [n, , height, width] = dy as [number, number, number, number];
  const bands = block / greatestDivisor(n, block);
  const wanted = Math.max(1, Math.floor(LONGEST_SUM / (block * width)), Math.ceil(height / (bands * MOST_PARTS)));
  const parts = Math.ceil(height / (bands * wanted));
  const rows = Math.ceil(height / (bands * parts));
  return parts * bands * rows <= height * MOST_FILLING ? { parts, bands, rows } : undefined;
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

/** The channels of x are the batch, the images, whole blocks of them, the channels; the rows of dy are summed in parts. */
function gradientOfImageBlocks(g: GraphBuilder, x: Value, dy: Value, kernelShape: Shape, window: Window): Value {
  const block = g.channelBlock;
  const [n, cout, height, width] = dy.shape as [number, number, number, number];
  const [cin, inputHeight, inputWidth] = x.shape.slice(1) as [number, number, number];
  const { kernel, stride, pad, dilation } = window;
  const lines = n / block;
  const inputs = ops.reshape(g, imagesAsChannels(g, x), [cin * lines, inputHeight, inputWidth * block]);
  const outputs = ops.reshape(g, imagesAsKernelChannels(g, dy), [
    (cout / block) * lines,
    height,
    width * block * block,
  ]);
  // Rows of padding are the convolution's; columns of it would cost it more than twice the time.
  const columns = seenLength(width, 1, window);
  const atSides: [number, number] = [pad[1]! * block, (columns - pad[1]! - inputWidth) * block];
  const most = Math.max(1, Math.floor(LONGEST_SUM / (block * width)), Math.ceil(height / MOST_PARTS));
  const rowsOfPart = Math.ceil(height / Math.ceil(height / most));
  const parts = Array.from({ length: Math.ceil(height / rowsOfPart) }, (_, part) => {
    const start = part * rowsOfPart;
    const rows = Math.min(rowsOfPart, height - start);
    const first = start * stride[0]! - pad[0]!;
    const end = first + seenLength(rows, 0, window);
    const [from, to] = [Math.max(0, Math.min(first, inputHeight)), Math.max(0, Math.min(end, inputHeight))];
    return { start, rows, from, to, padding: [from - first, 0, end - to, 0] };
  }).filter(({ from, to }) => from < to); // Rows of dy that see nothing but padding add nothing.
  const taken = parts.map(({ start, rows, from, to }) => {
    const seen = ops.pad(g, inputs, [[0, 0], [-from, to - inputHeight], atSides]);
    const part = rows === height ? outputs : ops.slice(g, outputs, [{ axis: 1, start, length: rows }]);
    return [ops.reshape(g, seen, [cin, n, to - from, columns]), ops.reshape(g, part, [cout, n, rows, width])] as const;
  });
  // Behind all of the parts, so that each part is taken when it is needed (see `simplified`).
  let sum: Value | undefined;
  parts.forEach(({ rows, padding }, i) => {
    const [image, kernelPart] = taken[i]!;
    const attributes = { kernel_shape: [rows, width], strides: dilation, dilations: stride, pads: padding, group: 1 };
    sum = g.op('Conv', [image, kernelPart, undefined, sum], attributes, [cin, cout, ...kernel], 'float', BLOCKED);
  });
  return ops.reshape(g, ops.transpose(g, outOfBlocks(g, sum!), [1, 0, 2, 3]), kernelShape);
}

/** x [N, C, H, W] as [C, N, H, W] with its images in blocks: [C, N / block, H, W, block]. */
function imagesAsChannels(g: GraphBuilder, x: Value): Value {
  const block = g.channelBlock;
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  if (!fillsBlocks(g, x.shape)) return intoBlocks(g, ops.transpose(g, x, [1, 0, 2, 3]));
  const pixels = height * width * block;
  const apart = ops.reshape(g, imagesInside(g, x), [(n / block) * (channels / block), block, pixels, 1]);
  const byChannel = g.op('ReorderOutput', [apart], { channels: block }, apart.shape, 'float', BLOCKED);
  return setsInside(g, ops.reshape(g, byChannel, [n / block, channels, pixels]), [channels, n, height, width]);
}

/** dy [N, C, H, W] as a kernel of C outputs of N channels: [C / block, N / block, H, W, block of images, block of channels]. */
function imagesAsKernelChannels(g: GraphBuilder, dy: Value): Value {
  const block = g.channelBlock;
  const [n, channels, height, width] = dy.shape as [number, number, number, number];
  const apart = ops.reshape(g, imagesInside(g, dy), [n / block, channels / block, height * width * block * block]);
  return setsInside(g, apart, [channels, n, height, width]);
}

/** x [N, C, H, W] as [N / block, C / block, H, W, block of images, block of channels]. */
function imagesInside(g: GraphBuilder, x: Value): Value {
  const block = g.channelBlock;
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const pixels = (channels / block) * height * width;
  // To the operator, the images of a block are blocks of channels, and all blocks of channels one long image.
  const long = ops.reshape(g, intoBlocks(g, x), [n / block, block * block, pixels, 1]);
  const attributes = { channels: block * block, channels_last: 1 };
  return g.op('ReorderOutput', [long], attributes, [n / block, pixels, 1, block * block], 'float', BLOCKED);
}

/** [sets, lines, ...] as [lines, sets, ...], in the given shape. */
const setsInside = (g: GraphBuilder, x: Value, shape: Shape): Value =>
  ops.reshape(g, x.shape[0] === 1 ? x : ops.transpose(g, x, [1, 0, 2]), shape);

/** The channels of x are the batch, the images and bands of their rows the channels. */
function gradientOfBands(
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
  const inputs = ops.transpose(g, ops.pad(g, x, [[0, 0], [0, 0], ...seenEnds(x, height, width, window)]), [1, 0, 2, 3]);
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
