import { createMessage, type LayerParameter, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Shape, type Value } from '../../graph/graph-builder.ts';
import { check, type LayerKernel, type Lowered } from '../layer.ts';
import { ENGINE } from '../common-fields.ts';
import { pooling } from './pooling.ts';

/**
 * SPP (spatial pyramid pooling): level i = 0 .. `pyramid_height` - 1 pools x [N, C, H, W] into 2^i x 2^i bins; the levels
 * stand side by side in y [N, C * (1 + 4 + 16 + ..)]; one level alone stays as it is, [N, C, 1, 1]. STOCHASTIC pooling
 * draws in TRAIN, for each level by itself, and averages in TEST, as a Pooling layer does. Source: Caffe's `spp_layer.cpp`;
 * its inner layers are not told the phase, so that there STOCHASTIC draws in TEST too.
 */
export const spp: LayerKernel = {
  type: 'SPP',
  bottoms: 1,
  tops: 1,
  fields: { spp_param: { ...read('pyramid_height', 'pool'), engine: ENGINE } },
  lower(context) {
    const { g, layer, bottoms } = context;
    const [x] = bottoms as [Value];
    const height = layer.spp_param?.pyramid_height ?? 0;
    check(height > 0, () => 'pyramid_height is missing');
    const levels = Array.from({ length: height }, (_, level) => {
      const settings = poolingLayer(layer, x.shape, 2 ** level);
      const { pool, pad_h, pad_w } = settings.pooling_param!;
      check(
        pool !== 'STOCHASTIC' || (pad_h === 0 && pad_w === 0),
        () => `level ${level} pads [${x.shape.join(', ')}]; STOCHASTIC pooling takes no padding`,
      );
      const lowered = pooling.lower({ ...context, layer: settings });
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
};

/** Pooling into `bins` x `bins`, padded evenly where they do not divide the plane. */
function poolingLayer(layer: LayerParameter, x: Shape, bins: number): LayerParameter {
  const [h, w] = [x[2]!, x[3]!].map((length) => {
    const kernel = Math.ceil(length / bins);
    return { kernel, pad: Math.floor((kernel * bins - length + 1) / 2) };
  }) as [{ kernel: number; pad: number }, { kernel: number; pad: number }];
  const pooling_param = createMessage('PoolingParameter', {
    pool: layer.spp_param?.pool ?? 'MAX',
    kernel_h: h.kernel,
    kernel_w: w.kernel,
    stride_h: h.kernel,
    stride_w: w.kernel,
    pad_h: h.pad,
    pad_w: w.pad,
  });
  return createMessage('LayerParameter', { type: 'Pooling', top: ['level'], pooling_param });
}
