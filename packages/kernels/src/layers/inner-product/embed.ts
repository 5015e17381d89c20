import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { forGather } from '../../graph/in-range.ts';
import { check, type LayerKernel } from '../layer.ts';
import { oneHotRows } from '../../graph/one-hot.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { product } from './product.ts';

/**
 * Embed: the row of w that each element of the bottom names, + b. w [input_dim, num_output], b [num_output], y of x's
 * shape and num_output. Source: Caffe's `embed_layer.cpp`.
 */
export const embed: LayerKernel = {
  type: 'Embed',
  bottoms: 1,
  tops: 1,
  fields: {
    embed_param: { ...read('num_output', 'input_dim', 'bias_term'), weight_filler: FILLER, bias_filler: FILLER },
  },
  params(layer) {
    const param = layer.embed_param;
    const { num_output = 0, input_dim = 0, bias_term = true } = param ?? {};
    check(num_output > 0 && input_dim > 0, () => 'num_output and input_dim must be positive');
    const weight = { shape: [input_dim, num_output], filler: param?.weight_filler };
    return bias_term ? [weight, { shape: [num_output], filler: param?.bias_filler }] : [weight];
  },
  lower({ g, bottoms, params }) {
    const [x] = bottoms as [Value];
    const [w, b] = params as [Value, Value?];
    const [words, width] = w.shape as [number, number];
    const indices = forGather(g, ops.cast(g, x, 'int64'), words);
    const rows = g.op('Gather', [w, indices], { axis: 0 }, [...x.shape, width]);
    return {
      tops: [b ? ops.add(g, rows, b) : rows],
      backward([top], needs) {
        const dy = ops.reshape(g, top!, [elementCount(x.shape), width]);
        const dw = () => product(g, oneHotRows(g, x, words), dy, { transposeA: true });
        return {
          bottoms: [undefined],
          params: [needs.params[0] ? dw() : undefined, needs.params[1] ? ops.reduceSum(g, dy, [0]) : undefined],
        };
      },
    };
  },
};
