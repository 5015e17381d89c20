import type { LayerParameter, MessageUse } from '@caffe-quant/caffe-io';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';
import type { LayerKernel } from '../layer.ts';

/** y = f(x), element by element, and its derivative. */
export interface Elementwise {
  y: Value;
  /** dx of dy. */
  gradient(dy: Value): Value;
}

/** The kernel of a layer with one bottom and one top of the same shape, without parameters. */
export const elementwiseKernel = (
  type: string,
  fields: MessageUse,
  f: (g: GraphBuilder, x: Value, layer: LayerParameter) => Elementwise,
): LayerKernel => ({
  type,
  bottoms: 1,
  tops: 1,
  fields,
  lower({ g, layer, bottoms }) {
    const { y, gradient } = f(g, bottoms[0]!, layer);
    return { tops: [y], backward: ([dy]) => ({ bottoms: [gradient(dy!)] }) };
  },
});
