import { depthwise } from './channel-affine.ts';
import { elementCount, type GraphBuilder, type Value } from './graph-builder.ts';
import * as ops from './ops.ts';

/** Rows that a tensor is cut into, shared out among the threads. */
const ROWS = 64;
/** From so many elements on the form in one pass is the faster one. */
const MANY = 2 ** 16;

/**
 * x * factor + y, of tensors of one shape and a scalar: of large ones in one pass over memory, as a convolution in blocks that
 * adds to y. To it the elements are pixels of as many channels as a block has, of which none is special.
 */
export function scaledSum(g: GraphBuilder, x: Value, factor: Value, y: Value): Value {
  const block = g.channelBlock;
  const count = elementCount(x.shape);
  if (block === 1 || count < MANY || count % (block * ROWS) !== 0) return ops.add(g, ops.mul(g, x, factor), y);
  const pixels = [1, block, ROWS, count / (block * ROWS)];
  const kernel = ops.expand(g, ops.reshape(g, factor, [1, 1, 1, 1]), [block, 1, 1, 1]);
  const added = ops.reshape(g, y, pixels);
  return ops.reshape(g, depthwise(g, ops.reshape(g, x, pixels), kernel, undefined, { added }), x.shape);
}
