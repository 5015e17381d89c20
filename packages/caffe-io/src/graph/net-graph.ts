import type { LayerParameter, Phase } from '../generated/caffe.ts';

/** A net as it runs in one phase: the layers in order, joined by the blobs that they make and read. */
export interface NetGraph {
  readonly name: string;
  readonly phase: Phase;
  /** The prototxt. */
  readonly file: string;
  readonly layers: readonly GraphLayer[];
}

export interface GraphLayer {
  /** Place in the graph's `layers`. */
  readonly index: number;
  readonly name: string;
  readonly type: string;
  readonly param: LayerParameter;
  readonly bottoms: readonly BlobVersion[];
  /** A loss layer without a `top` has one all the same, called `(automatic)` as in Caffe. */
  readonly tops: readonly BlobVersion[];
  /** Of the layer in the prototxt. */
  readonly line?: number;
}

/**
 * What a blob holds between two writes. A layer that works in place, reading and writing one name, makes the next
 * version of it. A bottom is the same object as the top that it was read from.
 */
export interface BlobVersion {
  readonly name: string;
  /** 0 for what the first layer writes, one more for every write in place. */
  readonly version: number;
  /** Unique in the graph: the name, with `@version` from version 1 on (`@@version` where a blob is named so). */
  readonly id: string;
  /** Index of the layer that makes it; `undefined` for a bottom that nothing makes. */
  readonly producer: number | undefined;
}

/** The layers that read this version of a blob, in order. */
export function consumersOf(graph: NetGraph, blob: BlobVersion): GraphLayer[] {
  return graph.layers.filter((layer) => layer.bottoms.includes(blob));
}

/** The blobs that nothing reads: what Caffe calls the net's outputs. */
export function outputsOf(graph: NetGraph): BlobVersion[] {
  const read = new Set(graph.layers.flatMap((layer) => layer.bottoms));
  return graph.layers.flatMap((layer) => layer.tops.filter((top) => !read.has(top)));
}

/** Whether a layer makes anything of a blob of this name; Silence does not. */
export function isRead(graph: NetGraph, blob: string): boolean {
  return graph.layers.some(({ type, bottoms }) => type !== 'Silence' && bottoms.some(({ name }) => name === blob));
}

/** A parameter that several layers use, by `param { name }`; the first use owns it. */
export interface SharedParameter {
  readonly name: string;
  /** `index` is that of the parameter among its layer's. */
  readonly uses: readonly { readonly layer: GraphLayer; readonly index: number }[];
}

export function sharedParametersOf(graph: NetGraph): SharedParameter[] {
  const uses = new Map<string, { layer: GraphLayer; index: number }[]>();
  for (const layer of graph.layers) {
    for (const [index, { name }] of layer.param.param.entries()) {
      if (name === undefined || name === '') continue;
      uses.set(name, [...(uses.get(name) ?? []), { layer, index }]);
    }
  }
  return [...uses].filter(([, { length }]) => length > 1).map(([name, used]) => ({ name, uses: used }));
}
