import type { NetGraph } from '@caffe-quant/caffe-io';
import { elementCount, GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import { channelAxisOf, isConvolution } from '../layers/registry.ts';
import { lowerNet } from '../net/lower-net.ts';

/**
 * The products that a forward pass adds up, in its convolutions and inner products: what decides how long it takes, on any
 * machine.
 */
export function forwardCost(graph: NetGraph, inputShapes: ReadonlyMap<string, Shape>): number {
  const { layers, blobs } = lowerNet(new GraphBuilder(), graph, { inputShapes, shapesOnly: true });
  return layers.reduce((sum, { layer, shapes: [weights] }) => {
    if (!weights) return sum;
    if (layer.type === 'InnerProduct') return sum + elementCount(weights) * rowsOf(blobs.get(layer.tops[0]!.id)!.shape);
    if (!isConvolution(layer.type)) return sum;
    // Each filter is applied once for each pixel of the output, of a Deconvolution of the input.
    const at = channelAxisOf(layer.type) === 1 ? layer.bottoms[0]! : layer.tops[0]!;
    const [images, , ...plane] = blobs.get(at.id)!.shape as [number, number, ...number[]];
    return sum + elementCount(weights) * images * elementCount(plane);
  }, 0);
}

const rowsOf = (shape: Shape): number => elementCount(shape.slice(0, -1));
