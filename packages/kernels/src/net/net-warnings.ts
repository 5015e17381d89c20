import type { NetGraph } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import { lowerNet } from './lower-net.ts';

/**
 * What the layers of a net say that has no effect, so that it can be told once, whoever runs the net afterwards.
 *
 * @param inputShapes of the tops of data layers, by name
 * @throws DiagnosticsError for layers that are not supported or do not fit their bottoms
 */
export function netWarnings(graph: NetGraph, inputShapes: ReadonlyMap<string, Shape>): Diagnostic[] {
  return lowerNet(new GraphBuilder(), graph, { inputShapes, shapesOnly: true }).warnings;
}
