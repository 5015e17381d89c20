import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Shape, type Value } from '../../graph/graph-builder.ts';
import { BLOCKED, fillsBlocks, intoBlocks, outOfBlocks } from '../../graph/in-blocks.ts';
import { slidingWindow, type PoolingWindows } from './pooling-windows.ts';

/**
 * Maxima of the windows that reach x [N, C, H, W], and their gradient. Of several equal maxima of a window the first, row
 * by row, gets all of it; where windows overlap, an element sums what it gets.
 */
export interface WindowMaxima {
  /** [N, C, H', W'] */
  y: Value;
  /** Where in the whole of x each maximum lies, int64; absent where nobody asked. */
  indices?: Value;
  /** dx of dy [N, C, H', W']. */
  backward(dy: Value): Value;
}

/** Longest window, along each axis, whose gradient is computed tap by tap. */
const MOST_TAPS = 3;

/**
 * In blocks where channels fill them and windows are small: `indices` cost more than all else there. The form depends on
 * shapes and the processor's blocks alone.
 */
export function windowMaxima(
  g: GraphBuilder,
  x: Value,
  windows: PoolingWindows,
  { wantIndices, trains }: { wantIndices: boolean; trains: boolean },
): WindowMaxima {
  const isSmall = windows.kernel.every((taps) => taps <= MOST_TAPS);
  if (!g.plain && !wantIndices && isSmall && fillsBlocks(g, x.shape)) return maximaInBlocks(g, x, windows);
  return maximaWithIndices(g, x, windows, wantIndices || trains || g.plain);
}

/** `atOnce`: indices come with the maxima, and not in a pass of their own should a gradient be asked for. */
function maximaWithIndices(g: GraphBuilder, x: Value, windows: PoolingWindows, atOnce: boolean): WindowMaxima {
  const shape = [...x.shape.slice(0, 2), ...windows.size];
  const withIndices = () =>
    g.multi('MaxPool', [x], slidingWindow(windows), [
      { shape, type: 'float' },
      { shape, type: 'int64' },
    ]) as [Value, Value];
  const [y, indices] = atOnce ? withIndices() : [g.op('MaxPool', [x], slidingWindow(windows), shape)];
  return {
    y,
    ...(indices && { indices }),
    backward: (dy) =>
      ops.reshape(g, placedByIndices(g, dy, indices ?? withIndices()[1], windows, elementCount(x.shape)), x.shape),
  };
}

/** Images of x that the gradient of overlapping windows is the sum of, at most: with more of them one scatter is as fast. */
const MOST_IMAGES = 16;

/**
 * [count] elements: the sum of dy [N, C, H', W'] at the places that `indices` name. Windows that do not overlap name none
 * twice, so that nothing is to be added: that takes a twentieth of the time of a scatter that adds. Windows that do are
 * parted into sets that do not: along each axis every `ceil(kernel / stride)`th window.
 */
function placedByIndices(g: GraphBuilder, dy: Value, indices: Value, windows: PoolingWindows, count: number): Value {
  const { kernel, stride, size } = windows;
  const sets = [0, 1].map((axis) => Math.min(size[axis]!, Math.ceil(kernel[axis]! / stride[axis]!)));
  const flat = (value: Value) => ops.reshape(g, value, [elementCount(value.shape)]);
  if (elementCount(sets) > MOST_IMAGES) {
    const zeros = ops.zeros(g, [count]);
    return g.op('ScatterElements', [zeros, flat(indices), flat(dy)], { axis: 0, reduction: 'add' }, [count]);
  }
  const images = Array.from({ length: elementCount(sets) }, (_, set) => {
    const ranges = [Math.floor(set / sets[1]!), set % sets[1]!].map((start, axis) => {
      return { axis: 2 + axis, start, length: Math.ceil((size[axis]! - start) / sets[axis]!), step: sets[axis]! };
    });
    const ofSet = (value: Value) => flat(elementCount(sets) === 1 ? value : ops.slice(g, value, ranges));
    return placed(g, ofSet(dy), ofSet(indices), count);
  });
  return ops.sum(g, images);
}

/** [count] elements: `values` at the places that `indices` name, each at most once, and zeros. */
function placed(g: GraphBuilder, values: Value, indices: Value, count: number): Value {
  // To the operator, the maxima of windows of one element.
  const line = (value: Value) => ops.reshape(g, value, [1, 1, elementCount(value.shape)]);
  const inputs = [line(values), line(indices), g.ints([1, 1, count])];
  return g.op('MaxUnpool', inputs, { kernel_shape: [1], strides: [1] }, [1, 1, count]);
}

/**
 * Without indices: a window's maximum is the maximum over its rows of the maxima within each row. The gradient goes the
 * same way back, first to the rows, then within each row, and so comes to the first maximum row by row.
 */
function maximaInBlocks(g: GraphBuilder, x: Value, windows: PoolingWindows): WindowMaxima {
  const blocks = intoBlocks(g, x);
  const { begin, end } = windows;
  const shape = [...x.shape.slice(0, 2), ...windows.size];
  const y = maxPoolInBlocks(g, blocks, { ...windows, pads: [...begin, ...end] }, shape);
  return {
    y: outOfBlocks(g, y),
    backward(dy) {
      const [rows, columns] = ([2, 3] as const).map((axis) => axisWindows(windows, axis)) as [AxisWindows, AxisWindows];
      // Computed again, so that nobody keeps it: it has as many elements as half of x, or more.
      const ofRows = prefixMaxima(g, blocks, columns, columns.kernel);
      const dRows = gradientAlong(g, ofRows, y, intoBlocks(g, dy), rows);
      return outOfBlocks(g, gradientAlong(g, blocks, ofRows, dRows, columns));
    },
  };
}

