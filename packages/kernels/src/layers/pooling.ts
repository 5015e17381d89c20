import { read, type LayerParameter } from '@caffe-quant/caffe-io';
import * as ops from '../graph/ops.ts';
import {
  elementCount,
  nonNegative,
  signOf,
  type GraphBuilder,
  type Shape,
  type Value,
} from '../graph/graph-builder.ts';
import { forkField } from './fork-field.ts';
import { check, type LayerKernel, type Lowered } from './layer.ts';
import { ENGINE } from './common-fields.ts';
import { averageChoice, chooseInWindows } from './stochastic-pooling.ts';

/**
 * Pooling, MAX, AVE and STOCHASTIC, over windows of x [N, C, H, W]. Caffe rounds the output size up and drops a last window
 * that would start in the padding: H' = ceil((H + 2 pad - kernel) / stride) + 1. AVE divides by the part of the window that
 * lies inside the padded input, padding included; AVE_EXC_PAD (once AVE_TF) by the part inside the input itself. A second
 * top of MAX is the index of each maximum in its plane. Source: Caffe's `pooling_layer.cpp`; for AVE_EXC_PAD that of
 * Synopsys' fork.
 */
export const pooling: LayerKernel = {
  type: 'Pooling',
  bottoms: 1,
  tops: (layer) => ((forkField<string>(layer.pooling_param, 'pool') ?? 'MAX') === 'MAX' ? [1, 2] : 1),
  fields: {
    pooling_param: {
      ...read('pool', 'pad', 'pad_h', 'pad_w', 'kernel_size', 'kernel_h', 'kernel_w', 'stride', 'stride_h', 'stride_w'),
      ...read('global_pooling', 'round_mode', 'ceil_mode'),
      engine: ENGINE,
    },
  },
  lower({ g, layer, phase, bottoms, random }) {
    const [x] = bottoms as [Value];
    const windows = settings(layer, x.shape);
    const method = forkField<string>(layer.pooling_param, 'pool') ?? 'MAX';
    if (method === 'STOCHASTIC') {
      check(
        windows.pad.every((length) => length === 0),
        () => 'STOCHASTIC pooling takes no padding',
      );
      if (phase === 'TEST') return averageChoice(g, x, windows);
      check(random !== undefined, () => 'STOCHASTIC pooling in a TRAIN net needs random numbers');
      return chooseInWindows(g, x, windows, random);
    }
    if (method === 'MAX') return maxPooling(g, x, windows, layer.top.length > 1);
    const excludesPadding = method === 'AVE_EXC_PAD' || method === 'AVE_TF';
    check(method === 'AVE' || excludesPadding, () => `pool: ${method} is not supported`);
    return averagePooling(g, x, windows, excludesPadding);
  },
};

/** Where the windows of a pooling lie; pairs are height and width. */
export interface PoolingWindows {
  kernel: [number, number];
  stride: [number, number];
  /** Padding before, and the padding after that makes the sliding windows end exactly where Caffe's do. */
  begin: [number, number];
  end: [number, number];
  size: [number, number];
  pad: [number, number];
}

function maxPooling(g: GraphBuilder, x: Value, windows: PoolingWindows, wantMask: boolean): Lowered {
  const { kernel, stride } = windows;
  const shape = [...x.shape.slice(0, 2), ...windows.size];
  const [y, indices] = g.multi('MaxPool', [x], slidingWindow(windows), [
    { shape, type: 'float' },
    { shape, type: 'int64' },
  ]) as [Value, Value];
  const plane = g.constant('int64', [], [x.shape[2]! * x.shape[3]!]);
  const mask = wantMask ? [ops.cast(g, g.op('Mod', [indices, plane], {}, shape), 'float')] : [];
  return {
    tops: [signOf(y, x), ...mask],
    backward([dy]) {
      // Each index counts over the whole of x. Where windows overlap, an element may be the maximum of several.
      const overlap = stride[0] < kernel[0] || stride[1] < kernel[1];
      const count = elementCount(x.shape);
      const scattered = g.op(
        'ScatterElements',
        [
          g.op('ConstantOfShape', [g.ints([count])], {}, [count], 'float'),
          ops.reshape(g, indices, [elementCount(shape)]),
          ops.reshape(g, dy!, [elementCount(shape)]),
        ],
        { axis: 0, reduction: overlap ? 'add' : 'none' },
        [count],
      );
      return { bottoms: [ops.reshape(g, scattered, x.shape)] };
    },
  };
}

