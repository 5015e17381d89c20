import { matchWeights, weightDiagnostics, type Caffemodel, type NetGraph } from '@caffe-quant/caffe-io';
import { DiagnosticsError, hasErrors, type Diagnostic } from 'caffe-prototxt-parser';
import { GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import { checkWeights } from './check-weights.ts';
import { lowerNet } from './lower-net.ts';
import type { NetWeights } from './net-params.ts';

/** Shapes of the parameter blobs of every layer that has any. */
export function parameterShapes(
  graph: NetGraph,
  inputShapes: ReadonlyMap<string, Shape>,
): { layer: string; shapes: Shape[] }[] {
  const { layers } = lowerNet(new GraphBuilder(), graph, { inputShapes, shapesOnly: true });
  return layers
    .filter(({ params }) => params.length > 0)
    .map(({ layer, params }) => ({ layer: layer.name, shapes: params.map(({ shape }) => shape) }));
}

/**
 * The weights of a caffemodel for a net.
 * @throws DiagnosticsError where a layer has no weights in the file, or blobs of another shape; and for layers that are
 *   not supported, and for weights that are not finite.
 */
export function fitWeights(
  graph: NetGraph,
  inputShapes: ReadonlyMap<string, Shape>,
  model: Caffemodel,
  weightsFile: string,
): { weights: NetWeights; diagnostics: Diagnostic[] } {
  const match = matchWeights(parameterShapes(graph, inputShapes), model);
  const lines = new Map(graph.layers.map(({ name, line }) => [name, line]));
  const diagnostics = weightDiagnostics(match, {
    weightsFile,
    netFile: graph.file,
    lineOf: (layer) => lines.get(layer),
  });
  if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics);
  checkWeights(graph, match.matched, weightsFile);
  return {
    weights: new Map([...match.matched].map(([layer, blobs]) => [layer, blobs.map(({ data }) => data)])),
    diagnostics,
  };
}
