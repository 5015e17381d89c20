import type { GraphLayer, ListedData, NetGraph, Phase } from '@caffe-quant/caffe-io';
import { DATA_LAYER_TYPES, isRead, listKind, unsupportedDataLayer } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';

/** A path by which a net names data. */
export interface DataReference {
  /** What results and the lock know it by: the path, with the folder of what it lists where the layer gives one. */
  readonly name: string;
  /** As the prototxt has it. */
  readonly path: string;
  /** It is a list of files with data. */
  readonly lists?: Pick<ListedData, 'kind' | 'rootFolder'>;
  /** In which it is read. */
  readonly phases: readonly Phase[];
  /** The first layer that names it, and the prototxt of that. */
  readonly layer: string;
  readonly file: string;
  readonly line?: number;
}

/** What a layer reads from disk: a path, and whether that is a list. */
type Read = Pick<DataReference, 'path' | 'lists'>;

/** Whether a layer reads a blob, by its name. */
type Reads = (blob: string) => boolean;

/** What the layers that bring data into a net read from disk, for each type that can be read. */
const READS: Readonly<Record<string, (layer: GraphLayer, reads: Reads) => readonly (Read | undefined)[]>> = {
  Data: ({ param }) => [plain(param.data_param?.source), plain(param.transform_param?.mean_file)],
  ImageData: ({ param }, reads) => [
    list(param.image_data_param?.source, listKind(param, { reads }), param.image_data_param?.root_folder),
    plain(param.transform_param?.mean_file),
  ],
  HDF5Data: ({ param }) => [list(param.hdf5_data_param?.source, 'hdf5')],
};

/** Layers without bottoms that bring no data. */
const SOURCES: ReadonlySet<string> = new Set(['DummyData', 'Parameter']);

/** What other layers read from disk when they are set up: what `namedFiles` finds. */
const NAMED: Readonly<Record<string, (layer: GraphLayer) => string | undefined>> = {
  InfogainLoss: ({ param, bottoms }) => (bottoms.length < 3 ? param.infogain_loss_param?.source : undefined),
  DetectionEvaluate: ({ param }) => detectionEvaluateOf(param)?.name_size_file,
};

/** A field of SSD's, which not every dialect has. */
const detectionEvaluateOf = (param: object): { name_size_file?: string } | undefined =>
  (param as { detection_evaluate_param?: { name_size_file?: string } }).detection_evaluate_param;

const plain = (path: string | undefined): Read | undefined => (path ? { path } : undefined);
const list = (path: string | undefined, kind: ListedData['kind'], rootFolder = ''): Read | undefined =>
  path ? { path, lists: { kind, rootFolder } } : undefined;

const namedFile = (layer: GraphLayer): string | undefined =>
  Object.hasOwn(NAMED, layer.type) ? NAMED[layer.type]!(layer) : undefined;

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
    const reads = (blob: string) => isRead(reader ?? graph, blob);
    for (const layer of graph.layers) {
      const { name, type, line } = layer;
      const at = { layer: name, file: graph.file, ...(line !== undefined && { line }) };
      const isSource = layer.bottoms.length === 0 && !SOURCES.has(type);
      if (isSource && !DATA_LAYER_TYPES.includes(type)) {
        diagnostics.set(`${name} ${line}`, {
          ...{ code: 'data-layer-type', severity: 'error', ...unsupportedDataLayer(type) },
          ...at,
        });
        continue;
      }
      for (const read of isSource ? (READS[type]?.(layer, reads) ?? []) : [plain(namedFile(layer))]) {
        if (read === undefined) continue;
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
