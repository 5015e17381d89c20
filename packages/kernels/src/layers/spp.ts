import { createMessage, type LayerParameter } from '@caffe-quant/caffe-io';
import * as ops from '../graph/ops.ts';
import { elementCount, type Shape, type Value } from '../graph/graph-builder.ts';
import { check, type LayerKernel } from './layer.ts';
import { pooling } from './pooling.ts';

/**
 * SPP (spatial pyramid pooling): level i = 0 .. `pyramid_height` - 1 pools x [N, C, H, W] into 2^i x 2^i bins; the levels
 * stand side by side in y [N, C * (1 + 4 + 16 + ..)]. Source: Caffe's `spp_layer.cpp`.
 */
export const spp: LayerKernel = {
  type: 'SPP',
  lower(context) {
    const { g, layer, bottoms } = context;
    const [x] = bottoms as [Value];
    const height = layer.spp_param?.pyramid_height ?? 0;
    check(height > 0, () => 'pyramid_height is missing');
    check(layer.spp_param?.pool !== 'STOCHASTIC', () => 'STOCHASTIC pooling is not supported; MAX and AVE are');
    const levels = Array.from({ length: height }, (_, level) => {
      const lowered = pooling.lower({ ...context, layer: poolingLayer(layer, x.shape, 2 ** level) });
      const { shape } = lowered.tops[0]!;
      return { lowered, shape, columns: elementCount(shape.slice(1)) };
    });
    const n = x.shape[0]!;
    return {
      tops: [
        ops.concat(
          g,
          levels.map(({ lowered, columns }) => ops.reshape(g, lowered.tops[0]!, [n, columns])),
          1,
        ),
      ],
      backward([dy], needs) {
        let start = 0;
        const parts = levels.map(({ lowered, shape, columns }) => {
          const part = ops.slice(g, dy!, [{ axis: 1, start, length: columns }]);
          start += columns;
          return lowered.backward!([ops.reshape(g, part, shape)], needs).bottoms[0]!;
        });
        return { bottoms: [ops.sum(g, parts)] };
      },
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
