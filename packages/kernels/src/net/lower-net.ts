import { type GraphLayer, type NetGraph, settingsOf } from '@caffe-quant/caffe-io';
import type { CanonicalLayer, CanonicalPlan } from '../quantizers/canonical-plan.ts';
import { DiagnosticsError, type Diagnostic } from 'caffe-prototxt-parser';
import { elementCount, type GraphBuilder, type Shape, type Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import { check, type LayerKernel, type Lowered, type LoweringContext } from '../layers/layer.ts';
import { channelAxisOf, CPU_FALLBACKS, isDataLayer, LAYER_KERNELS, layerTypeOf } from '../layers/registry.ts';
import { arqForward } from '../quantizers/arq.ts';
import { ulqForward, ulqInputs, type UlqInputs } from '../quantizers/ulq.ts';
import { forLayer, layerProblem, placeOf } from './layer-problem.ts';
import { ParamTable, type NetParam } from './net-params.ts';
import { RoundedBiases } from './rounded-biases.ts';
import { blobInput } from './tensor-names.ts';
import { randomInputName, type RandomInput } from './random-inputs.ts';

export interface NetLoweringOptions {
  /** Shapes of the blobs that come from outside: the tops of data layers, by name. */
  inputShapes: ReadonlyMap<string, Shape>;
  /** Quantizers to insert before the layers of the plan; absent: the float net. */
  plan?: CanonicalPlan;
  /** Of the plan's data quantizers, those whose ranges are known yet; absent: all. */
  quantizers?: ReadonlySet<string>;
  /**
   * Whether each layer of the plan has a switch, graph input `on/<layer>`: at 0 it computes with its input and weights in float,
   * at 1 with the quantized ones. One graph then serves to try any of them.
   */
  switches?: boolean;
  /** Where a parameter's elements come from; default: a graph input `param/<key>`. */
  param?: (g: GraphBuilder, param: NetParam) => Value;
  /** A layer's own lowering in this net, before the standard one is asked. */
  override?: (layer: GraphLayer, context: LoweringContext) => Lowered | undefined;
  /** Nobody will run the graph, shapes and parameters are all that is wanted: blobs in files need not be there. */
  shapesOnly?: boolean;
  /** Recurrent layers begin each pass with a state of zeros, where a sequence goes on over its end too: nobody hands it on. */
  stateless?: boolean;
  /** Stop once this blob version (its id) is made. */
  until?: string;
  /** What has been computed before and comes from outside. */
  known?: KnownPart;
}

/** The beginning of a net. */
export interface KnownPart {
  /** How many layers it has, in net order. */
  layers: number;
  /** Shapes of its blobs that later layers read, by their ids. */
  blobs: ReadonlyMap<string, Shape>;
}

/** A layer as lowered, with all that its backward pass needs. */
export interface LoweredLayer {
  layer: GraphLayer;
  lowered: Lowered;
  params: NetParam[];
  /** Of `params`, as this layer sees them: what is shared permissively may have another shape where it is owned. */
  shapes: Shape[];
  /** The data quantizer of its first bottom. */
  quantizer: string | undefined;
}

export interface LoweredQuantizer {
  name: string;
  /** Id of the blob that it quantizes. */
  blob: string;
  input: Value;
  grid: UlqInputs;
  output: Value;
}

/** A blob that comes from outside, and the graph input that it comes by: in a graph for others that is named as the blob. */
export interface NetInput {
  /** Id of the blob. */
  name: string;
  input: string;
  shape: Shape;
}

export interface LoweredNet {
  graph: NetGraph;
  /** Blobs that come from outside. */
  inputs: NetInput[];
  params: NetParam[];
  /** What the forward pass makes of parameters that are state, by their keys. */
  updatedParams: Map<string, Value>;
  /** What recurrent layers hand on from one forward pass to the next: graph input `name`, and its value after the pass. */
  carried: { name: string; shape: Shape; next: Value }[];
  /** Graph inputs of random numbers. */
  randoms: RandomInput[];
  layers: LoweredLayer[];
  quantizers: LoweredQuantizer[];
  /** Layers with a switch. */
  switched: string[];
  /** Every blob version by its id, but those that are made behind the graph. */
  blobs: Map<string, Value>;
  /** Layers that are computed behind the graph, in net order. */
  fallbacks: GraphLayer[];
  /** Settings of layers that have no effect. */
  warnings: Diagnostic[];
}

/**
 * Adds the forward pass of a net to `g`.
 * @throws DiagnosticsError with every layer that is not supported or does not fit its bottoms' shapes.
 */
export function lowerNet(g: GraphBuilder, graph: NetGraph, options: NetLoweringOptions): LoweredNet {
  checkTypes(graph);
  const lowering = new NetLowering(g, graph, options);
  for (const layer of graph.layers.slice(options.known?.layers)) {
    g.within(layer.name, () => lowering.add(layer));
    if (options.until && lowering.net.blobs.has(options.until)) break;
  }
  return lowering.net;
}

/** The forward pass of a net, one layer after the other. */
class NetLowering {
  readonly net: LoweredNet;
  readonly #g: GraphBuilder;
  readonly #options: NetLoweringOptions;
  /** What is quantized, by layer. */
  readonly #plans: ReadonlyMap<string, CanonicalLayer>;
  readonly #table = new ParamTable();
  /** By a parameter's key its value: of the graph's input, then what the layers so far have made of it. */
  readonly #paramValues = new Map<string, Value>();
  /** Absent where biases stay float. */
  readonly #biases: RoundedBiases | undefined;
  /** Ids of the blobs that are made behind the graph. */
  readonly #fallbackBlobs = new Set<string>();

  constructor(g: GraphBuilder, graph: NetGraph, options: NetLoweringOptions) {
    this.#g = g;
    this.#options = options;
    this.#plans = new Map(options.plan?.layers.map((layer) => [layer.name, layer]));
    this.#biases = options.plan?.int32Biases ? new RoundedBiases(g, graph) : undefined;
    this.net = {
      graph,
      inputs: [],
      params: this.#table.params,
      updatedParams: new Map(),
      carried: [],
      randoms: [],
      layers: [],
      quantizers: [],
      switched: [],
      blobs: new Map(),
      fallbacks: [],
      warnings: [],
    };
    for (const [id, shape] of options.known?.blobs ?? []) this.#addInput(id, shape);
  }

  add(layer: GraphLayer): void {
    if (isDataLayer(layer)) return this.#addInputs(layer);
    if (CPU_FALLBACKS.has(layer.type)) return this.#leaveToFallback(layer);
    if (this.#readsFallback(layer)) return;
    forLayer(this.net.graph, layer, () => this.#addLayer(layer, LAYER_KERNELS.get(layer.type)));
  }

  /** Tops of a data layer come from outside. */
  #addInputs(layer: GraphLayer): void {
    for (const top of layer.tops) {
      const shape = this.#options.inputShapes.get(top.name);
      if (!shape) throw layerProblem(this.net.graph, layer, `no data for its top '${top.name}'`);
      forLayer(this.net.graph, layer, () => {
        checkSize(`its top '${top.name}'`, shape);
        this.#addInput(top.id, shape);
      });
    }
  }

  #addInput(id: string, shape: Shape): void {
    const value = this.#g.input(this.#g.plain ? id : blobInput(id), shape);
    this.net.inputs.push({ name: id, input: value.name, shape });
    this.net.blobs.set(id, value);
  }

  #leaveToFallback(layer: GraphLayer): void {
    this.net.fallbacks.push(layer);
    for (const { id } of layer.tops) this.#fallbackBlobs.add(id);
  }

  /**
   * Whether a layer takes what is made behind the graph, as Silence may.
   * @throws DiagnosticsError for any other that does
   */
  #readsFallback(layer: GraphLayer): boolean {
    const late = layer.bottoms.find(({ id }) => this.#fallbackBlobs.has(id));
    if (late === undefined) return false;
    if (layerTypeOf(layer.type)?.tops === 0) return true;
    const message = `its bottom '${late.name}' has no fixed shape; only other detection layers can read it`;
    throw layerProblem(this.net.graph, layer, message);
  }

  #addLayer(layer: GraphLayer, kernel: LayerKernel | undefined): void {
    const { net } = this;
    const settings = kernel && settingsOf(kernel, layer.param);
    const bottoms = layer.bottoms.map((bottom) => net.blobs.get(bottom.id)!);
    const quantizer = this.#dataQuantizer(layer);
    if (quantizer) bottoms[0] = this.#switch(layer, quantizer.output, quantizer.input);
    const specs =
      kernel?.params?.(
        settings,
        bottoms.map(({ shape }) => shape),
      ) ?? [];
    const shapes = specs.map(({ shape }) => shape);
    shapes.forEach((shape, i) => checkSize(`its blob ${i}`, shape));
    const params = this.#table.of(layer, specs);
    const values = params.map((param, i) => ops.reshape(this.#g, this.#valueOf(param), shapes[i]!));
    const context = this.#contextOf(layer, settings, bottoms, this.#quantizedParams(layer, values, quantizer));
    const made = this.#options.override?.(layer, context) ?? kernel!.lower(context);
    const lowered = this.#biases?.after(layer, values, made) ?? made;
    layer.tops.forEach(({ name }, i) => checkSize(`its top '${name}'`, lowered.tops[i]!.shape));
    this.#updateParams(lowered, params);
    for (const [name, next] of Object.entries(lowered.nextState ?? {})) {
      net.carried.push({ name: stateName(layer, name), shape: next.shape, next });
    }
    layer.tops.forEach((top, i) => net.blobs.set(top.id, lowered.tops[i]!));
    net.layers.push({ layer, lowered, params, shapes, quantizer: quantizer?.name });
  }

  /** The quantizer of a layer's first bottom, which layers may share; absent where none is inserted. */
  #dataQuantizer({ name: layerName, bottoms }: GraphLayer): LoweredQuantizer | undefined {
    const name = this.#plans.get(layerName)?.quantizer;
    if (name === undefined || this.#options.quantizers?.has(name) === false) return undefined;
    const known = this.net.quantizers.find((quantizer) => quantizer.name === name);
    if (known) return known;
    const blob = bottoms[0]!.id;
    const input = this.net.blobs.get(blob)!;
    const grid = ulqInputs(this.#g, name);
    const quantizer = { name, blob, input, grid, output: ulqForward(this.#g, input, grid) };
    this.net.quantizers.push(quantizer);
    return quantizer;
  }

  /** The parameters with the weights on their grid, where the layer has a data quantizer too. */
  #quantizedParams(layer: GraphLayer, values: readonly Value[], quantizer: LoweredQuantizer | undefined) {
    const plan = this.#plans.get(layer.name);
    const [master, bias, ...others] = values;
    if (!quantizer || !master || plan?.channelWise === undefined) return values;
    const channelAxis = channelAxisOf(layer.type);
    const weights = arqForward(this.#g, master, plan.channelWise ? channelAxis : undefined);
    const scaleIn = quantizer.grid.scale;
    const added = this.#biases ? this.#biases.biasOf({ layer, scaleIn, weights, channelAxis, bias }) : bias;
    return [this.#switch(layer, weights.weights, master), ...(added ? [added] : []), ...others];
  }

  /** What a layer computes with: what is quantized, or as its switch says. */
  #switch({ name }: GraphLayer, quantized: Value, float: Value): Value {
    if (!this.#options.switches) return quantized;
    const g = this.#g;
    const isOn = g.once(`switch of ${name}`, () => {
      this.net.switched.push(name);
      return ops.greater(g, g.input(switchName(name), []), g.scalar(0));
    });
    return ops.where(g, isOn, quantized, float);
  }

  #valueOf(param: NetParam): Value {
    const value = this.#paramValues.get(param.key) ?? (this.#options.param ?? inputParam)(this.#g, param);
    this.#paramValues.set(param.key, value);
    return value;
  }

  #contextOf(layer: GraphLayer, settings: unknown, bottoms: readonly Value[], params: readonly Value[]) {
    const { net } = this;
    const g = this.#g;
    let randoms = 0;
    const context: LoweringContext = {
      g,
      settings,
      topCount: layer.tops.length,
      // As in Caffe's Net::Init, a layer's own phase counts for what it does.
      phase: layer.param.phase ?? net.graph.phase,
      bottoms,
      params,
      random: (shape, filler) => {
        const name = randomInputName(layer.name, randoms++);
        net.randoms.push({ name, layer: layer.name, shape, filler });
        return g.input(name, shape);
      },
      warn: (message) => net.warnings.push(noEffect(net.graph, layer, message)),
    };
    if (!this.#options.stateless) context.state = (name, shape) => g.input(stateName(layer, name), shape);
    if (this.#options.shapesOnly) context.shapesOnly = true;
    return context;
  }

  /** A later layer that shares a blob goes on from what this one has made of it. */
  #updateParams({ updatedParams }: Lowered, params: readonly NetParam[]): void {
    updatedParams?.forEach((value, i) => {
      if (!value) return;
      const { key, shape } = params[i]!;
      const next = ops.reshape(this.#g, value, shape);
      this.#paramValues.set(key, next);
      this.net.updatedParams.set(key, next);
    });
  }
}

const LARGEST_BLOB = 2 ** 31 - 1;

/** Source of the limit: Caffe's `Blob::Reshape`, which counts elements in an int. */
function checkSize(blob: string, shape: Shape): void {
  check(
    shape.every((dim) => Number.isSafeInteger(dim) && dim > 0),
    () => `${blob} [${shape.join(', ')}] has no elements`,
  );
  check(
    elementCount(shape) <= LARGEST_BLOB,
    () => `${blob} [${shape.join(', ')}] has more elements than a blob can have, ${LARGEST_BLOB}`,
  );
}

export const switchName = (layer: string): string => `on/${layer}`;

const stateName = (layer: GraphLayer, name: string): string => `state/${layer.name}/${name}`;

const inputParam = (g: GraphBuilder, param: NetParam): Value => g.input(`param/${param.key}`, param.shape);

function checkTypes(graph: NetGraph): void {
  const known = new Set([...LAYER_KERNELS.keys(), ...CPU_FALLBACKS.keys()]);
  const unknown = graph.layers.filter((layer) => !isDataLayer(layer) && !known.has(layer.type));
  if (unknown.length === 0) return;
  throw new DiagnosticsError(
    unknown.map((layer) => ({
      code: 'layer-type',
      severity: 'error' as const,
      message: `layers of type '${layer.type}' are not supported`,
      file: graph.file,
      ...(layer.line === undefined ? {} : { line: layer.line }),
      layer: layer.name,
      hint: `supported types: ${[...known].sort().join(', ')}`,
    })),
  );
}

const noEffect = (net: NetGraph, layer: GraphLayer, message: string): Diagnostic => ({
  ...{ code: 'no-effect', severity: 'warning', message: `${layer.type}: ${message}` },
  ...placeOf(net, layer),
});
