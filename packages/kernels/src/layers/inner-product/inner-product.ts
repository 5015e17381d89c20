import { read, type LayerParameter } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Shape, type Value } from '../../graph/graph-builder.ts';
import { canonicalAxis, check, type LayerKernel } from '../layer.ts';
import { ENGINE } from '../common-fields.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { product } from './product.ts';

/**
 * InnerProduct: y = x w^T + b, with x flattened from `axis` on to [M, K], w [N, K] ([K, N] with `transpose`), b [N] and
 * y of x's leading shape and N. Source: Caffe's `inner_product_layer.cpp`.
 */
export const innerProduct: LayerKernel = {
  type: 'InnerProduct',
  bottoms: 1,
  tops: 1,
  fields: {
    inner_product_param: {
      ...read('num_output', 'bias_term', 'axis', 'transpose'),
      weight_filler: FILLER,
      bias_filler: FILLER,
      engine: ENGINE,
    },
  },
  params(layer, bottoms) {
    const { numOutput, inner, transposed, bias } = settings(layer, bottoms[0]!);
    const param = layer.inner_product_param;
    const weight = { shape: transposed ? [inner, numOutput] : [numOutput, inner], filler: param?.weight_filler };
    return bias ? [weight, { shape: [numOutput], filler: param?.bias_filler }] : [weight];
  },
  lower({ g, layer, bottoms, params }) {
    const [x] = bottoms as [Value];
    const [w, b] = params as [Value, Value?];
    const { axis, numOutput, transposed } = settings(layer, x.shape);
    const rows = ops.flatten(g, x, axis);
    const products = product(g, rows, w, { transposeB: !transposed });
    const y = b ? ops.add(g, products, b) : products;
    return {
      tops: [axis === 1 ? y : ops.reshape(g, y, [...x.shape.slice(0, axis), numOutput])],
      backward([top], needs) {
        const dy = ops.reshape(g, top!, [rows.shape[0]!, numOutput]);
        const dw = () =>
          transposed ? product(g, rows, dy, { transposeA: true }) : product(g, dy, rows, { transposeA: true });
        const dx = () => ops.reshape(g, product(g, dy, w, { transposeB: transposed }), x.shape);
        return {
          bottoms: [needs.bottoms[0] ? dx() : undefined],
          params: [needs.params[0] ? dw() : undefined, needs.params[1] ? ops.reduceSum(g, dy, [0]) : undefined],
        };
      },
    };
  },
};

function settings(layer: LayerParameter, bottom: Shape) {
  const param = layer.inner_product_param;
  check(param !== undefined, () => 'inner_product_param is missing');
  const numOutput = param.num_output ?? 0;
  check(numOutput > 0, () => 'num_output is missing');
  const axis = canonicalAxis(param.axis ?? 1, bottom.length);
  return {
    numOutput,
    axis,
    inner: elementCount(bottom.slice(axis)),
    transposed: param.transpose ?? false,
    bias: param.bias_term ?? true,
  };
}
