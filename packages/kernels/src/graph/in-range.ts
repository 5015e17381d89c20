import * as ops from './ops.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';

/**
 * int64 indices for a Gather over `limit` rows, which looks whether they are inside, but counts those below 0 from the end:
 * these become indices that are outside. `NetSession` says which index it was. Caffe's release build reads beyond the blob
 * there, its debug build stops.
 */
export function forGather(g: GraphBuilder, indices: Value, limit: number): Value {
  const isNegative = ops.less(g, indices, g.constant('int64', [], [0]));
  return ops.where(g, isNegative, ops.sub(g, indices, g.constant('int64', [], [limit])), indices);
}

/** int64 indices, unchanged, of which none is outside [0, limit): the run of the graph fails at such a one. */
export function inRange(g: GraphBuilder, indices: Value, limit: number): Value {
  const zeros = g.constant('int64', [limit], () => new Array<number>(limit).fill(0));
  const found = g.op('Gather', [zeros, forGather(g, indices, limit)], { axis: 0 }, indices.shape);
  return ops.add(g, indices, found);
}
