import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { canonicalAxis, check, type LayerKernel } from '../layer.ts';

/** A fork may have others. */
const OPERATIONS: ReadonlySet<string> = new Set(['SUM', 'ASUM', 'SUMSQ', 'MEAN']);

/**
 * Reduction of all axes from `axis` on to `coeff` times their SUM, ASUM (of |x|), SUMSQ (of x^2) or MEAN.
 * Source: Caffe's `reduction_layer.cpp`.
 */
export const reduction: LayerKernel = {
  type: 'Reduction',
  bottoms: 1,
  tops: 1,
  fields: { reduction_param: { ...read('operation', 'axis', 'coeff') } },
  lower({ g, layer, bottoms }) {
    const [x] = bottoms as [Value];
    const { operation = 'SUM', axis = 0, coeff = 1 } = layer.reduction_param ?? {};
    check(OPERATIONS.has(operation), () => `operation: ${operation} is not supported`);
    const first = canonicalAxis(axis, x.shape.length);
    const axes = ops.allAxes(x).slice(first);
    const factor = operation === 'MEAN' ? coeff / elementCount(x.shape.slice(first)) : coeff;
    const scaled = (value: Value, by: number) => (by === 1 ? value : ops.mul(g, value, g.scalar(by)));
    const term = operation === 'ASUM' ? ops.abs(g, x) : operation === 'SUMSQ' ? ops.mul(g, x, x) : x;
    return {
      tops: [scaled(ops.reduceSum(g, term, axes), factor)],
      backward([dy]) {
        const spread = ops.reshape(g, dy!, [...x.shape.slice(0, first), ...axes.map(() => 1)]);
        if (operation === 'ASUM') return { bottoms: [ops.mul(g, ops.sign(g, x), scaled(spread, factor))] };
        if (operation === 'SUMSQ') return { bottoms: [ops.mul(g, x, scaled(spread, 2 * factor))] };
        return { bottoms: [ops.expand(g, scaled(spread, factor), x.shape)] };
      },
    };
  },
};
