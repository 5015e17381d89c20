import type { NetGraph, SolverParameter } from '@caffe-quant/caffe-io';
import type { CanonicalPlan } from '@caffe-quant/resolver';
import { encodeModel } from '../graph/encode-model.ts';
import { GraphBuilder, type Shape, type Value } from '../graph/graph-builder.ts';
import { differentiate } from '../net/differentiate.ts';
import { finiteness, lowerNet } from '../net/lower-net.ts';
import type { NetParam } from '../net/net-params.ts';
import { sgdUpdates } from '../solvers/sgd.ts';

export interface TrainGraphOptions {
  graph: NetGraph;
  solver: SolverParameter;
  inputShapes: ReadonlyMap<string, Shape>;
  /** Absent: float training. */
  plan?: CanonicalPlan;
}

/** A tensor that training carries from step to step: graph input `name` and graph output `next/<name>`. */
export interface StateTensor {
  name: string;
  shape: Shape;
}

/** One step of training as an ONNX model. */
export interface TrainGraph {
  model: Uint8Array;
  /** Data inputs, by name, with their shapes. */
  inputs: { name: string; shape: Shape }[];
  /** All parameters of the net, frozen ones included. */
  params: NetParam[];
  /** `param/<key>`, `history/<key>`, `clip/<quantizer>/max`, ... of everything that learns. */
  state: StateTensor[];
  /** Names of the data quantizers, in net order. */
  quantizers: string[];
}

/** Name of the output that is finite exactly if the quantizer's input was. */
export const finiteOutput = (quantizer: string): string => `finite/${quantizer}`;
export const nextName = (name: string): string => `next/${name}`;
export const clipName = (quantizer: string, end: 'max' | 'min'): string => `clip/${quantizer}/${end}`;
export const paramName = (key: string): string => `param/${key}`;
export const historyName = (key: string): string => `history/${key}`;
export const gradientName = (name: string): string => `gradient/${name}`;

/**
 * Lowers forward pass, backward pass and solver update of a TRAIN net to one graph: one session run is one step.
 * Outputs: `loss`, `next/...` of all state, `gradient/...` of the clip ranges, and a finiteness probe per quantizer.
 * @throws DiagnosticsError for layers that are not supported.
 */
export function buildTrainGraph({ graph, solver, inputShapes, plan }: TrainGraphOptions): TrainGraph {
  const g = new GraphBuilder();
  const net = lowerNet(g, graph, plan ? { inputShapes, plan } : { inputShapes });
  const gradients = differentiate(g, net, plan);
  const valueOf = new Map(g.inputs.map((value) => [value.name, value]));
  const state: StateTensor[] = [];
  const updates: {
    name: string;
    historyName: string;
    value: Value;
    gradient: Value;
    lrMult: number;
    decayMult: number;
  }[] = [];

  for (const param of net.params) {
    const gradient = gradients.params.get(param.key);
    if (!gradient) continue;
    updates.push({
      name: paramName(param.key),
      historyName: historyName(param.key),
      value: valueOf.get(paramName(param.key))!,
      gradient,
      lrMult: param.lrMult,
      decayMult: param.decayMult,
    });
  }
  for (const quantizer of plan?.quantizers ?? []) {
    const ofClip = gradients.clips.get(quantizer.name);
    if (!ofClip || quantizer.lrMult === 0) continue;
    for (const end of ['max', 'min'] as const) {
      const gradient = ofClip[end];
      if (!gradient) continue;
      const name = clipName(quantizer.name, end);
      g.output(gradientName(name), gradient);
      updates.push({
        name,
        historyName: historyName(name),
        value: g.input(name, []),
        gradient,
        lrMult: quantizer.lrMult,
        decayMult: quantizer.decayMult,
      });
    }
  }

  g.within('update', () => {
    const rate = g.input('learning_rate', []);
    const inputs = updates.map((update) => ({ ...update, history: g.input(update.historyName, update.value.shape) }));
    const outputs = sgdUpdates(g, solver, rate, inputs);
    inputs.forEach((update, i) => {
      g.output(nextName(update.name), outputs[i]!.value);
      g.output(nextName(update.historyName), outputs[i]!.history);
      state.push({ name: update.name, shape: update.value.shape });
      state.push({ name: update.historyName, shape: update.value.shape });
    });
  });

  g.output('loss', gradients.loss);
  for (const quantizer of net.quantizers) g.output(finiteOutput(quantizer.name), finiteness(g, quantizer.input));
  return {
    model: encodeModel(g, { name: `${graph.name || 'net'} training step` }),
    inputs: net.inputs.map(({ name, shape }) => ({ name, shape })),
    params: net.params,
    state,
    quantizers: net.quantizers.map(({ name }) => name),
  };
}
