import * as ops from '../graph/ops.ts';
import type { Value } from '../graph/graph-builder.ts';
import { check, type LayerKernel } from './layer.ts';

/**
 * SmoothL1Loss: sum of f(w (a - b)) / N with f(d) = d^2 / 2 where |d| < 1, else |d| - 1/2; w is the third bottom, or 1.
 * The gradient, as the fork has it, is not multiplied by w again. Source: SSD's `smooth_L1_loss_layer.cpp`.
 */
export const smoothL1Loss: LayerKernel = {
  type: 'SmoothL1Loss',
  isLoss: true,
  lower({ g, layer, bottoms }) {
    const [a, b, weights] = bottoms as [Value, Value, Value?];
    const sigma = layer.smooth_l1_loss_param?.sigma ?? 1;
    check(sigma === 1, () => `sigma ${sigma} is not supported, only 1`);
    check(bottoms.length <= 3, () => 'outside weights (a fourth bottom) are not supported');
    for (const { shape } of bottoms) {
      check(shape.join() === a.shape.join(), () => `bottoms [${a.shape}] and [${shape}] differ in shape`);
    }
    const n = a.shape[0]!;
    const one = g.scalar(1);
    const difference = ops.sub(g, a, b);
    const d = weights ? ops.mul(g, difference, weights) : difference;
    const size = ops.abs(g, d);
    const half = g.scalar(0.5);
    const losses = ops.where(g, ops.less(g, size, one), ops.mul(g, ops.mul(g, d, d), half), ops.sub(g, size, half));
    return {
      tops: [ops.div(g, ops.total(g, losses), g.scalar(n))],
      backward([weight], needs) {
        const slope = ops.max(g, ops.min(g, d, one), g.scalar(-1));
        const da = ops.mul(g, slope, ops.mul(g, weight!, g.scalar(1 / n)));
        return { bottoms: [da, needs.bottoms[1] ? ops.neg(g, da) : undefined, undefined] };
      },
    };
  },
};
