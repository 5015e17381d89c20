import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Shape, type Value } from '../../graph/graph-builder.ts';
import { check, layerKernel, type Lowered } from '../layer.ts';
import { ENGINE } from '../common-fields.ts';
import { lowerPooling, type PoolingSettings } from './pooling.ts';
import type { PoolingWindowSettings } from './pooling-windows.ts';

/**
 * SPP (spatial pyramid pooling): level i = 0 .. `pyramid_height` - 1 pools x [N, C, H, W] into 2^i x 2^i bins; the levels
 * stand side by side in y [N, C * (1 + 4 + 16 + ..)]; one level alone stays as it is, [N, C, 1, 1]. STOCHASTIC pooling
 * draws in TRAIN, for each level by itself, and averages in TEST, as a Pooling layer does. Source: Caffe's `spp_layer.cpp`;
 * its inner layers are not told the phase, so that there STOCHASTIC draws in TEST too.
 */
export const spp = layerKernel({
  type: 'SPP',
  bottoms: 1,
  tops: 1,
  fields: {
    spp_param: { ...read('pyramid_height'), pool: new Set(['MAX', 'AVE', 'STOCHASTIC'] as const), engine: ENGINE },
  },
  settings({ spp_param: param }): SppSettings {
    const { pyramid_height: height = 0, pool: method = 'MAX' } = param ?? {};
    check(height > 0, () => 'pyramid_height is missing');
    return { height, method };
  },
  takesSteps: ({ method }) => method === 'STOCHASTIC',
  lower(context) {
    const { g, settings, bottoms } = context;
    const { height, method } = settings;
    const [x] = bottoms as [Value];
    check(x.shape.length === 4, () => `expected a bottom [N, C, H, W], got [${x.shape.join(', ')}]`);
    const levels = Array.from({ length: height }, (_, level) => {
      const windows = binsOver(x.shape, 2 ** level);
      check(
        method !== 'STOCHASTIC' || windows.pad.every((length) => length === 0),
        () => `level ${level} pads [${x.shape.join(', ')}]; STOCHASTIC pooling takes no padding`,
      );
      const pooled: PoolingSettings =
        method === 'AVE' ? { method, windows, dividesByPadding: true } : { method, windows };
      const lowered = lowerPooling({ ...context, topCount: 1 }, pooled);
      const { shape } = lowered.tops[0]!;
      return { lowered, shape, columns: elementCount(shape.slice(1)) };
    });
    if (height === 1) return levels[0]!.lowered;
    const n = x.shape[0]!;
    const backward: Lowered['backward'] = ([dy], needs) => {
      let start = 0;
      const parts = levels.map(({ lowered, shape, columns }) => {
        const part = ops.slice(g, dy!, [{ axis: 1, start, length: columns }]);
        start += columns;
        return lowered.backward!([ops.reshape(g, part, shape)], needs).bottoms[0]!;
      });
      return { bottoms: [ops.sum(g, parts)] };
    };
    return {
      tops: [
        ops.concat(
          g,
          levels.map(({ lowered, columns }) => ops.reshape(g, lowered.tops[0]!, [n, columns])),
          1,
        ),
      ],
      ...(levels.every(({ lowered }) => lowered.backward) && { backward }),
    };
  },
});

interface SppSettings {
  /** Levels of the pyramid. */
  readonly height: number;
  readonly method: PoolingSettings['method'];
}

/** Windows of `bins` x `bins` bins, padded evenly where they do not divide the plane. */
function binsOver(x: Shape, bins: number): PoolingWindowSettings {
  const axes = [x[2]!, x[3]!].map((length) => {
    const kernel = Math.ceil(length / bins);
    return { kernel, pad: Math.floor((kernel * bins - length + 1) / 2) };
  });
  const kernel = axes.map((axis) => axis.kernel) as [number, number];
  const pad = axes.map((axis) => axis.pad) as [number, number];
  check(
    pad.every((length, axis) => length < kernel[axis]!),
    () => `pad ${pad.join(' x ')} must be smaller than the kernel, ${kernel.join(' x ')}`,
  );
  return { kernel, stride: kernel, pad, padEnd: pad, round: 'ceil' };
}
