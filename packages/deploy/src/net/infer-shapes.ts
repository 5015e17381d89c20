import type { GraphLayer, NetGraph } from '@caffe-quant/caffe-io';
import {
  elementCount,
  GraphBuilder,
  isDataLayer,
  lowerNet,
  type NetParam,
  type NetWeights,
  type Shape,
} from '@caffe-quant/kernels';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { inputShape } from './inference-net.ts';

/** A layer with the shapes of what it reads and learns. */
export interface LayerShapes {
  layer: GraphLayer;
  bottoms: readonly Shape[];
  /** In the shapes that this layer has them in. */
  params: readonly NetParam[];
}

/** A net of one phase with all shapes known. */
export interface NetShapes {
  graph: NetGraph;
  inputShapes: ReadonlyMap<string, Shape>;
  /** The layers that compute, by name. */
  layers: ReadonlyMap<string, LayerShapes>;
}

/**
 * @param given shapes of the data layers' tops, by name; Input layers tell their own.
 * @param batch replaces the first dimension of every input.
 * @throws DiagnosticsError for layers that are not supported or do not fit their bottoms.
 */
export function inferShapes(graph: NetGraph, given: ReadonlyMap<string, Shape>, batch?: number): NetShapes {
  const inputShapes = inputShapesOf(graph, given, batch);
  const g = new GraphBuilder();
  const net = lowerNet(g, graph, { inputShapes, shapesOnly: true });
  const layers = net.layers.map(({ layer, params, shapes }): [string, LayerShapes] => {
    const bottoms = layer.bottoms.map(({ id }) => net.blobs.get(id)!.shape);
    return [layer.name, { layer, bottoms, params: params.map((param, i) => ({ ...param, shape: shapes[i]! })) }];
  });
  return { graph, inputShapes, layers: new Map(layers) };
}

/** Shapes of the tops of all data layers, by name. */
export function inputShapesOf(
  graph: NetGraph,
  given: ReadonlyMap<string, Shape>,
  batch?: number,
): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const layer of graph.layers.filter(isDataLayer)) {
    layer.tops.forEach((top, i) => {
      const shape = given.get(top.name) ?? inputShape(layer.param, i);
      if (!shape) {
        const message = `the shape of the data '${top.name}' is not known`;
        throw new DiagnosticsError([
          { code: 'input-shape', severity: 'error', message, file: graph.file, layer: layer.name },
        ]);
      }
      shapes.set(top.name, batch === undefined ? shape : [batch, ...shape.slice(1)]);
    });
  }
  return shapes;
}

/** The trained weights of a net, by the layer that uses them, sharing by `param { name }` included. */
export class WeightTable {
  readonly #weights: NetWeights;
  readonly #owners = new Map<string, NetParam>();

  /** @param nets the phases in which the weights were learned: they tell which layers share. */
  constructor(weights: NetWeights, nets: readonly NetShapes[]) {
    this.#weights = weights;
    for (const net of nets) {
      for (const { layer, params } of net.layers.values()) {
        params.forEach((param, index) => {
          const key = `${layer.name}/${index}`;
          if (!this.#owners.has(key)) this.#owners.set(key, param);
        });
      }
    }
  }

  /** Blob `index` of a layer; undefined where there are no weights for it. */
  blob(layer: string, index: number): Float32Array | undefined {
    const own = this.#weights.get(layer)?.[index];
    if (own) return own;
    const owner = this.#owners.get(`${layer}/${index}`);
    return owner && this.#weights.get(owner.layer)?.[owner.index];
  }
}

/**
 * Checks that there are weights of the right size for every layer of a net.
 * @throws DiagnosticsError with every blob that does not fit.
 */
export function checkWeights(net: NetShapes, weights: WeightTable): void {
  const problems: Diagnostic[] = [];
  for (const { layer, params } of net.layers.values()) {
    params.forEach(({ shape }, index) => {
      const count = weights.blob(layer.name, index)?.length;
      if (count === elementCount(shape)) return;
      const expected = `blob ${index} of layer "${layer.name}" is [${shape.join(', ')}]`;
      const found = count === undefined ? 'the trained weights have none' : `the trained weights have ${count} numbers`;
      problems.push({
        code: count === undefined ? 'missing-weights' : 'weights-shape',
        severity: 'error',
        message: `${expected}; ${found}`,
        file: net.graph.file,
        ...(layer.line === undefined ? {} : { line: layer.line }),
        layer: layer.name,
        hint: 'weights go by the names of the layers of the net that was trained',
      });
    });
  }
  if (problems.length > 0) throw new DiagnosticsError(problems);
}
