import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';

export interface ProductOptions {
  transposeA?: boolean;
  transposeB?: boolean;
}

/** Sums of at most so many products are made in one piece, however the columns are shared out: onnxruntime's `StrideK`. */
const ONE_PIECE = 128;

/**
 * The matrix product of a [M, K] and b [K, N] (either may be stored transposed), in the one form whose bytes do not
 * depend on the number of threads: onnxruntime cuts the sum over K into pieces whose length depends on how many columns a
 * thread has, where the result has fewer rows than columns, so that such a product is computed transposed. So is a single row,
 * which it computes another way. A plain graph
 * promises no bytes.
 */
export function product(g: GraphBuilder, a: Value, b: Value, options: ProductOptions = {}): Value {
  const { transposeA = false, transposeB = false } = options;
  const rows = a.shape[transposeA ? 1 : 0]!;
  const columns = b.shape[transposeB ? 0 : 1]!;
  const inner = a.shape[transposeA ? 0 : 1]!;
  if (inner !== b.shape[transposeB ? 1 : 0]!) {
    throw new Error(`product of [${a.shape.join()}] and [${b.shape.join()}]: inner dimensions differ`);
  }
  const isOnePiece = inner <= ONE_PIECE && rows > 1;
  if (rows < columns && !isOnePiece && !g.plain) {
    return ops.transpose(g, product(g, b, a, { transposeA: !transposeB, transposeB: !transposeA }), [1, 0]);
  }
  const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
  return g.op('Gemm', [a, b], attributes, [rows, columns]);
}
