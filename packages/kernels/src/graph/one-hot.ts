import * as ops from './ops.ts';
import { elementCount, type GraphBuilder, type Value } from './graph-builder.ts';

/**
 * Indices, as floats, of any shape, to a matrix [their number, classes] with a 1 in each row. Its transpose times a
 * matrix adds rows up by index, in an order that no thread changes.
 */
export function oneHotRows(g: GraphBuilder, indices: Value, classes: number): Value {
  const column = ops.cast(g, ops.reshape(g, indices, [elementCount(indices.shape), 1]), 'int64');
  return ops.indicator(g, ops.equal(g, column, ops.iota(g, [1, classes])));
}
