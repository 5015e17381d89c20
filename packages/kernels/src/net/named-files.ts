import type { GraphLayer, LayerParameter, NetGraph } from '@caffe-quant/caffe-io';
import { sizesFile, withSizes } from '../layers/detection-evaluate.ts';
import { infogainSource, withInfogainMatrix } from '../layers/infogain-loss.ts';

/** A file that a layer names, other than data: what Caffe reads when it sets the layer up. */
export interface NamedFile {
  layer: GraphLayer;
  /** As the prototxt has it. */
  path: string;
  /** A BlobProto, or lines of text. */
  kind: 'blob' | 'text';
}

/** How the files are read. */
export interface FileReader {
  /** The numbers of a BlobProto, row-major. */
  blob(path: string): Float32Array;
  text(path: string): string;
}

/** For each layer type that names a file, where it names it, and the layer with what is in it. */
const READERS: Readonly<
  Record<
    string,
    {
      kind: NamedFile['kind'];
      pathOf: (layer: LayerParameter) => string | undefined;
      load: (layer: LayerParameter, path: string, reader: FileReader) => LayerParameter;
    }
  >
> = {
  InfogainLoss: {
    kind: 'blob',
    pathOf: infogainSource,
    load: (layer, path, reader) => withInfogainMatrix(layer, reader.blob(path)),
  },
  DetectionEvaluate: {
    kind: 'text',
    pathOf: sizesFile,
    load: (layer, path, reader) => withSizes(layer, reader.text(path)),
  },
};

/** The files that the layers of a net name beside their data, in net order. */
export const namedFiles = (graph: NetGraph): NamedFile[] =>
  graph.layers.flatMap((layer) => {
    const reader = Object.hasOwn(READERS, layer.type) ? READERS[layer.type] : undefined;
    const path = reader?.pathOf(layer.param);
    return path ? [{ layer, path, kind: reader!.kind }] : [];
  });

/** The net with what is in these files, so that nothing that is made of it reads any. */
export function loadNamedFiles(graph: NetGraph, reader: FileReader): NetGraph {
  const paths = new Map(namedFiles(graph).map(({ layer, path }) => [layer, path]));
  if (paths.size === 0) return graph;
  const layers = graph.layers.map((layer) => {
    const path = paths.get(layer);
    return path === undefined ? layer : { ...layer, param: READERS[layer.type]!.load(layer.param, path, reader) };
  });
  return { ...graph, layers };
}
