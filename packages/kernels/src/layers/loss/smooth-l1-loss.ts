import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';

/**
 * SmoothL1Loss: sum of v f(w (a - b)) / N with f(d) = (sigma d)^2 / 2 where |d| < 1 / sigma^2, else |d| - 1 / (2 sigma^2);
 * w ("inside" weights) is the third bottom and v ("outside" weights) the fourth, or 1. In SSD's form (no
 * `smooth_l1_loss_param`, at most three bottoms) the gradient is not multiplied by w again, as that fork has it; in Faster
 * R-CNN's it is. Sources: `smooth_L1_loss_layer.cpp` of SSD, `smooth_L1_loss_layer.cu` of Faster R-CNN.
 */
export const smoothL1Loss = layerKernel({
  type: 'SmoothL1Loss',
  loss: true,
  bottoms: [2, 4],
  tops: 1,
  fields: { smooth_l1_loss_param: { ...read('sigma') } },
  settings({ smooth_l1_loss_param: param }): SmoothL1Settings {
    const { sigma = 1 } = param ?? {};
    check(sigma > 0, () => `sigma ${sigma} must be positive`);
    return { sigma, hasParam: param !== undefined };
  },
  lower({ g, settings: { sigma, hasParam }, bottoms }) {
    const [a, b, inside, outside] = bottoms as [Value, Value, Value?, Value?];
    for (const { shape } of bottoms) {
      check(shape.join() === a.shape.join(), () => `bottoms [${a.shape}] and [${shape}] differ in shape`);
    }
    const n = a.shape[0]!;
    const weighted = (value: Value, weights: Value | undefined) => (weights ? ops.mul(g, value, weights) : value);
    const d = weighted(ops.sub(g, a, b), inside);
    const losses = weighted(smoothed(g, d, sigma), outside);
    const isTrueGradient = hasParam || outside !== undefined;
    return {
      tops: [ops.div(g, ops.total(g, losses), g.scalar(n))],
      backward([weight], needs) {
        const steep = sigma === 1 ? d : ops.mul(g, d, g.scalar(sigma * sigma));
        const slope = ops.max(g, ops.min(g, steep, g.scalar(1)), g.scalar(-1));
        const own = ops.mul(g, slope, ops.mul(g, weight!, g.scalar(1 / n)));
        const da = isTrueGradient ? weighted(weighted(own, inside), outside) : own;
        return { bottoms: [da, needs.bottoms[1] ? ops.neg(g, da) : undefined, undefined, undefined] };
      },
    };
  },
});

/** What a `smooth_l1_loss_param` says. */
export interface SmoothL1Settings {
  /** The loss is quadratic where the difference is below 1 / sigma^2. */
  readonly sigma: number;
  /** There is one: it tells Faster R-CNN's layer from SSD's. */
  readonly hasParam: boolean;
}

function smoothed(g: GraphBuilder, d: Value, sigma: number): Value {
  const size = ops.abs(g, d);
  const squares = ops.mul(g, ops.mul(g, d, d), g.scalar(0.5 * sigma * sigma));
  const isSmall = ops.less(g, size, g.scalar(1 / (sigma * sigma)));
  return ops.where(g, isSmall, squares, ops.sub(g, size, g.scalar(0.5 / (sigma * sigma))));
}
