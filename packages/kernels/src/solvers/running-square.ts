import * as ops from '../graph/ops.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';

/** momentum * mean + (1 - momentum) * value^2. */
export function runningSquare(g: GraphBuilder, mean: Value, value: Value, momentum: number): Value {
  const square = ops.mul(g, ops.mul(g, value, value), g.scalar(Math.fround(1 - momentum)));
  return ops.add(g, square, ops.mul(g, mean, g.scalar(momentum)));
}
