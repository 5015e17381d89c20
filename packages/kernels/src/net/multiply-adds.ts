import type { NetGraph } from '@caffe-quant/caffe-io';
import { elementCount, GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import { lowerNet } from './lower-net.ts';

/**
 * About how many products of an activation and a weight one forward pass over a batch takes: for each element of a layer's
 * first top as many as its weights have elements for each output. Exact for Convolution and InnerProduct; of others it tells
 * the size.
 *
 * @param inputShapes of the data layers' tops, by name
 */
export function multiplyAdds(graph: NetGraph, inputShapes: ReadonlyMap<string, Shape>): number {
  const { layers } = lowerNet(new GraphBuilder(), graph, { inputShapes, shapesOnly: true });
  return layers.reduce((sum, { lowered, shapes: [weights] }) => {
    const [top] = lowered.tops;
    if (!weights || weights.length < 2 || !top) return sum;
    return sum + elementCount(top.shape) * elementCount(weights.slice(1));
  }, 0);
}
