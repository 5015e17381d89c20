import type { NetGraph } from '@caffe-quant/caffe-io';
import type { CanonicalPlan } from '../quantizers/canonical-plan.ts';
import type { Device } from '../graph/device.ts';
import { encodeModel, type ModelOptions } from '../graph/encode-model.ts';
import { GraphBuilder, type Shape, type Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import { differentiate, lossBlobs, type NetGradients } from '../net/differentiate.ts';
import { unitRows } from '../net/unit-rows.ts';
import { finiteness, sumOf } from '../net/finiteness.ts';
import { lowerNet, type LoweredNet, type NetInput } from '../net/lower-net.ts';
import type { NetParam } from '../net/net-params.ts';
import type { RandomInput } from '../net/random-inputs.ts';
import { clipStep } from '../solvers/clip-steps.ts';
import { differences } from '../solvers/differences.ts';
import { ownRate } from '../solvers/layer-rate.ts';
import { plateauRate } from '../solvers/plateau.ts';
import { SOLVER_KERNELS } from '../solvers/registry.ts';
import type { SolverSettings } from '../solvers/solver-settings.ts';
import { boundWeights } from '../solvers/weight-bounds.ts';

export interface TrainGraphOptions {
  graph: NetGraph;
  solver: SolverSettings;
  inputShapes: ReadonlyMap<string, Shape>;
  /** Absent: float training. */
  plan?: CanonicalPlan;
  /** See `channelBlock`. */
  channelBlock: number;
  /** Default: `cpu`. */
  device?: Device | undefined;
  /** Bytes that no tensor may take alone. Default: what the machine has. */
  memoryLimit?: number;
}

/** A tensor that training carries from run to run: graph input `name` and graph output `next/<name>`. */
export interface StateTensor {
  name: string;
  shape: Shape;
}

/** One run of training as an ONNX model. */
export interface TrainGraph {
  model: Uint8Array;
  /** Data inputs. */
  inputs: NetInput[];
  /** Random numbers that each run needs. */
  randoms: RandomInput[];
  /** All parameters of the net, frozen ones included. */
  params: NetParam[];
  /** The parameters' keys in each layer that has any, and their shapes there; layers that share blobs name the same. */
  layers: { name: string; keys: string[]; shapes: Shape[] }[];
  /**
   * What the run reads and writes anew: blobs, histories and clip ranges, or gradients that are summed up; and what the
   * forward pass itself changes: BatchNorm's statistics, the state of recurrent layers.
   */
  state: StateTensor[];
  /** Gradients summed over the batches before, read only; empty with `iter_size` 1. */
  sums: StateTensor[];
  /** Names of the data quantizers, in net order. */
  quantizers: string[];
  /** Whether ranges learn by steps of their own, so that `CLIP_RATE` is an input. */
  takesClipRate: boolean;
  /** Ids of the blobs that the objective is a sum of. */
  losses: string[];
  /** Names of the outputs that `SCALARS` holds, in its order; empty on the processor. */
  scalars: string[];
}

/** One run of training as a graph. */
export interface LoweredTraining extends Omit<TrainGraph, 'model'> {
  g: GraphBuilder;
  /** How it becomes a model. */
  encoding: ModelOptions;
}

/** Name of the output that is finite only if all blobs of the forward pass and all tensors written are. */
export const FINITE = 'finite';
/**
 * Output of a graph for a device: all that is read at every step in one tensor, since each costs a wait for the device. The
 * processor has none.
 */
export const SCALARS = 'scalars';
export const nextName = (name: string): string => `next/${name}`;
export const clipName = (quantizer: string, end: 'max' | 'min'): string => `clip/${quantizer}/${end}`;
export const paramName = (key: string): string => `param/${key}`;
export const gradientName = (name: string): string => `gradient/${name}`;
export const historyName = (name: string, index: number): string => `history/${index}/${name}`;
/** Inputs of a step whose momentum, or weight decay, changes from iteration to iteration. */
export const MOMENTUM = 'momentum';
export const WEIGHT_DECAY = 'weight_decay';

/** The learning rate of the iteration, an input of a step. */
export const LEARNING_RATE = 'learning_rate';
/** The share of its width that a range moves by, an input of a step in which ranges learn by steps of their own. */
export const CLIP_RATE = 'clip_rate';

const sumName = (name: string): string => `sum/${name}`;

interface LearnableBlob {
  name: string;
  value: Value;
  gradient: Value;
  lrMult: number;
  decayMult: number;
  /** The end of a range that learns by steps of its own, not by the solver's. */
  ofRange?: { quantizer: string; end: 'max' | 'min'; misfit: Value };
}

/**
 * Lowers forward pass, backward pass and solver update of a TRAIN net to one graph: one session run is one iteration.
 * Outputs: `loss`, `next/...` of all state, `gradient/...` of the clip ranges, and one probe of all that is finite.
 * With `iter_size` above 1 the gradients of the batches before are added to its own.
 * @throws DiagnosticsError for layers that are not supported
 */
export const buildStepGraph = (options: TrainGraphOptions): TrainGraph => encoded(lowerStep(options));

/** The same, not encoded. */
export function lowerStep(options: TrainGraphOptions): LoweredTraining {
  const { solver } = options;
  const { g, net, gradients, blobs } = lowerTraining(options);
  const kernel = SOLVER_KERNELS[solver.type];
  const bounded = boundedParams(g, net, solver);
  const withUnitRows = namesWithUnitRows(net);
  const state: StateTensor[] = [];
  const sums: StateTensor[] = [];
  const places = new Map(g.nodes.flatMap(({ outputs }, place) => outputs.map((output) => [output, place])));
  const written: { value: Value; place: number }[] = [];
  g.within('update', () => {
    const given = g.input(LEARNING_RATE, []);
    const { policy } = solver.rate;
    const rate = policy.kind === 'plateau' ? plateauRate(g, given, gradients.loss, solver.iterSize) : given;
    const summed = blobs.map((blob) => {
      const place = places.get(blob.gradient.name) ?? 0;
      if (solver.iterSize === 1) return { ...blob, place };
      const { shape } = blob.value;
      sums.push({ name: sumName(blob.name), shape });
      return { ...blob, place, gradient: ops.add(g, g.input(sumName(blob.name), shape), blob.gradient) };
    });
    for (const { name, gradient } of summed) if (name.startsWith('clip/')) g.output(gradientName(name), gradient);
    const momentum = solver.momentum.policy.kind === 'fixed' ? undefined : g.input(MOMENTUM, []);
    const decay = solver.decay.policy.kind === 'fixed' ? undefined : g.input(WEIGHT_DECAY, []);
    const emit = (name: string, next: Value, shape: Shape) => {
      g.output(nextName(name), next);
      state.push({ name, shape });
    };
    const solved = summed.filter(({ ofRange }) => !ofRange);
    const ofBlobs = differences(g, solver, solved, decay);
    solved.forEach(({ name, value, place, lrMult }, i) => {
      const histories = Array.from({ length: kernel.historyCount }, (_, index) =>
        g.input(historyName(name, index), value.shape),
      );
      const { gradient, decayed: difference } = ofBlobs[i]!;
      const multiplied = () => (lrMult === 1 ? rate : ops.mul(g, rate, g.scalar(lrMult)));
      const rated = { value, gradient, rate, momentum: momentum ?? solver.momentum.base };
      const hasOwn = solver.layerRate && !name.startsWith('clip/');
      const localRate = hasOwn ? ownRate(g, solver.layerRate, rated) : multiplied();
      const update = kernel.update(g, solver, { difference, histories, rate: localRate, momentum });
      const stepped = ops.sub(g, bounded.get(name) ?? value, update.step);
      const next = [withUnitRows.has(name) ? unitRows(g, stepped) : stepped, ...update.histories];
      [name, ...histories.map((history) => history.name)].forEach((stateName, k) => {
        emit(stateName, next[k]!, value.shape);
        // A step that is not finite is seen in the blob that it is subtracted from.
        const isShown = next[k]!.name === update.step.name;
        if (!isShown) written.push({ value: next[k]!, place });
      });
    });
    for (const { name, next, place } of ownSteps(g, solver, summed, decay)) {
      emit(name, next, []);
      written.push({ value: next, place });
    }
  });
  // In the order in which the gradients are made, last layers first: what a layer's gradients are made of is given up early.
  const inOrder = written.sort((a, b) => a.place - b.place).map(({ value }) => value);
  return finish(g, options, net, gradients, { state, sums, written: inOrder, bounded });
}

/** The ranges that learn by steps of their own: `clipStep` of each, with weight decay as the solver's blobs have it. */
function ownSteps(
  g: GraphBuilder,
  solver: SolverSettings,
  blobs: readonly (LearnableBlob & { place: number })[],
  decay: Value | undefined,
): { name: string; next: Value; place: number }[] {
  const own = blobs.filter(({ ofRange }) => ofRange);
  if (own.length === 0) return [];
  const rate = g.input(CLIP_RATE, []);
  const decayed = differences(g, { ...solver, clipGradients: undefined }, own, decay);
  const ends = own.map((blob, i) => ({ ...blob, gradient: decayed[i]!.decayed }));
  return ends.flatMap((max) => {
    const { quantizer, end, misfit } = max.ofRange!;
    if (end !== 'max') return [];
    const min = ends.find(({ name }) => name === clipName(quantizer, 'min'));
    const squares = historyName(max.name, 0);
    const next = clipStep(g, { max, min, squares: g.input(squares, []), rate: ops.mul(g, rate, misfit) });
    return [
      { ...max, next: next.max },
      ...(min ? [{ ...min, next: next.min! }] : []),
      { name: squares, place: max.place, next: next.squares },
    ];
  });
}

/**
 * Forward and backward pass of one of the first batches of an iteration with `iter_size` above 1: their gradients are
 * summed up, `sum/...` to `next/sum/...`.
 */
export const buildSumGraph = (options: TrainGraphOptions): TrainGraph => encoded(lowerSum(options));

function lowerSum(options: TrainGraphOptions): LoweredTraining {
  // Only the update reads the ranges themselves: here they are not inputs.
  const { g, net, gradients, blobs } = lowerTraining(options, (_, name) => ({ name, shape: [], type: 'float' }));
  const state = blobs.map(({ name, value: { shape }, gradient }) => {
    g.output(nextName(sumName(name)), ops.add(g, g.input(sumName(name), shape), gradient));
    return { name: sumName(name), shape };
  });
  return finish(g, options, net, gradients, { state, sums: [], written: [], bounded: new Map() });
}

function lowerTraining(
  { graph, inputShapes, plan, channelBlock, memoryLimit }: TrainGraphOptions,
  rangeOf = (g: GraphBuilder, name: string): Value => g.input(name, []),
) {
  const g = new GraphBuilder({ channelBlock, ...(memoryLimit !== undefined && { memoryLimit }) });
  const net = lowerNet(g, graph, plan ? { inputShapes, plan } : { inputShapes });
  const gradients = differentiate(g, net, plan);
  const inputs = new Map(g.inputs.map((value) => [value.name, value]));
  const blobs: LearnableBlob[] = [];
  for (const { key, lrMult, decayMult } of net.params) {
    const gradient = gradients.params.get(key);
    const name = paramName(key);
    if (gradient) blobs.push({ name, value: inputs.get(name)!, gradient, lrMult, decayMult });
  }
  for (const { name: quantizer, lrMult, decayMult } of plan?.quantizers ?? []) {
    const ofClip = gradients.clips.get(quantizer);
    if (!ofClip || lrMult === 0) continue;
    const { misfit } = ofClip;
    for (const end of ['max', 'min'] as const) {
      const gradient = ofClip[end];
      if (!gradient) continue;
      const name = clipName(quantizer, end);
      const own = misfit ? { ofRange: { quantizer, end, misfit } } : {};
      blobs.push({ name, value: rangeOf(g, name), gradient, lrMult: lrMult ?? 1, decayMult, ...own });
    }
  }
  return { g, net, gradients, blobs };
}

/** The blobs of the net as `weightBounds` lets them be before the update, by the names of their state; none without bounds. */
function boundedParams(g: GraphBuilder, net: LoweredNet, { weightBounds }: SolverSettings): Map<string, Value> {
  if (!weightBounds) return new Map();
  const inputs = new Map(g.inputs.map((value) => [value.name, value]));
  const names = net.params.map(({ key }) => paramName(key));
  const values = net.params.map(({ key }) => net.updatedParams.get(key) ?? inputs.get(paramName(key))!);
  const bounded = g.within('update', () => boundWeights(g, weightBounds, values));
  return new Map(names.map((name, i) => [name, bounded[i]!]));
}

/** The parameters whose rows are held to the norm 1, by the names of their state. */
const namesWithUnitRows = (net: LoweredNet): ReadonlySet<string> =>
  new Set(net.params.filter(({ hasUnitRows }) => hasUnitRows).map(({ key }) => paramName(key)));

const encoded = ({ g, encoding, ...parts }: LoweredTraining): TrainGraph => ({
  model: encodeModel(g, encoding),
  ...parts,
});

function finish(
  g: GraphBuilder,
  { graph, device }: TrainGraphOptions,
  net: LoweredNet,
  { loss }: NetGradients,
  tensors: Pick<TrainGraph, 'state' | 'sums'> & { written: readonly Value[]; bounded: ReadonlyMap<string, Value> },
): LoweredTraining {
  const learned = new Set(tensors.state.map(({ name }) => name));
  const statistics = new Map([...net.updatedParams].map(([key, next]) => [paramName(key), next]));
  const withUnitRows = namesWithUnitRows(net);
  for (const [name, next] of tensors.bounded) {
    if (!learned.has(name)) statistics.set(name, withUnitRows.has(name) ? unitRows(g, next) : next);
  }
  const changed = [...[...statistics].map(([name, next]) => ({ name, next })), ...net.carried];
  for (const { name, next } of changed) g.output(nextName(name), next);
  g.output('loss', loss);
  const forward = finiteness(g, net, lossBlobs(net), device);
  const written = [...changed.map(({ next }) => next), ...tensors.written].map((value) => sumOf(g, value));
  g.output(FINITE, ops.sum(g, [...(forward ? [forward] : []), loss, ...written]));
  const state = [...tensors.state, ...changed.map(({ name, next }) => ({ name, shape: next.shape }))];
  const isOnProcessor = (device ?? 'cpu') === 'cpu';
  const scalars = isOnProcessor ? [] : gatherScalars(g);
  // Of a run that gives some of its outputs only, onnxruntime-node (1.30) takes the places of some for those of others.
  const outputs = [SCALARS, ...state.map(({ name }) => nextName(name))];
  const name = `${graph.name || 'net'} training step`;
  return {
    g,
    encoding: { name, ...(isOnProcessor ? { uncopied: true } : { outputs }) },
    scalars,
    state,
    inputs: net.inputs,
    randoms: net.randoms,
    params: net.params,
    layers: net.layers
      .filter(({ params }) => params.length > 0)
      .map(({ layer, params, shapes }) => ({ name: layer.name, keys: params.map(({ key }) => key), shapes })),
    sums: tensors.sums,
    quantizers: net.quantizers.map(({ name }) => name),
    takesClipRate: g.inputs.some(({ name }) => name === CLIP_RATE),
    losses: lossBlobs(net),
  };
}

/** Puts what the host reads at every step into one output. Returns the names of its parts. */
function gatherScalars(g: GraphBuilder): string[] {
  const isCarried = (name: string) => name.startsWith(nextName('')) && !name.startsWith(nextName('clip/'));
  const read = g.outputs.filter(({ value, name }) => value.shape.length === 0 && !isCarried(name));
  const parts = read.map(({ value }) => ops.reshape(g, value, [1]));
  g.output(SCALARS, ops.concat(g, parts, 0));
  return read.map(({ name }) => name);
}
