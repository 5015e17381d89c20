import type { GraphLayer, NetGraph, Phase } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';

/** A path by which a net names data, as the prototxt has it. */
export interface DataReference {
  readonly name: string;
  /** In which it is read. */
  readonly phases: readonly Phase[];
  /** The first layer that names it. */
  readonly layer: string;
  readonly line?: number;
}

/** What the layers that bring data into a net read from disk. A type that is not here is not supported. */
const PATHS: Readonly<Record<string, (layer: GraphLayer) => readonly (string | undefined)[]>> = {
  Data: ({ param }) => [param.data_param?.source, param.transform_param?.mean_file],
};

/** All data that a net reads in its phases; each path once, in the order of the prototxt. */
export function dataReferences(graphs: readonly NetGraph[]): {
  references: DataReference[];
  diagnostics: Diagnostic[];
} {
  const references = new Map<string, DataReference>();
  const diagnostics = new Map<string, Diagnostic>();
  for (const graph of graphs) {
    for (const layer of graph.layers.filter(({ bottoms }) => bottoms.length === 0)) {
      const { name, type, line } = layer;
      const at = { layer: name, ...(line !== undefined && { line }) };
      if (!Object.hasOwn(PATHS, type)) {
        const message = `layers of type '${type}' are not supported as the source of data`;
        const hint = `supported: ${Object.keys(PATHS).join(', ')}`;
        diagnostics.set(`${name} ${line}`, {
          ...{ code: 'data-layer-type', severity: 'error', message, file: graph.file, hint },
          ...at,
        });
        continue;
      }
      for (const path of PATHS[type]?.(layer) ?? []) {
        if (path === undefined || path === '') continue;
        const known = references.get(path);
        const phases = [...new Set([...(known?.phases ?? []), graph.phase])];
        references.set(path, { name: path, ...at, ...known, phases });
      }
    }
  }
  return { references: [...references.values()], diagnostics: [...diagnostics.values()] };
}
