import type { GraphLayer } from '@caffe-quant/caffe-io';
import { traitOf } from '../layers/layer-traits.ts';
import { layerTypeOf } from '../layers/registry.ts';
import type { LoweredNet } from './lower-net.ts';

/**
 * Tells the layers that round or choose, and those behind them: the last bit of what they are given may decide on a whole
 * step. Those are what a plan quantizes, what has no backward pass, and layers of a type that takes steps.
 */
export function steppedLayers(net: Pick<LoweredNet, 'graph' | 'layers'>): (layer: GraphLayer) => boolean {
  const stepped = new Set<GraphLayer>();
  for (const { layer, lowered, quantizer } of net.layers) {
    const behind = layer.bottoms.some(({ producer }) => stepped.has(net.graph.layers[producer ?? -1]!));
    const takesSteps = traitOf(layerTypeOf(layer.type), 'takesSteps', layer.param);
    if (behind || quantizer !== undefined || !lowered.backward || takesSteps) stepped.add(layer);
  }
  return (layer) => stepped.has(layer);
}
