import { read, without } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';

/**
 * DeQuant: behind a layer of AMCT's fake-quant model. Its blobs are deqscale (scale_d * scale_w), shift_bit N and
 * offset_w (0), one value, or one per channel for x [N, C, H, W] with `channel_wise`. Without a shift y = x, since the
 * layer before computed in float. With N in 1 .. 16 it imitates the right shift of old chips:
 *
 *   t = clamp(round(round(x / deqscale) / 2^N), -32768, 32767), halves away from zero;   y = t * deqscale * 2^N
 *
 * Source: AMCT's Caffe layer `dequant_layer.cpp`.
 */
export const dequant = layerKernel({
  type: 'DeQuant',
  takesSteps: true,
  bottoms: 1,
  tops: 1,
  fields: {
    dequant_param: {
      ...read('channel_wise', 'layer_type'),
      ...without('the blobs have them, but in an LSTM', 'deqscale', 'shift_bit', 'offset'),
      object_layer: 'names a layer for reports',
    },
  },
  settings({ dequant_param: param }): DequantSettings {
    const { channel_wise: channelWise = false, layer_type: served = '' } = param ?? {};
    check(
      !/^LSTM_[XHS]$/.test(served),
      () => `layer_type ${served} stands inside an LSTM and has no blobs; an LSTM cannot be quantized here`,
    );
    return { channelWise };
  },
  params({ channelWise }, bottoms) {
    const x = bottoms[0]!;
    const spec = { shape: [channelWise && x.length === 4 ? x[1]! : 1], filler: undefined };
    return [spec, spec, spec];
  },
  lower({ g, bottoms, params }) {
    const [x] = bottoms as [Value];
    const [deqscale, shift] = params as [Value, Value, Value];
    const channels = deqscale.shape[0]!;
    check(channels === 1 || x.shape[1] === channels, () => `${channels} factors for [${x.shape.join(', ')}]`);
    const alongChannels = x.shape.map((_, axis) => (axis === 1 ? channels : 1));
    const factor = ops.reshape(g, deqscale, alongChannels);
    const bits = ops.reshape(g, shift, alongChannels);
    const power = ops.pow(g, g.scalar(2), bits);
    const shifted = ops.roundHalfAway(g, ops.div(g, ops.roundHalfAway(g, ops.div(g, x, factor)), power));
    const saturated = ops.min(g, ops.max(g, shifted, g.scalar(-32768)), g.scalar(32767));
    const y = ops.mul(g, ops.mul(g, saturated, factor), power);
    return {
      tops: [ops.where(g, ops.greater(g, bits, g.scalar(0)), y, x)],
      backward: ([dy]) => ({ bottoms: [dy] }),
    };
  },
});

/** What a `dequant_param` says. */
export interface DequantSettings {
  /** One factor a channel of a blob [N, C, H, W], else one for all. */
  readonly channelWise: boolean;
}
