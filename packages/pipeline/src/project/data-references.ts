import type { DataPath, NetGraph, Phase } from '@caffe-quant/caffe-io';
import { DATA_LAYERS, unsupportedDataLayer } from '@caffe-quant/caffe-io';
import { isDataLayer, namedFiles } from '@caffe-quant/kernels/layer-types';
import type { Diagnostic } from 'caffe-prototxt-parser';

/** A path by which a net names data. */
export interface DataReference extends DataPath {
  /** What results and the lock know it by: the path, with the folder of what it lists where the layer gives one. */
  readonly name: string;
  /** In which it is read. */
  readonly phases: readonly Phase[];
  /** The first layer that names it. */
  readonly layer: string;
  readonly line?: number;
}

/** All data, and other files, that a net reads in its phases; each path once, in the order of the prototxt. */
export function dataReferences(graphs: readonly NetGraph[]): {
  references: DataReference[];
  diagnostics: Diagnostic[];
} {
  const references = new Map<string, DataReference>();
  const diagnostics = new Map<string, Diagnostic>();
  for (const graph of graphs) {
    const named = new Map(namedFiles(graph).map(({ layer, path }) => [layer, path]));
    for (const layer of graph.layers) {
      const { name, type, line } = layer;
      const at = { layer: name, ...(line !== undefined && { line }) };
      const dataLayer = isDataLayer(layer) ? DATA_LAYERS.get(type) : undefined;
      if (isDataLayer(layer) && dataLayer === undefined) {
        diagnostics.set(`${name} ${line}`, {
          ...{ code: 'data-layer-type', severity: 'error', file: graph.file, ...unsupportedDataLayer(type) },
          ...at,
        });
        continue;
      }
      const path = named.get(layer);
      for (const read of dataLayer?.reads(layer.param) ?? (path === undefined ? [] : [{ path }])) {
        const name = read.lists?.rootFolder ? `${read.path} in ${read.lists.rootFolder}` : read.path;
        const known = references.get(name);
        const phases = [...new Set([...(known?.phases ?? []), graph.phase])];
        references.set(name, { name, ...read, ...at, ...known, phases });
      }
    }
  }
  return { references: [...references.values()], diagnostics: [...diagnostics.values()] };
}
