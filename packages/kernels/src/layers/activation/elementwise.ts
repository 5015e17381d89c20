import type { LayerTypeOf, MessageUse } from '@caffe-quant/caffe-io';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';
import { layerKernel, type LayerKernel } from '../layer.ts';

/** y = f(x), element by element, and its derivative. */
export interface Elementwise {
  y: Value;
  /** dx of dy. */
  gradient(dy: Value): Value;
}

/** A layer type with one bottom and one top of the same shape, without parameters. */
interface ElementwiseType<Settings> extends Omit<LayerKernel<Settings>, 'bottoms' | 'tops' | 'params' | 'lower'> {
  f(g: GraphBuilder, x: Value, settings: Settings): Elementwise;
}

/** The kernel of such a layer. */
export const elementwiseKernel = <const Use extends MessageUse, Settings = undefined>({
  f,
  ...type
}: LayerTypeOf<ElementwiseType<Settings>, Use, Settings>): LayerKernel<Settings> =>
  layerKernel<Use, Settings>({
    ...type,
    bottoms: 1,
    tops: 1,
    lower({ g, settings, bottoms }) {
      const { y, gradient } = f(g, bottoms[0]!, settings);
      return { tops: [y], backward: ([dy]) => ({ bottoms: [gradient(dy!)] }) };
    },
  });
