import { BLOCKED, intoBlocks, outOfBlocks } from '../../graph/in-blocks.ts';
import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Shape, type Value } from '../../graph/graph-builder.ts';
import type { Window } from './spatial.ts';

/**
 * The products of a convolution in onnxruntime's kernels for channels in blocks, which reach twice the speed of its
 * other ones. Weights are brought into the kernels' order, [Cout / block, Cin / block, kh, kw, block (in), block (out)],
 * in the graph itself. Each sum is one thread's, so that the bytes do not depend on the number of threads.
 */

/** Up to this many channels are read as they are, and not filled up to a block. */
const IMAGE_CHANNELS = 4;

/** Whether the blocked kernels take a convolution of `cin` to `cout` channels; `group` must divide both. */
export function hasBlocks(g: GraphBuilder, cin: number, cout: number, group: number, axes: number): boolean {
  const block = g.channelBlock;
  if (block === 1 || axes !== 2 || cout % block !== 0) return false;
  if (group === 1) return cin <= IMAGE_CHANNELS || cin % block === 0;
  if (isDepthwise(cin, cout, group)) return true;
  return (cin / group) % block === 0 && (cout / group) % block === 0;
}

export const isDepthwise = (cin: number, cout: number, group: number): boolean => cin === group && cout === group;

/** y [N, Cout, H', W'] of x [N, Cin, H, W], w [Cout, Cin / group, kh, kw] and b [Cout]. */
export function convolveInBlocks(
  g: GraphBuilder,
  x: Value,
  w: Value,
  b: Value | undefined,
  { kernel, stride, pad, padEnd, dilation }: Window,
  group: number,
  size: Shape,
): Value {
  const input = x.shape[1]! <= IMAGE_CHANNELS ? x : intoBlocks(g, x);
  const attributes = {
    kernel_shape: kernel,
    strides: stride,
    dilations: dilation,
    pads: [...pad, ...padEnd],
    group,
  };
  const shape = [x.shape[0]!, w.shape[0]!, ...size];
  return outOfBlocks(g, g.op('Conv', [input, kernelInBlocks(g, w), b], attributes, shape, 'float', BLOCKED));
}

/** w [Cout, Cin / group, kh, kw] in the order of the kernels. */
function kernelInBlocks(g: GraphBuilder, w: Value): Value {
  const block = g.channelBlock;
  const [cout, cin, ...size] = w.shape as [number, number, ...number[]];
  const taps = elementCount(size);
  const outputs = cout / block;
  if (cin <= IMAGE_CHANNELS) {
    return ops.reshape(g, ops.transpose(g, ops.reshape(g, w, [outputs, block, cin * taps]), [0, 2, 1]), w.shape);
  }
  const inputs = cin / block;
  const rows = intoBlocks(g, ops.reshape(g, w, [outputs, block, inputs, block * taps]));
  const byTap = ops.transpose(g, ops.reshape(g, rows, [outputs, inputs, block, taps, block]), [0, 1, 3, 2, 4]);
  return ops.reshape(g, byTap, w.shape);
}

/** w [Cout, Cin / group, kh, kw] with its channel axes swapped, as [blocks, taps, elements of a block] in the kernels' order. */
function swappedKernelInBlocks(g: GraphBuilder, w: Value, group: number): Value {
  const block = g.channelBlock;
  const [cout, cin, ...size] = w.shape as [number, number, ...number[]];
  const taps = elementCount(size);
  if (cin === 1) return ops.transpose(g, ops.reshape(g, w, [cout / block, block, taps]), [0, 2, 1]);
  const rows = intoBlocks(g, ops.reshape(g, w, [cout, cin, taps, 1]));
  const split = ops.reshape(g, rows, [group, cout / group / block, block, cin / block, taps, block]);
  const swapped = ops.transpose(g, split, [0, 3, 1, 4, 2, 5]);
  return ops.reshape(g, swapped, [(cout * cin) / block / block, taps, block * block]);
}

/** Sets of elements, each a convolution of its own, that one gradient is made of, at most: strides up to 4 x 4. */
const MOST_SETS = 16;

/**
 * dx of dy [N, Cout, H', W'], of shape `input`. Each of the stride[0] * stride[1] sets of elements that see the same
 * taps is a convolution of dy with these taps turned by 180 degrees; the sets are interleaved. Undefined where the
 * blocked kernels do not take it.
 */
