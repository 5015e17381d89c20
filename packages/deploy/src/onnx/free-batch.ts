import { type BlobVersion, type GraphLayer, type NetGraph, outputsOf } from '@caffe-quant/caffe-io';
import { GraphBuilder, type GraphNode, type Shape, type Value } from '@caffe-quant/kernels';
import { layerTypeOf } from '@caffe-quant/kernels/layer-types';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { pruneGraph } from './prune-graph.ts';

/** A net as a graph for one batch size, with the shapes of all its blobs by their ids. */
export interface GraphOfBatch {
  graph: GraphBuilder;
  blobs: ReadonlyMap<string, Value>;
  /** Names of the net's blobs that are its outputs, by the outputs' names. */
  outputs: Readonly<Record<string, string>>;
}

/** A graph for every batch size. */
export interface FreeGraph extends GraphOfBatch {
  /** Shapes of its inputs and outputs, by name. */
  shapes: ReadonlyMap<string, readonly (number | string)[]>;
}

/** Where a batch size is written in a model. */
const BATCH = 'batch';

/** Batch sizes that no net is likely to have as another length: what differs between their graphs depends on the batch. */
const SIZES = [211, 223, 233] as const;

/**
 * One graph for every batch size, from those for a few. Whatever whole number in them grows evenly with the batch is left to
 * the runtime (one length of a reshape) or computed from the size of the first input.
 *
 * A net has the batch size built in where a layer makes something of all images at once, a sum or one long row, so that the
 * images of a batch would not be what each is by itself; where it has a fixed length for them; and where it asks for as many
 * nodes as there are images.
 *
 * @param lower the graph for a batch size, not pruned
 * @returns the graph, or the layer that has the batch size built in; '' where none can be named
 */
export function freeBatch(net: NetGraph, lower: (batch: number) => GraphOfBatch): FreeGraph | { layer: string } {
  let lowered: [GraphOfBatch, GraphOfBatch, GraphOfBatch];
  try {
    lowered = SIZES.map(lower) as typeof lowered;
  } catch (error) {
    // A layer that takes one image alone; what else is wrong shows when it is lowered for that.
    if (!(error instanceof DiagnosticsError)) throw error;
    return { layer: error.diagnostics[0]?.layer ?? '' };
  }
  const mixing = mixingLayer(net, lowered);
  if (mixing !== undefined) return { layer: mixing };
  for (const { graph } of lowered) pruneGraph(graph);
  const graphs = lowered.map(({ graph }) => graph) as [GraphBuilder, GraphBuilder, GraphBuilder];
  const layer = unite(graphs);
  if (layer !== undefined) return { layer };
  const [graph, other] = graphs;
  const named = [...graph.inputs, ...graph.outputs.map(({ value }) => value)].map(({ name, shape }) => {
    const grown = other.valueOf(name)!.shape;
    return [name, shape.map((dim, axis) => (dim === grown[axis] ? dim : nameOf(dim)))] as const;
  });
  return { ...lowered[0], shapes: new Map(named) };
}

/**
 * The first layer that makes one thing of all images: one of its bottoms has an axis of images, its tops have none, or a
 * longer one than rows of images would be. What the net gives out has one row for each image.
 */
function mixingLayer(net: NetGraph, lowered: readonly GraphOfBatch[]): string | undefined {
  const shapesOf = ({ id }: BlobVersion) => {
    const [first, second] = lowered.map(({ blobs }) => blobs.get(id)?.shape);
    return first && second ? { first, second } : undefined;
  };
  const outputs = new Set(outputsOf(net));
  for (const layer of net.layers) {
    if (
      layerTypeOf(layer.type)?.sameForAllImages ||
      !layer.bottoms.some((bottom) => grownAxes(shapesOf(bottom)).length > 0)
    )
      continue;
    for (const top of layer.tops) {
      const shapes = shapesOf(top);
      if (!shapes || hasImages(shapes)) continue;
      if (!hasRows(shapes)) return layer.name;
      if (outputs.has(top))
        return firstWithRows(net, layer, (blob) => hasImages(shapesOf(blob)) || grownAxes(shapesOf(blob)).length === 0);
    }
  }
  return undefined;
}

/** Upwards from a layer whose top has rows of images, the one that made them of images. */
function firstWithRows(net: NetGraph, layer: GraphLayer, isOfImages: (blob: BlobVersion) => boolean): string {
  const above = layer.bottoms.find((bottom) => !isOfImages(bottom));
  const producer = net.layers[above?.producer ?? -1];
  return producer ? firstWithRows(net, producer, isOfImages) : layer.name;
}

/** Shapes of a blob for the first two batch sizes. */
interface Shapes {
  first: Shape;
  second: Shape;
}

const grownAxes = (shapes: Shapes | undefined): number[] =>
  shapes ? shapes.first.flatMap((dim, axis) => (dim === shapes.second[axis] ? [] : [axis])) : [];

/** Whether one axis is as long as the batch, and no other grows with it. */
function hasImages(shapes: Shapes | undefined): boolean {
  const [axis = -1, ...others] = grownAxes(shapes);
  return others.length === 0 && shapes?.first[axis] === SIZES[0] && shapes.second[axis] === SIZES[1];
}

