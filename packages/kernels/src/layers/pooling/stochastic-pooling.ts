import { createMessage } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Value } from '../../graph/graph-builder.ts';
import type { Lowered, LoweringContext } from '../layer.ts';
import type { PoolingWindows } from './pooling-windows.ts';

/**
 * STOCHASTIC pooling of x >= 0 in TRAIN: of each window one element, chosen with probability x / sum: the first, row by
 * row, at which the running sum reaches u * sum for a u drawn anew from [0, 1) at each forward pass. Its gradient goes to
 * the element that was chosen. Windows end at the border of x. Source: `StoPoolForwardTrain` in Caffe's `pooling_layer.cu`.
 */
export function chooseInWindows(
  g: GraphBuilder,
  x: Value,
  windows: PoolingWindows,
  random: NonNullable<LoweringContext['random']>,
): Lowered {
  const shape = [...x.shape.slice(0, 2), ...windows.size];
  const uniform = random(shape, createMessage('FillerParameter', { type: 'uniform', min: 0, max: 1 }));
  const taps = tapsOf(g, x, windows);
  const sums: Value[] = [];
  for (const { value } of taps) sums.push(sums.length ? ops.add(g, sums.at(-1)!, value) : value);
  const threshold = ops.mul(g, uniform, sums.at(-1)!);
  // From the last tap to the first: where a sum reaches the threshold, the tap is chosen over all behind it. Where none
  // does, as only negative elements can have it, the first one is, which is never outside x.
  let y = taps[0]!.value;
  let offset = g.constant('int64', [], [taps[0]!.offset]);
  for (const [i, tap] of [...taps.entries()].reverse()) {
    const reached = ops.greaterOrEqual(g, sums[i]!, threshold);
    y = ops.where(g, reached, tap.value, y);
    offset = ops.where(g, reached, g.constant('int64', [], [tap.offset]), offset);
  }
  return {
    tops: [y],
    backward([dy]) {
      const places = ops.add(g, offset, firstPlaces(g, x, windows));
      const count = elementCount(x.shape);
      const scattered = g.op(
        'ScatterElements',
        [
          ops.zeros(g, [count]),
          ops.reshape(g, places, [elementCount(shape)]),
          ops.reshape(g, dy!, [elementCount(shape)]),
        ],
        { axis: 0, reduction: 'add' },
        [count],
      );
      return { bottoms: [ops.reshape(g, scattered, x.shape)] };
    },
  };
}

/** STOCHASTIC pooling in TEST, what the choices give on average: sum of x^2 / sum of x, 0 where all are 0. */
export function averageChoice(g: GraphBuilder, x: Value, { kernel, stride, end, size }: PoolingWindows): Lowered {
  const shape = [...x.shape.slice(0, 2), ...size];
  const attributes = { kernel_shape: kernel, strides: stride, pads: [0, 0, ...end], count_include_pad: 1 };
  const mean = (value: Value) => g.op('AveragePool', [value], attributes, shape);
  const values = mean(x);
  const zero = g.scalar(0);
  return { tops: [ops.where(g, ops.greater(g, values, zero), ops.div(g, mean(ops.mul(g, x, x)), values), zero)] };
}

/** The elements of all windows at one place of the kernel after the other, zeros beyond x. */
function tapsOf(g: GraphBuilder, x: Value, { kernel, stride, end, size }: PoolingWindows) {
  const padded = ops.pad(g, x, [
    [0, 0],
    [0, 0],
    [0, end[0]],
    [0, end[1]],
  ]);
  return Array.from({ length: kernel[0] * kernel[1] }, (_, tap) => {
    const [row, column] = [Math.floor(tap / kernel[1]), tap % kernel[1]];
    const value = ops.slice(g, padded, [
      { axis: 2, start: row, length: size[0], step: stride[0] },
      { axis: 3, start: column, length: size[1], step: stride[1] },
    ]);
    // From the window's first element in the rows of x.
    return { value, offset: row * x.shape[3]! + column };
  });
}

/** Where in x the first element of each window lies, int64 [N, C, H', W']. */
function firstPlaces(g: GraphBuilder, x: Value, { stride, size }: PoolingWindows): Value {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const along = (shape: number[], step: number) =>
    g.constant('int64', shape, () => Array.from({ length: elementCount(shape) }, (_, i) => i * step));
  const inPlane = ops.add(g, along([1, 1, size[0], 1], stride[0] * w), along([1, 1, 1, size[1]], stride[1]));
  return ops.add(g, along([n, c, 1, 1], h * w), inPlane);
}