function averagePooling(g: GraphBuilder, x: Value, windows: PoolingWindows, excludesPadding: boolean): Lowered {
  const { kernel, stride, begin } = windows;
  const shape = [...x.shape.slice(0, 2), ...windows.size];
  const area = kernel[0] * kernel[1];
  const attributes = { ...slidingWindow(windows), count_include_pad: excludesPadding ? 0 : 1 };
  const mean = signOf(g.op('AveragePool', [x], attributes, shape), x);
  const divisors = windowAreas(x.shape, windows, excludesPadding);
  const uniform = divisors.every((divisor) => divisor === area);
  const correction = uniform
    ? undefined
    : g.constant(
        'float',
        [1, 1, ...windows.size],
        Float32Array.from(divisors, (divisor) => area / divisor),
      );
  const y = correction && !excludesPadding ? ops.mul(g, mean, nonNegative(correction)) : mean;
  return {
    tops: [y],
    backward([dy]) {
      // Each gradient spreads evenly over its window: a transposed convolution with a kernel of 1 / area, per channel.
      const planes = shape[0]! * shape[1]!;
      const corrected = correction ? ops.mul(g, dy!, correction) : dy!;
      const spread = g.op(
        'ConvTranspose',
        [
          ops.reshape(g, corrected, [planes, 1, ...windows.size]),
          g.constant('float', [1, 1, ...kernel], new Float32Array(area).fill(1 / area)),
        ],
        { kernel_shape: kernel, strides: stride },
        [planes, 1, ...[0, 1].map((axis) => (windows.size[axis]! - 1) * stride[axis]! + kernel[axis]!)],
      );
      const inside = ops.pad(g, spread, [
        [0, 0],
        [0, 0],
        ...[0, 1].map((axis): [number, number] => {
          const tail = x.shape[2 + axis]! + begin[axis]! - spread.shape[2 + axis]!;
          return [-begin[axis]!, tail];
        }),
      ]);
      return { bottoms: [ops.reshape(g, inside, x.shape)] };
    },
  };
}

const slidingWindow = ({ kernel, stride, begin, end }: PoolingWindows) => ({
  kernel_shape: kernel,
  strides: stride,
  pads: [...begin, ...end],
});

/** What each window [H', W'] is divided by, row-major: its elements in the padded input, or in the input. */
function windowAreas(input: Shape, { kernel, stride, pad, size }: PoolingWindows, excludesPadding: boolean): number[] {
  const lengths = [0, 1].map((axis) => {
    const counted = excludesPadding ? 0 : pad[axis]!;
    return Array.from({ length: size[axis]! }, (_, i) => {
      const start = i * stride[axis]! - pad[axis]!;
      return Math.min(start + kernel[axis]!, input[2 + axis]! + counted) - Math.max(start, -counted);
    });
  });
  return lengths[0]!.flatMap((h) => lengths[1]!.map((w) => h * w));
}

function settings(layer: LayerParameter, input: Shape): PoolingWindows {
  const param = layer.pooling_param;
  check(param !== undefined, () => 'pooling_param is missing');
  check(input.length === 4, () => `expected a bottom [N, C, H, W], got [${input.join(', ')}]`);
  const global = param.global_pooling ?? false;
  const both = (name: string, one?: number, h?: number, w?: number, fallback?: number): [number, number] => {
    const pair =
      h !== undefined || w !== undefined ? [h ?? fallback, w ?? fallback] : [one ?? fallback, one ?? fallback];
    check(pair[0] !== undefined && pair[1] !== undefined, () => `${name} is missing`);
    return pair as [number, number];
  };
  const kernel: [number, number] = global
    ? [input[2]!, input[3]!]
    : both('kernel_size', param.kernel_size, param.kernel_h, param.kernel_w);
  const stride = both('stride', param.stride, param.stride_h, param.stride_w, 1);
  const pad = both('pad', param.pad, param.pad_h, param.pad_w, 0);
  const ceil = (param.round_mode ?? 'CEIL') === 'CEIL' && (param.ceil_mode ?? true);
  const size: [number, number] = [0, 0];
  const end: [number, number] = [0, 0];
  for (const axis of [0, 1] as const) {
    const [length, k, s, p] = [input[2 + axis]!, kernel[axis], stride[axis], pad[axis]];
    check(k > 0 && s > 0, () => 'kernel size and stride must be positive');
    check(p < k, () => `pad ${p} must be smaller than the kernel ${k}`);
    const steps = (length + 2 * p - k) / s;
    check(steps >= 0 || ceil, () => `a kernel of ${k} does not fit into ${length} + 2 * ${p}`);
    let windows = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
    if (p > 0 && (windows - 1) * s >= length + p) windows--;
    check(windows > 0, () => `a kernel of ${k} does not fit into ${length} + 2 * ${p}`);
    size[axis] = windows;
    end[axis] = Math.max(0, (windows - 1) * s + k - length - p);
  }
  return { kernel, stride, begin: pad, end, size, pad };
}
