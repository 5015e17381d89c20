import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { canonicalAxis, layerKernel } from '../layer.ts';

export interface ReductionSettings {
  readonly operation: 'SUM' | 'ASUM' | 'SUMSQ' | 'MEAN';
  /** The first axis that is reduced; negative: from the end. */
  readonly axis: number;
  /** What the result is multiplied by. */
  readonly coefficient: number;
}

/**
 * Reduction of all axes from `axis` on to `coeff` times their SUM, ASUM (of |x|), SUMSQ (of x^2) or MEAN.
 * Source: Caffe's `reduction_layer.cpp`.
 */
export const reduction = layerKernel({
  type: 'Reduction',
  bottoms: 1,
  tops: 1,
  fields: {
    reduction_param: { ...read('axis', 'coeff'), operation: new Set(['SUM', 'ASUM', 'SUMSQ', 'MEAN'] as const) },
  },
  settings({ reduction_param: param = {} }): ReductionSettings {
    const { operation = 'SUM', axis = 0, coeff: coefficient = 1 } = param;
    return { operation, axis, coefficient };
  },
  lower({ g, settings, bottoms }) {
    const [x] = bottoms as [Value];
    const { operation, axis, coefficient } = settings;
    const first = canonicalAxis(axis, x.shape.length);
    const axes = ops.allAxes(x).slice(first);
    const factor = operation === 'MEAN' ? coefficient / elementCount(x.shape.slice(first)) : coefficient;
    const scaled = (value: Value, by: number) => (by === 1 ? value : ops.mul(g, value, g.scalar(by)));
    const term = operation === 'ASUM' ? ops.abs(g, x) : operation === 'SUMSQ' ? ops.mul(g, x, x) : x;
    return {
      tops: [scaled(ops.reduceSum(g, term, axes), factor)],
      backward([dy]) {
        const kept = ops.reshape(g, dy!, [...x.shape.slice(0, first), ...axes.map(() => 1)]);
        if (operation === 'ASUM') return { bottoms: [ops.mul(g, ops.sign(g, x), scaled(kept, factor))] };
        if (operation === 'SUMSQ') return { bottoms: [ops.mul(g, x, scaled(kept, 2 * factor))] };
        return { bottoms: [ops.expand(g, scaled(kept, factor), x.shape)] };
      },
    };
  },
});
