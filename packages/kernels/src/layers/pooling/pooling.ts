import * as ops from '../../graph/ops.ts';
import {
  elementCount,
  nonNegative,
  propagateSign,
  type GraphBuilder,
  type Shape,
  type Value,
} from '../../graph/graph-builder.ts';
import { check, layerKernel, type Lowered, type LoweringContext } from '../layer.ts';
import { ENGINE } from '../common-fields.ts';
import { windowMaxima } from './max-pooling.ts';
import {
  POOLING_WINDOW_FIELDS,
  poolingWindows,
  type PoolingWindows,
  type PoolingWindowSettings,
  poolingWindowSettings,
  slidingWindow,
} from './pooling-windows.ts';
import { averageChoice, chooseInWindows } from './stochastic-pooling.ts';

/** As `pool` has them. */
const POOL_METHODS = ['MAX', 'AVE', 'STOCHASTIC', 'AVE_EXC_PAD', 'AVE_TF'] as const;

type PoolMethod = (typeof POOL_METHODS)[number];

/**
 * Pooling, MAX, AVE and STOCHASTIC, over windows of x [N, C, H, W] (see `poolingWindows`). AVE divides by the part of the
 * window that lies inside the padded input, padding included; AVE_EXC_PAD (once AVE_TF), and AVE with `avg_include_pad: false`, by the part inside the input
 * itself. A second top of MAX is the index of each maximum in its plane. A window that begins behind the input has the
 * maximum -FLT_MAX with the index -1, as Caffe's loops leave them, and no mean. Source: Caffe's `pooling_layer.cpp`; for
 * AVE_EXC_PAD and a padding of each side that of Synopsys' fork (whose backward pass of a mean takes pad_b for pad_l: the
 * derivative is computed here), for `avg_include_pad` intel/caffe's.
 */
export const pooling = layerKernel({
  type: 'Pooling',
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: ({ method }: PoolingLayerSettings) => (method === 'MAX' ? [1, 2] : 1),
  fields: {
    pooling_param: {
      ...POOLING_WINDOW_FIELDS,
      pool: new Set(POOL_METHODS),
      avg_include_pad: true,
      engine: ENGINE,
    },
  },
  settings({ pooling_param: param }): PoolingLayerSettings {
    check(param !== undefined, () => 'pooling_param is missing');
    const { pool = 'MAX', avg_include_pad: includesPadding = true } = param;
    const windows = poolingWindowSettings(param);
    if (pool === 'MAX') return { method: 'MAX', pool, windows };
    if (pool === 'STOCHASTIC') {
      check(
        [...windows.pad, ...windows.padEnd].every((length) => length === 0),
        () => 'STOCHASTIC pooling takes no padding',
      );
      return { method: 'STOCHASTIC', pool, windows };
    }
    return { method: 'AVE', pool, windows, dividesByPadding: pool === 'AVE' && includesPadding };
  },
  showsNotFinite: ({ method }) => method === 'AVE',
  keepsFinite: ({ method }) => method === 'MAX',
  takesSteps: ({ method }) => method === 'STOCHASTIC',
  lower: (context) => lowerPooling(context, context.settings),
});

/** What a Pooling layer says. */
type PoolingLayerSettings = PoolingSettings & { readonly pool: PoolMethod };

/** What a `pooling_param` says. */
export type PoolingSettings = { readonly windows: PoolingWindowSettings } & (
  | { readonly method: 'MAX' | 'STOCHASTIC' }
  /** `dividesByPadding`: a mean counts what its window has of the padding. */
  | { readonly method: 'AVE'; readonly dividesByPadding: boolean }
);

export function lowerPooling(
  { g, phase, bottoms, random, topCount }: Pick<LoweringContext, 'g' | 'phase' | 'bottoms' | 'random' | 'topCount'>,
  settings: PoolingSettings,
): Lowered {
  const [x] = bottoms as [Value];
  const windows = poolingWindows(settings.windows, x.shape);
  if (settings.method === 'MAX') {
    return maxPooling(g, x, windows, { wantMask: topCount > 1, trains: phase === 'TRAIN' });
  }
  if (settings.method === 'STOCHASTIC' && phase === 'TEST') {
    const { tops } = averageChoice(g, x, windows);
    return { tops: tops.map((y) => withEmpty(g, y, windows, 0)) };
  }
  checkNoneEmpty(windows, x.shape);
  if (settings.method === 'AVE') return averagePooling(g, x, windows, !settings.dividesByPadding);
  check(random !== undefined, () => 'STOCHASTIC pooling in a TRAIN net needs random numbers');
  return chooseInWindows(g, x, windows, random);
}

