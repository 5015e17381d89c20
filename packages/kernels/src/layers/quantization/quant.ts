import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';

/**
 * Quant: AMCT's fake quantization of an activation in a model that is done training. With s = 1 / `scale` (`scale_d` of
 * the record, in float32) and o = `offset` (`offset_d`, one signed byte):
 *
 *   q = clamp(round(x / s) + o, -128, 127), halves away from zero;   y = (q - o) * s
 *
 * ULQ in training rounds halves to even: an x exactly between two steps may differ by one step.
 * Source: AMCT's Caffe layer `quant_layer.cpp` and `ifmr.cpp` of its quantize library.
 */
export const quant = layerKernel({
  type: 'Quant',
  takesSteps: true,
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
  settings({ quant_param: param }): QuantSettings {
    const { scale, offset } = param ?? {};
    check(scale !== undefined && offset !== undefined, () => 'quant_param needs scale and offset');
    check(scale > Number.EPSILON && Number.isFinite(scale), () => `scale ${scale} is not a positive number`);
    check(offset.length === 1, () => `offset takes one byte, not ${offset.length}`);
    return { scale: Math.fround(1 / scale), offset: (offset[0]! << 24) >> 24 };
  },
  lower({ g, settings: { scale, offset }, bottoms }) {
    const [x] = bottoms as [Value];
    const steps = ops.roundHalfAway(g, ops.div(g, x, g.scalar(scale)));
    const clamped = ops.min(g, ops.max(g, steps, g.scalar(-128 - offset)), g.scalar(127 - offset));
    return {
      tops: [ops.mul(g, clamped, g.scalar(scale))],
      backward: ([dy]) => ({ bottoms: [dy] }),
    };
  },
});

/** What a `quant_param` says. */
export interface QuantSettings {
  /** One step, `scale_d` of the record: positive. */
  readonly scale: number;
  /** The step that stands for 0, `offset_d` of the record: [-128, 127]. */
  readonly offset: number;
}