/** Windows along one axis of blocks [N, C, H, W]. */
interface AxisWindows {
  axis: 2 | 3;
  kernel: number;
  stride: number;
  /** Padding before the first element. */
  begin: number;
  /** How many windows. */
  size: number;
}

const axisWindows = ({ kernel, stride, begin, size }: PoolingWindows, axis: 2 | 3): AxisWindows => ({
  axis,
  kernel: kernel[axis - 2]!,
  stride: stride[axis - 2]!,
  begin: begin[axis - 2]!,
  size: size[axis - 2]!,
});

/**
 * dx of d, the gradient of the maxima `top` of windows along one axis. What a window has not given away before its tap t is
 * r_t = d where the maximum of the taps before is below `top`, else 0; tap t gets r_t - r_(t+1), which is d or 0, exactly.
 */
function gradientAlong(g: GraphBuilder, x: Value, top: Value, d: Value, windows: AxisWindows): Value {
  const { axis, kernel, stride, begin, size } = windows;
  const length = x.shape[axis]!;
  const ofTaps: Value[] = [];
  let left = d;
  for (let tap = 0; tap < kernel - 1; tap++) {
    const isLater = ops.less(g, prefixMaxima(g, x, windows, tap + 1), top);
    const after = ops.masked(g, d, isLater);
    ofTaps.push(ops.sub(g, left, after));
    left = after;
  }
  ofTaps.push(left);
  // Each `stride`th element sees the same taps; in blocks an element along either axis is a run of memory.
  const run = (axis === 3 ? 1 : x.shape[3]!) * g.channelBlock;
  const lines = elementCount(x.shape) / length / run;
  const inPhase = Math.ceil(length / stride);
  const phases = Array.from({ length: stride }, (_, phase) => {
    const shifted = ofTaps.flatMap((value, tap) => {
      const shift = Math.floor((tap - begin) / stride);
      if (tap - begin - shift * stride !== phase) return [];
      const placed = shiftInLines(g, ops.reshape(g, value, [lines, size, run]), shift, inPhase);
      return [ops.reshape(g, placed, [lines * inPhase, run])];
    });
    return shifted.length === 0 ? ops.zeros(g, [lines * inPhase, run]) : ops.sum(g, shifted);
  });
  const whole = ops.reshape(g, ops.concat(g, phases, 1), [lines, inPhase * stride, run]);
  return ops.reshape(g, ops.cropTo(g, whole, [lines, length, run]), x.shape);
}

/** x [lines, n, run] with each element `shift` places further along the middle axis, which then has `length` places. */
function shiftInLines(g: GraphBuilder, x: Value, shift: number, length: number): Value {
  const [, n, run] = x.shape as [number, number, number];
  if (n !== length) {
    return ops.pad(g, x, [
      [0, 0],
      [shift, length - shift - n],
      [0, 0],
    ]);
  }
  // What leaves a line belongs to taps in the padding and is 0, so that it may as well enter the line beside it: the
  // whole is moved at once.
  const flat = ops.reshape(g, x, [elementCount(x.shape)]);
  return ops.pad(g, flat, [[shift * run, -shift * run]]);
}

/** The maximum of the first `taps` taps of each window along one axis. */
function prefixMaxima(g: GraphBuilder, x: Value, windows: AxisWindows, taps: number): Value {
  const { axis, stride, begin, size } = windows;
  // onnxruntime takes no padding as long as the window, and would make more windows of what is left at the end.
  const before = begin < taps ? begin : 0;
  const after = (size - 1) * stride + taps - x.shape[axis]! - begin;
  const taken = extend(g, x, axis, begin - before, after <= -stride ? after : 0);
  if (taps === 1 && stride === 1) return taken;
  const along = (length: number, other: number) => (axis === 2 ? [length, other] : [other, length]);
  const shape = x.shape.map((dim, i) => (i === axis ? size : dim));
  const pads = [...along(before, 0), ...along(Math.max(0, after), 0)];
  return maxPoolInBlocks(g, taken, { kernel: along(taps, 1), stride: along(stride, 1), pads }, shape);
}

/** Blocks with elements of -infinity before and after those of one axis, or with fewer where a length is negative. */
function extend(g: GraphBuilder, x: Value, axis: 2 | 3, before: number, after: number): Value {
  if (before === 0 && after === 0) return x;
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const lines = axis === 2 ? (n * c) / g.channelBlock : ((n * c) / g.channelBlock) * h;
  const run = axis === 2 ? w * g.channelBlock : g.channelBlock;
  const inLines = ops.reshape(g, x, [lines, x.shape[axis]!, run]);
  const extended = ops.pad(
    g,
    inLines,
    [
      [0, 0],
      [before, after],
      [0, 0],
    ],
    -Infinity,
  );
  return ops.reshape(
    g,
    extended,
    x.shape.map((dim, i) => (i === axis ? dim + before + after : dim)),
  );
}

const maxPoolInBlocks = (
  g: GraphBuilder,
  x: Value,
  { kernel, stride, pads }: { kernel: Shape; stride: Shape; pads: Shape },
  shape: Shape,
): Value => g.op('MaxPool', [x], { kernel_shape: kernel, strides: stride, pads }, shape, 'float', BLOCKED);
