import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';

/**
 * Axpy: y = a * x + y0 with a [N, C] or [N, C, 1, 1] and x, y0 [N, C, H, W]: the weighting of channels and the shortcut
 * of SE-ResNet in one. Source: SENet's `axpy_layer.cpp` (hujie-frank).
 */
export const axpy = layerKernel({
  type: 'Axpy',
  bottoms: 3,
  tops: 1,
  fields: {},
  lower({ g, bottoms }) {
    check(bottoms.length === 3, () => `expected the bottoms a, x, y, got ${bottoms.length}`);
    const [a, x, y] = bottoms as [Value, Value, Value];
    check(
      x.shape.length === 4 && x.shape.join() === y.shape.join(),
      () => `x and y must both be [N, C, H, W], got [${x.shape.join(', ')}] and [${y.shape.join(', ')}]`,
    );
    const [n, c] = x.shape as [number, number];
    check(
      [n, c].every((dim, i) => a.shape[i] === dim) && a.shape.slice(2).every((dim) => dim === 1),
      () => `expected a of shape [${n}, ${c}], got [${a.shape.join(', ')}]`,
    );
    const factor = ops.reshape(g, a, [n, c, 1, 1]);
    return {
      tops: [ops.add(g, ops.mul(g, x, factor), y)],
      backward: ([dy], needs) => ({
        bottoms: [
          needs.bottoms[0] ? ops.reshape(g, ops.reduceSum(g, ops.mul(g, dy!, x), [2, 3]), a.shape) : undefined,
          needs.bottoms[1] ? ops.mul(g, dy!, factor) : undefined,
          dy,
        ],
      }),
    };
  },
});
