import { type GraphLayer, type NetGraph, settingsOf, withSettings } from '@caffe-quant/caffe-io';
import type { FileReader, FileUse } from '../layers/layer.ts';
import { layerTypeOf } from '../layers/registry.ts';
import { forLayer } from './layer-problem.ts';

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
    const type = layerTypeOf(layer.type);
    if (type?.file === undefined) return [];
    const path = type.file.pathOf(forLayer(graph, layer, () => settingsOf(type, layer.param)));
    return path ? [{ layer, path, kind: type.file.kind }] : [];
  });

/** The net with what is in these files, so that nothing that is made of it reads any. */
export function loadNamedFiles(graph: NetGraph, reader: FileReader): NetGraph {
  const paths = new Map(namedFiles(graph).map(({ layer, path }) => [layer, path]));
  if (paths.size === 0) return graph;
  const layers = graph.layers.map((layer) => {
    const path = paths.get(layer);
    if (path === undefined) return layer;
    const type = layerTypeOf(layer.type)!;
    const settings = type.file!.load(settingsOf(type, layer.param), path, reader);
    return { ...layer, param: withSettings(type, layer.param, settings) };
  });
  return { ...graph, layers };
}
