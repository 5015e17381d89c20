import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { canonicalAxis, check, layerKernel } from '../layer.ts';
import { ENGINE } from '../common-fields.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { product } from './product.ts';

/**
 * InnerProduct: y = x w^T + b, with x flattened from `axis` on to [M, K], w [N, K] ([K, N] with `transpose`), b [N] and
 * y of x's leading shape and N. With `normalize` of caffe-windows the rows of w have the norm 1 (`unitRows`). Source: Caffe's
 * `inner_product_layer.cpp`.
 */
export const innerProduct = layerKernel({
  type: 'InnerProduct',
  showsNotFinite: true,
  bottoms: 1,
  tops: 1,
  fields: {
    inner_product_param: {
      ...read('num_output', 'bias_term', 'axis', 'transpose', 'normalize'),
      weight_filler: FILLER,
      bias_filler: FILLER,
      engine: ENGINE,
    },
  },
  settings({ inner_product_param: param }) {
    check(param !== undefined, () => 'inner_product_param is missing');
    const { num_output: numOutput = 0, axis = 1, transpose: transposed = false, bias_term: bias = true } = param;
    check(numOutput > 0, () => 'num_output is missing');
    const { normalize: hasUnitRows = false, weight_filler: weightFiller, bias_filler: biasFiller } = param;
    check(
      !hasUnitRows || !transposed,
      () => 'normalize with transpose: caffe-windows divides other parts of the weights than its outputs have',
    );
    return { numOutput, axis, transposed, bias, hasUnitRows, weightFiller, biasFiller };
  },
  params({ numOutput, axis, transposed, bias, hasUnitRows, weightFiller, biasFiller }, [bottom]) {
    const inner = elementCount(bottom!.slice(canonicalAxis(axis, bottom!.length)));
    const shape = transposed ? [inner, numOutput] : [numOutput, inner];
    const weight = { shape, filler: weightFiller, ...(hasUnitRows && { hasUnitRows }) };
    return bias ? [weight, { shape: [numOutput], filler: biasFiller }] : [weight];
  },
  lower({ g, settings, bottoms, params }) {
    const [x] = bottoms as [Value];
    const [w, b] = params as [Value, Value?];
    const { numOutput, transposed } = settings;
    const axis = canonicalAxis(settings.axis, x.shape.length);
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
});
