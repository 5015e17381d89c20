import { buildNetGraph, readNetText, type NetGraph } from '@caffe-quant/caffe-io';
import { elementCount, type CanonicalPlan, type Shape } from '@caffe-quant/kernels';
import { DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';
import { CLIP, planOf, type BenchmarkNet } from './nets.ts';

/** A net with the batch that it is trained on. */
export interface TrainingCase {
  /** As the table calls it. */
  label: string;
  net: BenchmarkNet;
  batch: number;
}

export type Kind = 'float' | 'QAT';

/** What one process is to measure: our side and PyTorch's read the same, as JSON. */
export interface StepRequest {
  text: string;
  /** Of the data layer's tops, `data` and `label`. */
  shapes: { data: Shape; label: Shape };
  classes: number;
  kind: Kind;
  threads: number;
  /** Steps before those that are measured. */
  warmUp: number;
  /** Steps that are measured. */
  steps: number;
}

/** What one process measured. */
export interface StepFigures {
  /** Milliseconds of the measured steps. */
  times: number[];
  /** Of all steps. */
  losses: number[];
  /** Resident MiB with library, data and weights, before anything is computed. */
  before: number;
  /** Resident MiB at most. */
  peak: number;
}

export const SEED = 1;
export const MOMENTUM = 0.9;
export const RATE = 0.0001;
export const WEIGHT_DECAY = 0.0001;

export const shapesOf = ({ net, batch }: TrainingCase): StepRequest['shapes'] => ({
  data: [batch, ...net.image],
  label: [batch, ...net.label],
});

export function trainGraph(text: string): NetGraph {
  const read = readNetText(text, 'net.prototxt');
  const built = buildNetGraph(read.net, { file: 'net.prototxt', phase: 'TRAIN', locate: read.locate });
  const diagnostics = [...read.diagnostics, ...built.diagnostics];
  if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics);
  return built.graph;
}

/** The batch of all steps: a formula, so that PyTorch's side makes the same. */
export function batchOf({ shapes, classes }: Pick<StepRequest, 'shapes' | 'classes'>): Map<string, Float32Array> {
  const { data, label } = shapes;
  return new Map([
    ['data', Float32Array.from({ length: elementCount(data) }, (_, i) => Math.sin(i * 0.37) * 2)],
    ['label', Float32Array.from({ length: elementCount(label) }, (_, i) => (i * 61) % classes)],
  ]);
}

/** A net for PyTorch's side: its layers with the ids of their blobs, and what of it is quantized. */
export interface PlainNet {
  layers: { name: string; type: string; bottoms: string[]; tops: string[]; param: object }[];
  plan: CanonicalPlan;
  clip: typeof CLIP;
}

export function plainNet(text: string): PlainNet {
  const graph = trainGraph(text);
  const layers = graph.layers.map(({ name, type, param, bottoms, tops }) => ({
    ...{ name, type, param },
    bottoms: bottoms.map(({ id }) => id),
    tops: tops.map(({ id }) => id),
  }));
  return { layers, plan: planOf(graph), clip: CLIP };
}
