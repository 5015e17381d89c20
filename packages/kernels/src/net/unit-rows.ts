import { elementCount, type GraphBuilder, type Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';

/** Keeps a row of zeros from being divided by 0. */
const EPSILON = Math.fround(1e-6);

/**
 * The rows of a blob [N, ..], each divided by sqrt(its sum of squares + 1e-6): `inner_product_param { normalize }` of
 * caffe-windows. That fork does it at the start of each forward pass, in the stored weights, and has no gradient of it; done
 * when weights are read and after each update it gives the same outputs, and layers and quantizers see weights that are
 * nothing special. Source: happynear/caffe-windows' `InnerProductLayer::Forward_cpu` (its GPU code adds 1e-12).
 */
export function unitRows(g: GraphBuilder, blob: Value): Value {
  const [rows = 1] = blob.shape;
  const flat = ops.reshape(g, blob, [rows, elementCount(blob.shape) / rows]);
  const squares = ops.reduceSum(g, ops.mul(g, flat, flat), [1], true);
  const norms = ops.sqrt(g, ops.add(g, squares, g.scalar(EPSILON)));
  return ops.reshape(g, ops.div(g, flat, norms), blob.shape);
}

/** The same of a blob's elements, row-major. */
export function withUnitRows(blob: ArrayLike<number>, rows: number): Float32Array {
  const data = Float32Array.from(blob);
  const length = data.length / rows;
  for (let start = 0; start < data.length; start += length) {
    const row = data.subarray(start, start + length);
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, EPSILON));
    row.forEach((value, i) => (row[i] = value / norm));
  }
  return data;
}
