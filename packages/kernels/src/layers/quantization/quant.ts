import { read, type LayerParameter } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { check, type LayerKernel } from '../layer.ts';

/**
 * Quant: AMCT's fake quantization of an activation in a model that is done training. With s = 1 / `scale` (`scale_d` of
 * the record, in float32) and o = `offset` (`offset_d`, one signed byte):
 *
 *   q = clamp(round(x / s) + o, -128, 127), halves away from zero;   y = (q - o) * s
 *
 * ULQ in training rounds halves to even: an x exactly between two steps may differ by one step.
 * Source: AMCT's Caffe layer `quant_layer.cpp` and `ifmr.cpp` of its quantize library.
 */
export const quant: LayerKernel = {
  type: 'Quant',
  keepsFinite: true,
  bottoms: 1,
  tops: 1,
  fields: {
    quant_param: {
      ...read('scale', 'offset'),
      with_offset: 'the offset says it',
      object_layer: 'names a layer for reports',
    },
  },
  lower({ g, layer, bottoms }) {
    const [x] = bottoms as [Value];
    const { scale, offset } = quantSettings(layer);
    const steps = ops.roundHalfAway(g, ops.div(g, x, g.scalar(scale)));
    const clamped = ops.min(g, ops.max(g, steps, g.scalar(-128 - offset)), g.scalar(127 - offset));
    return {
      tops: [ops.mul(g, clamped, g.scalar(scale))],
      backward: ([dy]) => ({ bottoms: [dy] }),
    };
  },
};

/** Step (`scale_d`) and zero point (`offset_d`, [-128, 127]) of a Quant layer. */
export function quantSettings(layer: LayerParameter): { scale: number; offset: number } {
  const { scale, offset } = layer.quant_param ?? {};
  check(scale !== undefined && offset !== undefined, () => 'quant_param needs scale and offset');
  check(scale > Number.EPSILON && Number.isFinite(scale), () => `scale ${scale} is no positive number`);
  check(offset.length === 1, () => `offset takes one byte, not ${offset.length}`);
  return { scale: Math.fround(1 / scale), offset: (offset[0]! << 24) >> 24 };
}
