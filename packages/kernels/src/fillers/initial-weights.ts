import type { NetGraph } from '@caffe-quant/caffe-io';
import { GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import { lowerNet } from '../net/lower-net.ts';
import type { NetWeights } from '../net/net-params.ts';
import { withUnitRows } from '../net/unit-rows.ts';
import { fill } from './fill.ts';
import { randomOf } from './random.ts';

/**
 * Weights to train a net from scratch, by the fillers of its layers.
 * @param inputShapes shapes of the data layers' tops, by name.
 * @param seed the same seed gives the same weights; each blob draws from a stream of its own.
 * @throws DiagnosticsError for layers that are not supported.
 */
export function initialWeights(graph: NetGraph, inputShapes: ReadonlyMap<string, Shape>, seed: number): NetWeights {
  const { params } = lowerNet(new GraphBuilder(), graph, { inputShapes, shapesOnly: true });
  const weights = new Map<string, Float32Array[]>();
  for (const { layer, index, key, shape, filler, hasUnitRows } of params) {
    const blobs = weights.get(layer) ?? [];
    const filled = fill(filler, shape, randomOf(`${seed}/${key}`));
    blobs[index] = hasUnitRows ? withUnitRows(filled, shape[0]!) : filled;
    weights.set(layer, blobs);
  }
  return weights;
}