/** Whether axis 0 has a few rows for each image, and no other axis grows with the batch. */
function hasRows({ first, second }: Shapes): boolean {
  return grownAxes({ first, second }).join() === '0' && first[0]! % SIZES[0] === 0 && second[0]! % SIZES[1] === 0;
}

const nameOf = (dim: number): string => (dim === SIZES[0] ? BATCH : `${BATCH}_x_${dim / SIZES[0]}`);

/**
 * Makes the first graph one for every batch size.
 *
 * @returns the layer of the first node by which the graphs differ otherwise than in whole numbers that grow with the batch
 */
function unite(graphs: readonly [GraphBuilder, GraphBuilder, GraphBuilder]): string | undefined {
  const [graph, ...others] = graphs;
  const constants = graphs.map(
    (each) => new Map(each.constants.map((constant) => [constant.value.name, constant] as const)),
  );
  const count = Math.max(...graphs.map(({ nodes }) => nodes.length));
  const own = graph.nodes.length;
  const united: GraphNode[] = [];
  const sizes = new BatchSizes(graph);
  for (let i = 0; i < count; i++) {
    const node = graph.nodes[i];
    const same = others.map(({ nodes }) => nodes[i]);
    if (!node || same.some((other) => !other || describe(other) !== describe(node))) return layerOf(node ?? same[0]!);
    const inputs: string[] = [];
    for (const [place, name] of node.inputs.entries()) {
      const found = constants.map((known, k) => known.get(graphs[k]!.nodes[i]!.inputs[place]!));
      const isConstant = found.every((constant) => constant !== undefined);
      if (!isConstant) {
        if (others.some(({ nodes }) => nodes[i]!.inputs[place] !== name)) return layerOf(node);
        inputs.push(name);
        continue;
      }
      if (found.every(({ bytes }) => Buffer.compare(bytes, found[0]!.bytes) === 0)) {
        inputs.push(name);
        continue;
      }
      if (found.some(({ value: { type, shape } }) => type !== 'int64' || shape.length !== 1)) return layerOf(node);
      const growth = growthOf(found.map(({ bytes }) => wholeNumbers(bytes)));
      if (!growth) return layerOf(node);
      const isShape = node.op === 'Reshape' && place === 1;
      inputs.push((isShape ? shapeWithOneFree(graph, growth) : undefined) ?? sizes.grown(growth, layerOf(node)));
    }
    united.push({ ...node, inputs });
  }
  graph.nodes.splice(0, graph.nodes.length, ...graph.nodes.slice(own), ...united);
  pruneGraph(graph);
  return undefined;
}

/** Whole numbers `offset + slope * batch`. */
interface Growth {
  slope: number[];
  offset: number[];
}

function growthOf(values: readonly number[][]): Growth | undefined {
  const [a, b, c] = values as [number[], number[], number[]];
  if (b.length !== a.length || c.length !== a.length) return undefined;
  const slope = a.map((value, i) => (b[i]! - value) / (SIZES[1] - SIZES[0]));
  const offset = a.map((value, i) => value - slope[i]! * SIZES[0]);
  const isEven = c.every((value, i) => Number.isInteger(slope[i]) && value === offset[i]! + slope[i]! * SIZES[2]);
  return isEven ? { slope, offset } : undefined;
}

/** The shape of a reshape whose one growing length is what remains. */
function shapeWithOneFree(g: GraphBuilder, { slope, offset }: Growth): string | undefined {
  const isFree = slope.filter((each) => each !== 0).length === 1 && !offset.includes(-1);
  return isFree ? g.ints(offset.map((value, i) => (slope[i] === 0 ? value : -1))).name : undefined;
}

/** Numbers computed from the size of the batch that a graph is given. */
class BatchSizes {
  readonly #g: GraphBuilder;
  #batch: Value | undefined;

  constructor(g: GraphBuilder) {
    this.#g = g;
  }

  /** Name of the numbers `offset + slope * batch`, int64. */
  grown({ slope, offset }: Growth, layer: string): string {
    const g = this.#g;
    this.#batch ??= g.within(BATCH, () => {
      const [input] = g.inputs;
      const shape = g.op('Shape', [input], {}, [input!.shape.length], 'int64');
      return g.op('Slice', [shape, g.ints([0]), g.ints([1])], {}, [1], 'int64');
    });
    const batch = this.#batch;
    return g.within(layer, () => {
      const multiple = g.op('Mul', [batch, g.ints(slope)], {}, [slope.length], 'int64');
      return g.op('Add', [multiple, g.ints(offset)], {}, [slope.length], 'int64').name;
    });
  }
}

const describe = ({ inputs, attributes, ...node }: GraphNode): string =>
  JSON.stringify({ ...node, inputs: inputs.length, attributes: [...attributes] });

const wholeNumbers = (bytes: Uint8Array): number[] => Array.from(new BigInt64Array(bytes.slice().buffer), Number);

/** Node names are the layer's and a counter. */
export const layerOf = ({ name }: Pick<GraphNode, 'name'>): string => name.replace(/\/[^/]*$/, '');
