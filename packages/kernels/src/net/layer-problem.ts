import { type GraphLayer, type NetGraph, LayerError } from '@caffe-quant/caffe-io';
import { type Diagnostic, DiagnosticsError, internalError } from 'caffe-prototxt-parser';

/** File, line and name of a layer. */
export const placeOf = ({ file }: Pick<NetGraph, 'file'>, layer: GraphLayer) => ({
  file,
  ...(layer.line === undefined ? {} : { line: layer.line }),
  layer: layer.name,
});

/** The layer of a node: nodes are named `<layer>/...`; of layers whose names begin alike the longest name is meant. */
export function layerOfNode(net: Pick<NetGraph, 'layers'>, node: string): GraphLayer | undefined {
  return net.layers
    .filter(({ name }) => node.startsWith(`${name}/`))
    .reduce<GraphLayer | undefined>(
      (best, layer) => (best && best.name.length >= layer.name.length ? best : layer),
      undefined,
    );
}

/** A layer that cannot be what its prototxt says. */
export function layerProblem(net: Pick<NetGraph, 'file'>, layer: GraphLayer, message: string): DiagnosticsError {
  const problem: Diagnostic = { code: 'layer-shape', severity: 'error', message: `${layer.type}: ${message}` };
  return new DiagnosticsError([{ ...problem, ...placeOf(net, layer) }]);
}

/**
 * Does `work` for a layer. What the layer's kernel refuses comes as a diagnostic of the layer, and so does what nobody
 * foresaw, as an internal error.
 *
 * @throws DiagnosticsError
 */
export function forLayer<T>(net: Pick<NetGraph, 'file'>, layer: GraphLayer, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DiagnosticsError) throw error;
    if (error instanceof LayerError) throw layerProblem(net, layer, error.message);
    const message = `${layer.type}: an internal error: nobody has thought of these settings on these bottoms`;
    throw new DiagnosticsError([internalError(message, placeOf(net, layer))], undefined, { cause: error });
  }
}
