import type { GraphLayer, NetGraph } from '@caffe-quant/caffe-io';
import type { CanonicalPlan } from '../quantizers/canonical-plan.ts';
import { DiagnosticsError, type Diagnostic } from 'caffe-prototxt-parser';
import type { GraphBuilder, Shape, Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import type { Lowered, LoweringContext } from '../layers/layer.ts';
import { HOST_KERNELS, isDataLayer, LAYER_KERNELS } from '../layers/registry.ts';
import { arqForward, channelAxis } from '../quantizers/arq.ts';
import { ulqForward, ulqInputs, type UlqInputs } from '../quantizers/ulq.ts';
import { forLayer, layerProblem, placeOf } from './layer-problem.ts';
import { ParamTable, type NetParam } from './net-params.ts';
import { randomInputName, type RandomInput } from './random-inputs.ts';

export interface NetLoweringOptions {
  /** Shapes of the blobs that come from outside: the tops of data layers, by name. */
  inputShapes: ReadonlyMap<string, Shape>;
  /** Quantizers to insert before the layers of the plan; absent: the float net. */
  plan?: CanonicalPlan;
  /** Of the plan's data quantizers, those whose ranges are known yet; absent: all. */
  quantizers?: ReadonlySet<string>;
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

export interface LoweredNet {
  graph: NetGraph;
  /** Tops of data layers: graph inputs named as the blob. */
  inputs: Value[];
  params: NetParam[];
  /** What the forward pass makes of parameters that are state, by their keys. */
  updatedParams: Map<string, Value>;
  /** What recurrent layers hand on from one forward pass to the next: graph input `name`, and its value after the pass. */
  carried: { name: string; shape: Shape; next: Value }[];
  /** Graph inputs of random numbers. */
  randoms: RandomInput[];
  layers: LoweredLayer[];
  quantizers: LoweredQuantizer[];
  /** Every blob version by its id, but those that are made behind the graph. */
  blobs: Map<string, Value>;
  /** Layers that are computed behind the graph, in net order. */
  hosted: GraphLayer[];
  /** Settings of layers that have no effect. */
  warnings: Diagnostic[];
}

/**
 * Adds the forward pass of a net to `g`.
 * @throws DiagnosticsError with every layer that is not supported or does not fit its bottoms' shapes.
 */
export function lowerNet(g: GraphBuilder, graph: NetGraph, options: NetLoweringOptions): LoweredNet {
  const net: LoweredNet = {
    graph,
    inputs: [],
    params: [],
    updatedParams: new Map(),
    carried: [],
    randoms: [],
    layers: [],
    quantizers: [],
    blobs: new Map(),
    hosted: [],
    warnings: [],
  };
  const hostedBlobs = new Set<string>();
  const table = new ParamTable();
  const paramValues = new Map<string, Value>();
  const plans = new Map(options.plan?.layers.map((layer) => [layer.name, layer]));
  checkTypes(graph);
  for (const layer of graph.layers) {
    g.within(layer.name, () => {
      if (isDataLayer(layer)) {
        for (const top of layer.tops) {
          const shape = options.inputShapes.get(top.name);
          if (!shape) throw layerProblem(graph, layer, `no data for its top '${top.name}'`);
          const value = g.input(top.id, shape);
          net.inputs.push(value);
          net.blobs.set(top.id, value);
        }
        return;
      }
      if (HOST_KERNELS.has(layer.type)) {
        net.hosted.push(layer);
        for (const { id } of layer.tops) hostedBlobs.add(id);
        return;
      }
      const late = layer.bottoms.find(({ id }) => hostedBlobs.has(id));
      if (late) {
        if (layer.type === 'Silence') return;
        throw layerProblem(
          graph,
          layer,
          `its bottom '${late.name}' has no fixed shape; only other detection layers can read it`,
        );
      }
      const kernel = LAYER_KERNELS.get(layer.type);
      const plan = plans.get(layer.name);
      const bottoms = layer.bottoms.map((bottom) => net.blobs.get(bottom.id)!);
      const quantizer =
        plan && (options.quantizers?.has(plan.quantizer) ?? true)
          ? quantizerOf(g, net, plan.quantizer, layer.bottoms[0]!.id)
          : undefined;
      if (quantizer) bottoms[0] = quantizer.output;
      forLayer(graph, layer, () => {
        const specs =
          kernel?.params?.(
            layer.param,
            bottoms.map(({ shape }) => shape),
          ) ?? [];
        const params = table.of(layer, specs);
        const shapes = specs.map(({ shape }) => shape);
        const values = params.map((param, i) => {
          const value = paramValues.get(param.key) ?? (options.param ?? inputParam)(g, param);
          paramValues.set(param.key, value);
          return ops.reshape(g, value, shapes[i]!);
        });
        if (quantizer && plan?.channelWise !== undefined && values[0]) {
          values[0] = arqForward(g, values[0], plan.channelWise ? channelAxis(layer.type) : undefined);
        }
        let randoms = 0;
        const random: LoweringContext['random'] = (shape, filler) => {
          const name = randomInputName(layer.name, randoms++);
          net.randoms.push({ name, layer: layer.name, shape, filler });
          return g.input(name, shape);
        };
        const state = (name: string, shape: Shape) => g.input(stateName(layer, name), shape);
        const context: LoweringContext = {
          g,
          layer: layer.param,
          // As in Caffe's Net::Init, a layer's own phase counts for what it does.
          phase: layer.param.phase ?? graph.phase,
          bottoms,
          params: values,
          random,
          warn: (message) => net.warnings.push(noEffect(graph, layer, message)),
        };
        if (!options.stateless) context.state = state;
        if (options.shapesOnly) context.shapesOnly = true;
        const lowered = options.override?.(layer, context) ?? kernel!.lower(context);
        lowered.updatedParams?.forEach((value, i) => {
          if (!value) return;
          // A later layer that shares the blob goes on from here.
          const { key, shape } = params[i]!;
          const next = ops.reshape(g, value, shape);
          paramValues.set(key, next);
          net.updatedParams.set(key, next);
        });
        for (const [name, next] of Object.entries(lowered.nextState ?? {})) {
          net.carried.push({ name: stateName(layer, name), shape: next.shape, next });
        }
        layer.tops.forEach((top, i) => net.blobs.set(top.id, lowered.tops[i]!));
        net.layers.push({ layer, lowered, params, shapes, quantizer: quantizer?.name });
      });
    });
    if (options.until && net.blobs.has(options.until)) break;
  }
  net.params = table.params;
  return net;
}

const stateName = (layer: GraphLayer, name: string): string => `state/${layer.name}/${name}`;

const inputParam = (g: GraphBuilder, param: NetParam): Value => g.input(`param/${param.key}`, param.shape);

function quantizerOf(g: GraphBuilder, net: LoweredNet, name: string, blob: string): LoweredQuantizer {
  const known = net.quantizers.find((quantizer) => quantizer.name === name);
  if (known) return known;
  const input = net.blobs.get(blob)!;
  const grid = ulqInputs(g, name);
  const quantizer = { name, blob, input, grid, output: ulqForward(g, input, grid) };
  net.quantizers.push(quantizer);
  return quantizer;
}

function checkTypes(graph: NetGraph): void {
  const known = new Set([...LAYER_KERNELS.keys(), ...HOST_KERNELS.keys()]);
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
