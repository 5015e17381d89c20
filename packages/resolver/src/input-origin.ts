/**
 * Where a layer's input comes from, as far as `fixed_min` cares: straight from a ReLU (then the lower end of the clip
 * range is 0 unless the config says otherwise), from one through layers that keep values at or above 0, or neither.
 */
import type { BlobVersion, GraphLayer, NetGraph } from '@caffe-quant/caffe-io';
import { forLayer, layerTypeOf, traitOf } from '@caffe-quant/kernels/layer-types';

export type InputOrigin =
  /** The last writer of the blob is a ReLU with slope 0. */
  | { kind: 'relu'; layer: string }
  /** Never negative, though its last writer is not such a ReLU; `path` names the layers, nearest first. */
  | { kind: 'nonnegative'; path: string[] }
  | { kind: 'other'; writer?: GraphLayer };

/** Tells the origin of any blob of the net; each blob is looked at once. */
export function traceInputs(graph: NetGraph): (blob: BlobVersion) => InputOrigin {
  const known = new Map<BlobVersion, InputOrigin>();
  const trace = (blob: BlobVersion): InputOrigin => {
    let origin = known.get(blob);
    if (!origin) {
      known.set(blob, { kind: 'other' });
      origin = originOf(graph.layers[blob.producer ?? -1], graph, trace);
      known.set(blob, origin);
    }
    return origin;
  };
  return trace;
}

function originOf(
  writer: GraphLayer | undefined,
  graph: NetGraph,
  trace: (blob: BlobVersion) => InputOrigin,
): InputOrigin {
  if (!writer) return { kind: 'other' };
  const nonNegative = forLayer(graph, writer, () => traitOf(layerTypeOf(writer.type), 'nonNegative', writer.param));
  if (nonNegative === 'always') {
    return writer.type === 'ReLU' ? { kind: 'relu', layer: writer.name } : { kind: 'nonnegative', path: [writer.name] };
  }
  if (!nonNegative || writer.bottoms.length === 0) return { kind: 'other', writer };
  const inputs = nonNegative === 'as its first bottom' ? writer.bottoms.slice(0, 1) : writer.bottoms;
  const origins = inputs.map(trace);
  if (origins.some((origin) => origin.kind === 'other')) return { kind: 'other', writer };
  const first = origins[0] as Exclude<InputOrigin, { kind: 'other' }>;
  return { kind: 'nonnegative', path: [writer.name, ...(first.kind === 'relu' ? [first.layer] : first.path)] };
}
