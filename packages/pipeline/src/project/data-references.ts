import type { DataPath, NetGraph, Phase } from '@caffe-quant/caffe-io';
import { DATA_LAYERS, isRead, settingsOf, unsupportedDataLayer } from '@caffe-quant/caffe-io';
import { isDataLayer, namedFiles } from '@caffe-quant/kernels/layer-types';
import type { Diagnostic } from 'caffe-prototxt-parser';

/** A path by which a net names data. */
export interface DataReference extends DataPath {
  /** What results and the lock know it by: the path, with the folder of what it lists where the layer gives one. */
  readonly name: string;
  /** In which it is read. */
  readonly phases: readonly Phase[];
  /** The first layer that names it, and the prototxt of that. */
  readonly layer: string;
  readonly file: string;
  readonly line?: number;
}

/**
 * All data, and other files, that a net reads in its phases; each path once, in the order of the prototxt.
 *
 * @param reader the net whose layers read what the data layers bring; default: the one that they stand in
 */
export function dataReferences(
  graphs: readonly NetGraph[],
  reader?: NetGraph,
): {
  references: DataReference[];
  diagnostics: Diagnostic[];
} {
  const references = new Map<string, DataReference>();
  const diagnostics = new Map<string, Diagnostic>();
  for (const graph of graphs) {
    const named = new Map(namedFiles(graph).map(({ layer, path }) => [layer, path]));
    const isBlobRead = (blob: string) => isRead(reader ?? graph, blob);
    for (const layer of graph.layers) {
      const { name, type, line } = layer;
      const at = { layer: name, file: graph.file, ...(line !== undefined && { line }) };
      const dataLayer = isDataLayer(layer) ? DATA_LAYERS.get(type) : undefined;
      if (isDataLayer(layer) && dataLayer === undefined) {
        diagnostics.set(`${name} ${line}`, {
          ...{ code: 'data-layer-type', severity: 'error', ...unsupportedDataLayer(type) },
          ...at,
        });
        continue;
      }
      const path = named.get(layer);
      const reads = dataLayer?.reads(settingsOf(dataLayer, layer.param), isBlobRead);
      for (const read of reads ?? (path === undefined ? [] : [{ path }])) {
        const name = read.lists?.rootFolder ? `${read.path} in ${read.lists.rootFolder}` : read.path;
        const known = references.get(name);
        const phases = [...new Set([...(known?.phases ?? []), graph.phase])];
        // Who wants the labels of a list gets them.
        const lists = read.lists?.kind === 'images' ? read.lists : (known?.lists ?? read.lists);
        references.set(name, { name, ...read, ...at, ...known, ...(lists && { lists }), phases });
      }
    }
  }
  return { references: [...references.values()], diagnostics: [...diagnostics.values()] };
}
