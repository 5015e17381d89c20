import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementwiseKernel } from './elementwise.ts';
import { ENGINE } from '../common-fields.ts';
import type { ReluSettings } from './relu.ts';

/**
 * ReLU6: y = min(max(x, 0), 6) + negative_slope * min(x, 0); the gradient is the slope at 0 and 0 at 6.
 * Source: `relu6_layer.cpp` of MobileNet-YOLO (eric612).
 */
export const relu6 = elementwiseKernel({
  type: 'ReLU6',
  fields: { relu6_param: { ...read('negative_slope'), engine: ENGINE } },
  settings: ({ relu6_param: { negative_slope: negativeSlope = 0 } = {} }): ReluSettings => ({ negativeSlope }),
  keepsFinite: ({ negativeSlope }) => Math.abs(negativeSlope) <= 1,
  nonNegative: ({ negativeSlope }) => negativeSlope === 0 && 'always',
  f(g, x, { negativeSlope: slope }) {
    const [zero, six] = [g.scalar(0), g.scalar(6)];
    const inside = ops.min(g, ops.max(g, x, zero), six);
    return {
      y: slope === 0 ? inside : ops.add(g, inside, ops.mul(g, ops.min(g, x, zero), g.scalar(slope))),
      gradient(dy) {
        const above = ops.where(g, ops.less(g, x, six), dy, zero);
        const below = slope === 0 ? zero : ops.mul(g, dy, g.scalar(slope));
        return ops.where(g, ops.greater(g, x, zero), above, below);
      },
    };
  },
});
