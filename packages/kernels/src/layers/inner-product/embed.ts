import { type FillerParameter, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { forGather } from '../../graph/in-range.ts';
import { check, layerKernel } from '../layer.ts';
import { oneHotRows } from '../../graph/one-hot.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { product } from './product.ts';

/**
 * Embed: the row of w that each element of the bottom names, + b. w [input_dim, num_output], b [num_output], y of x's
 * shape and num_output. Source: Caffe's `embed_layer.cpp`.
 */
export const embed = layerKernel({
  type: 'Embed',
  bottoms: 1,
  tops: 1,
  fields: {
    embed_param: { ...read('num_output', 'input_dim', 'bias_term'), weight_filler: FILLER, bias_filler: FILLER },
  },
  settings({ embed_param: param }): EmbedSettings {
    const { num_output: width = 0, input_dim: words = 0, bias_term: bias = true } = param ?? {};
    check(width > 0 && words > 0, () => 'num_output and input_dim must be positive');
    return { words, width, bias, weightFiller: param?.weight_filler, biasFiller: param?.bias_filler };
  },
  params({ words, width, bias, weightFiller, biasFiller }) {
    const weight = { shape: [words, width], filler: weightFiller };
    return bias ? [weight, { shape: [width], filler: biasFiller }] : [weight];
  },
  lower({ g, settings: { words, width }, bottoms, params }) {
    const [x] = bottoms as [Value];
    const [w, b] = params as [Value, Value?];
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
});

/** What an `embed_param` says. */
export interface EmbedSettings {
  /** How many rows there are to be named. */
  readonly words: number;
  /** Elements of a row. */
  readonly width: number;
  readonly bias: boolean;
  readonly weightFiller: FillerParameter | undefined;
  readonly biasFiller: FillerParameter | undefined;
}
