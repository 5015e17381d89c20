import type { GraphLayer, NetGraph } from '@caffe-quant/caffe-io';
import type { FileReader, FileUse } from '../layers/layer.ts';
import { layerTypeOf } from '../layers/registry.ts';

/** A file that a layer names, other than data. */
export interface NamedFile {
  layer: GraphLayer;
  /** As the prototxt has it. */
  path: string;
  kind: FileUse['kind'];
}

/** The files that the layers of a net name beside their data, in net order. */
export const namedFiles = (graph: NetGraph): NamedFile[] =>
  graph.layers.flatMap((layer) => {
    const file = layerTypeOf(layer.type)?.file;
    const path = file?.pathOf(layer.param);
    return path ? [{ layer, path, kind: file!.kind }] : [];
  });

/** The net with what is in these files, so that nothing that is made of it reads any. */
export function loadNamedFiles(graph: NetGraph, reader: FileReader): NetGraph {
  const paths = new Map(namedFiles(graph).map(({ layer, path }) => [layer, path]));
  if (paths.size === 0) return graph;
  const layers = graph.layers.map((layer) => {
    const path = paths.get(layer);
    if (path === undefined) return layer;
    return { ...layer, param: layerTypeOf(layer.type)!.file!.load(layer.param, path, reader) };
  });
  return { ...graph, layers };
}