export function inputGradientInBlocks(
  g: GraphBuilder,
  dy: Value,
  w: Value,
  input: Shape,
  window: Window,
  group: number,
): Value | undefined {
  const { stride, kernel, dilation } = window;
  const [n, cin] = input as [number, number];
  const cout = dy.shape[1]!;
  const block = g.channelBlock;
  if (cout < block || !hasBlocks(g, cout, cin, group, input.length - 2)) return undefined;
  if (elementCount(stride) > MOST_SETS || stride.some((step, axis) => step > 1 && dilation[axis]! > 1))
    return undefined;
  const swapped = swappedKernelInBlocks(g, w, group);
  const whole = once(() => intoBlocks(g, dy));
  const sets = [0, 1].map((axis) =>
    Array.from({ length: stride[axis]! }, (_, index) => elementSet(window, input, dy.shape, axis, index)),
  ) as [ElementSet[], ElementSet[]];
  const size = sets.map(([first]) => first!.length);
  const lines = (n * cin) / block;
  const ofSets = sets[0].map((y) =>
    sets[1].map((x) => {
      const taps = y.taps.flatMap((row) => x.taps.map((column) => row * kernel[1]! + column));
      const shape = [n, cin, ...size];
      if (taps.length === 0) return ops.zeros(g, shape);
      const isWhole = [y, x].every(({ start, count }, axis) => start === 0 && count === dy.shape[2 + axis]);
      const seen = isWhole
        ? whole()
        : intoBlocks(
            g,
            ops.slice(
              g,
              dy,
              [y, x].map(({ start, count }, axis) => ({ axis: 2 + axis, start, length: count })),
            ),
          );
      const inOrder = taps.length === 1 && swapped.shape[1] === 1;
      const chosen = inOrder
        ? swapped
        : g.op('Gather', [swapped, g.ints(taps)], { axis: 1 }, [swapped.shape[0]!, taps.length, swapped.shape[2]!]);
      const kernelShape = [y.taps.length, x.taps.length];
      const attributes = {
        kernel_shape: kernelShape,
        strides: [1, 1],
        dilations: dilation,
        pads: [y.before, x.before, y.after, x.after],
        group,
      };
      const ordered = ops.reshape(g, chosen, [cin, cout / group, ...kernelShape]);
      return g.op('Conv', [seen, ordered], attributes, shape, 'float', BLOCKED);
    }),
  );
  // In blocks an element of the image is a whole block, and neighbours are moved together.
  const columns = ofSets.map((ofRow) =>
    interleave(g, ofRow, [lines * size[0]! * size[1]!, block], [lines * size[0]!, stride[1]! * size[1]! * block]),
  );
  const canvas = [n, cin, stride[0]! * size[0]!, stride[1]! * size[1]!];
  const dx = outOfBlocks(g, interleave(g, columns, columns[0]!.shape, canvas));
  if (canvas.join() === input.join()) return dx;
  return ops.slice(
    g,
    dx,
    [2, 3].map((axis) => ({ axis, start: 0, length: input[axis]! })),
  );
}

/** Elements of one axis of dx that see the same taps: each `stride`th one from `index` on. */
interface ElementSet {
  length: number;
  /** The taps of the kernel, last first. */
  taps: number[];
  /** The part of dy that they see, and the zeros before and after it. */
  start: number;
  count: number;
  before: number;
  after: number;
}

function elementSet(window: Window, input: Shape, dy: Shape, axis: number, index: number): ElementSet {
  const [kernel, stride, pad, dilation] = [window.kernel, window.stride, window.pad, window.dilation].map(
    (setting) => setting[axis]!,
  ) as [number, number, number, number];
  const length = Math.ceil(input[2 + axis]! / stride);
  const taps: number[] = [];
  for (let tap = (index + pad) % stride; tap < kernel; tap += stride) taps.unshift(tap);
  const first = Math.floor((index + pad) / stride) - dilation * (taps.length - 1);
  const end = first + length + dilation * (taps.length - 1);
  const available = dy[2 + axis]!;
  if (first >= available) return { length, taps: [], start: 0, count: available, before: 0, after: 0 };
  const start = Math.max(0, first);
  const count = Math.min(available, end) - start;
  return { length, taps, start, count, before: start - first, after: end - start - count };
}

/** Interleaves equal parts, viewed as matrices, by their rows; the result has `shape`. */
function interleave(g: GraphBuilder, parts: readonly Value[], matrix: Shape, shape: Shape): Value {
  const rows = parts.map((part) => ops.reshape(g, part, matrix));
  return ops.reshape(g, ops.concat(g, rows, 1), shape);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
