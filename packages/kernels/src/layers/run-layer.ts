import type { LayerParameter } from '@caffe-quant/caffe-io';
import type { Device } from '../graph/device.ts';
import { elementCount, GraphBuilder, type Shape, type Value } from '../graph/graph-builder.ts';
import { runGraphOn } from '../graph/run-once.ts';
import type { TensorData } from '../graph/session.ts';
import type { LayerKernel, Phase } from './layer.ts';
import { lowerLayer, paramsOfLayer } from './one-layer.ts';

/** A blob that goes into a layer. */
export interface LayerInput {
  readonly shape: Shape;
  readonly data: TensorData;
  /** Whether its gradient is asked for. Default true. */
  readonly wantsGradient?: boolean;
}

/** What one forward and backward pass of a layer by itself is given. */
export interface LayerPass {
  readonly phase: Phase;
  readonly bottoms: readonly LayerInput[];
  /** What fills each blob that the layer owns. */
  readonly params: readonly LayerInput[] | ((index: number, shape: Shape) => TensorData);
  /** The gradient of each top; `undefined` for a top that nothing depends on. Absent: no backward pass. */
  readonly topGradients?:
    readonly (TensorData | undefined)[] | ((index: number, shape: Shape) => TensorData | undefined);
  /** Random numbers, call by call. */
  readonly random?: (call: number, shape: Shape) => TensorData;
  /** What a pass before handed on, by name; zeros where there was none. */
  readonly state?: ReadonlyMap<string, TensorData>;
  /** For layers whose tops depend on the values of their bottoms. */
  readonly topShapes?: readonly Shape[];
  /** Default 1. */
  readonly threads?: number;
  /** Nobody holds its results against the processor's. Default: `cpu`. */
  readonly device?: Device | undefined;
}

/** What comes out of it. */
export interface LayerOutcome {
  readonly topShapes: readonly Shape[];
  readonly paramShapes: readonly Shape[];
  readonly tops: readonly Float32Array[];
  /** By bottom and by blob; `undefined` where there is no gradient, or none was asked for. */
  readonly bottomGradients: readonly (Float32Array | undefined)[];
  readonly paramGradients: readonly (Float32Array | undefined)[];
  /** What the forward pass made of the layer's blobs; `undefined` where it left one alone. */
  readonly updatedParams: readonly (Float32Array | undefined)[];
  readonly nextState: ReadonlyMap<string, Float32Array>;
}

/**
 * Runs a layer by itself, forward and backward, as one graph.
 *
 * @throws LayerError where its settings make no sense for its bottoms
 */
export async function runLayer(kernel: LayerKernel, layer: LayerParameter, pass: LayerPass): Promise<LayerOutcome> {
  const feeds: Record<string, TensorData> = {};
  let shapes: Pick<LayerOutcome, 'topShapes' | 'paramShapes'> = { topShapes: [], paramShapes: [] };
  const build = (g: GraphBuilder): Record<string, Value> => {
    const built = buildLayer(g, kernel, layer, pass, feeds);
    shapes = built;
    return built.values;
  };
  // A graph without an output cannot be run: of Silence only the shapes are known.
  const hasOutput = Object.keys(build(new GraphBuilder())).length > 0;
  const out = hasOutput ? await runGraphOn(pass.device, build, feeds, pass.threads) : {};
  const all = (name: string, count: number) => Array.from({ length: count }, (_, i) => out[`${name} ${i}`]);
  const { topShapes, paramShapes } = shapes;
  return {
    topShapes,
    paramShapes,
    tops: all('top', topShapes.length) as Float32Array[],
    bottomGradients: all('gradient of bottom', pass.bottoms.length),
    paramGradients: all('gradient of param', paramShapes.length),
    updatedParams: all('updated param', paramShapes.length),
    nextState: new Map(
      Object.entries(out).flatMap(([name, data]) => (name.startsWith(STATE) ? [[name.slice(STATE.length), data]] : [])),
    ),
  };
}

const STATE = 'next state ';

function buildLayer(
  g: GraphBuilder,
  kernel: LayerKernel,
  layer: LayerParameter,
  pass: LayerPass,
  feeds: Record<string, TensorData>,
) {
  const { phase, random, state, topShapes } = pass;
  const input = (name: string, shape: Shape, data: TensorData): Value => {
    feeds[name] = data;
    return g.input(name, shape);
  };
  const bottoms = pass.bottoms.map(({ shape, data }, i) => input(`bottom ${i}`, shape, data));
  const paramShapes = paramsOfLayer(
    kernel,
    layer,
    bottoms.map(({ shape }) => shape),
  ).map(({ shape }) => shape);
  const given = pass.params;
  const params =
    typeof given === 'function'
      ? paramShapes.map((shape, i) => input(`param ${i}`, shape, given(i, shape)))
      : given.map(({ shape, data }, i) => input(`param ${i}`, shape, data));
  let calls = 0;
  const lowered = lowerLayer(kernel, layer, {
    g,
    phase,
    bottoms,
    params,
    ...(random && {
      random: (shape: Shape) => {
        const call = calls++;
        return input(`random ${call}`, shape, random(call, shape));
      },
    }),
    state: (name, shape) => input(`state ${name}`, shape, state?.get(name) ?? new Float32Array(elementCount(shape))),
    ...(topShapes && { topShapes }),
  });
  const values: Record<string, Value> = {};
  const add = (name: string, list: readonly (Value | undefined)[] = []) =>
    list.forEach((value, i) => value && (values[`${name} ${i}`] = value));
  add('top', lowered.tops);
  add('updated param', lowered.updatedParams);
  for (const [name, value] of Object.entries(lowered.nextState ?? {})) values[`${STATE}${name}`] = value;
  const { topGradients } = pass;
  if (topGradients && lowered.backward) {
    const dys = lowered.tops.map(({ shape }, i) => {
      const dy = typeof topGradients === 'function' ? topGradients(i, shape) : topGradients[i];
      return dy && input(`gradient of top ${i}`, shape, dy);
    });
    const wants = ({ wantsGradient = true }: LayerInput) => wantsGradient;
    const needs = {
      bottoms: pass.bottoms.map(wants),
      params: typeof given === 'function' ? paramShapes.map(() => true) : given.map(wants),
    };
    const gradients = lowered.backward(dys, needs);
    add(
      'gradient of bottom',
      gradients.bottoms.map((value, i) => (needs.bottoms[i] ? value : undefined)),
    );
    add(
      'gradient of param',
      gradients.params?.map((value, i) => (needs.params[i] ? value : undefined)),
    );
  }
  return { values, topShapes: lowered.tops.map(({ shape }) => shape), paramShapes };
}