function maxPooling(
  g: GraphBuilder,
  x: Value,
  windows: PoolingWindows,
  options: { wantMask: boolean; trains: boolean },
): Lowered {
  const maxima = windowMaxima(g, x, windows, { wantIndices: options.wantMask, trains: options.trains });
  const plane = () => g.constant('int64', [], [x.shape[2]! * x.shape[3]!]);
  const mask = (indices: Value) => ops.cast(g, g.op('Mod', [indices, plane()], {}, indices.shape), 'float');
  return {
    tops: [
      withEmpty(g, propagateSign(maxima.y, x), windows, -FLT_MAX),
      ...(options.wantMask ? [withEmpty(g, mask(maxima.indices!), windows, -1)] : []),
    ],
    backward: ([dy]) => ({ bottoms: [maxima.backward(withoutEmpty(g, dy!, windows))] }),
  };
}

/** What a window without an element has for its maximum. */
const FLT_MAX = 3.4028234663852886e38;

/** The tops of windows that reach the input, and `value` for those behind it. */
const withEmpty = (g: GraphBuilder, y: Value, { empty }: PoolingWindows, value: number): Value =>
  ops.pad(
    g,
    y,
    [
      [0, 0],
      [0, 0],
      [0, empty[0]],
      [0, empty[1]],
    ],
    value,
  );

function checkNoneEmpty({ empty }: PoolingWindows, input: Shape): void {
  check(
    empty.every((count) => count === 0),
    () =>
      `the last window begins behind [${input.join(', ')}] and has no element, so that Caffe's number is not a number: ` +
      'a stride over the kernel needs a plane that its windows end in',
  );
}

const withoutEmpty = (g: GraphBuilder, dy: Value, { empty }: PoolingWindows): Value =>
  ops.pad(g, dy, [
    [0, 0],
    [0, 0],
    [0, -empty[0]],
    [0, -empty[1]],
  ]);

function averagePooling(g: GraphBuilder, x: Value, windows: PoolingWindows, excludesPadding: boolean): Lowered {
  const { kernel, stride, begin } = windows;
  const shape = [...x.shape.slice(0, 2), ...windows.size];
  const area = kernel[0] * kernel[1];
  const attributes = { ...slidingWindow(windows), count_include_pad: excludesPadding ? 0 : 1 };
  const mean = propagateSign(g.op('AveragePool', [x], attributes, shape), x);
  const divisors = windowAreas(x.shape, windows, excludesPadding);
  const uniform = divisors.every((divisor) => divisor === area);
  const correction = uniform
    ? undefined
    : g.constant('float', [1, 1, ...windows.size], () => Float32Array.from(divisors, (divisor) => area / divisor));
  const y = correction && !excludesPadding ? ops.mul(g, mean, nonNegative(correction)) : mean;
  return {
    tops: [y],
    backward([dy]) {
      // One window alone over the whole plane, as most nets end.
      if (uniform && elementCount(windows.size) === 1 && area === x.shape[2]! * x.shape[3]!) {
        return { bottoms: [ops.expand(g, ops.mul(g, dy!, g.scalar(1 / area)), x.shape)] };
      }
      // Each gradient spreads evenly over its window: a transposed convolution with a kernel of 1 / area, per channel.
      const planes = shape[0]! * shape[1]!;
      const corrected = correction ? ops.mul(g, dy!, correction) : dy!;
      const spread = g.op(
        'ConvTranspose',
        [
          ops.reshape(g, corrected, [planes, 1, ...windows.size]),
          g.constant('float', [1, 1, ...kernel], () => new Float32Array(area).fill(1 / area)),
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

/** What each window [H', W'] is divided by, row-major: its elements in the padded input, or in the input. */
function windowAreas(input: Shape, windows: PoolingWindows, excludesPadding: boolean): number[] {
  const { kernel, stride, begin, padEnd, size } = windows;
  const lengths = [0, 1].map((axis) => {
    const [before, after] = excludesPadding ? [0, 0] : [begin[axis]!, padEnd[axis]!];
    return Array.from({ length: size[axis]! }, (_, i) => {
      const start = i * stride[axis]! - begin[axis]!;
      return Math.min(start + kernel[axis]!, input[2 + axis]! + after) - Math.max(start, -before);
    });
  });
  return lengths[0]!.flatMap((h) => lengths[1]!.map((w) => h * w));
}
