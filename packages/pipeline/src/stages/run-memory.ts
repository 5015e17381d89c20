import type { GraphLayer, NetGraph } from '@caffe-quant/caffe-io';
import {
  estimateCalibration,
  estimateForward,
  estimateTraining,
  type CanonicalPlan,
  type Shape,
} from '@caffe-quant/kernels';
import { gigabytes, type MemoryEstimate } from '@caffe-quant/kernels/layer-types';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import type { Mode } from '../project/mode.ts';
import type { SolverSettings } from '../project/solver-settings.ts';
import type { NetWithData } from './net-data.ts';

/** A part of a run, and what it takes of memory. */
export interface MemoryNeed {
  readonly what: string;
  readonly graph: NetGraph;
  readonly estimate: MemoryEstimate;
}

export interface RunOfNets {
  readonly train: NetWithData;
  readonly test: NetWithData;
  readonly plan: CanonicalPlan;
  readonly mode: Mode;
  /** Absent where nothing is trained. */
  readonly solver?: Pick<SolverSettings, 'solver'> | undefined;
  readonly memoryLimit: number;
}

/**
 * What calibration, tests and training take, from shapes alone. Training against the float net's answers is looked at when it begins:
 * before that there are none.
 *
 * @throws DiagnosticsError for layers that do not fit their bottoms, or that alone take more than `memoryLimit`
 */
export function memoryNeeds({ train, test, plan, mode, solver, memoryLimit }: RunOfNets): MemoryNeed[] {
  const inputOf = ({ graph, data }: NetWithData) => ({ graph, inputShapes: data.inputShapes(), plan, memoryLimit });
  const needs = [
    { what: 'calibration', graph: train.graph, estimate: estimateCalibration(inputOf(train)) },
    { what: 'the test of the net', graph: test.graph, estimate: estimateForward(inputOf(test)) },
  ];
  if (mode === 'retrain' && solver)
    needs.push(trainingNeed(train.graph, train.data.inputShapes(), { plan, solver, memoryLimit }));
  return needs;
}

export function trainingNeed(
  graph: NetGraph,
  inputShapes: ReadonlyMap<string, Shape>,
  {
    plan,
    solver: { solver },
    memoryLimit,
  }: Pick<RunOfNets, 'memoryLimit'> & { plan?: CanonicalPlan | undefined; solver: Pick<SolverSettings, 'solver'> },
): MemoryNeed {
  // Whatever it is, it takes a number.
  const rated = { ...solver, base_lr: solver.base_lr ?? 1 };
  return {
    what: 'training',
    graph,
    estimate: estimateTraining({ graph, inputShapes, ...(plan && { plan }), solver: rated, memoryLimit }),
  };
}

/** @throws DiagnosticsError where it takes more memory than there may be, at the layer that needs most */
export function checkMemory({ what, graph: { file }, estimate }: MemoryNeed, limit: number): void {
  if (estimate.bytes <= limit) return;
  const [most] = estimate.layers;
  const problem: Diagnostic = {
    ...{ code: 'memory', severity: 'error', file, ...(most && placeOf(most.layer)) },
    message: `${what} takes about ${describeMemory(estimate)}; that is more than the ${gigabytes(limit)} that a run may take`,
    hint: 'a smaller batch_size (with iter_size the solver sums up several of them), or the option memoryLimit where there is more memory',
  };
  throw new DiagnosticsError([problem]);
}

/** Layers that are told by name. */
const TOLD = 3;

/** How much memory, what for, and which layers need most of it. */
export function describeMemory({ bytes, weights, data, layers }: MemoryEstimate): string {
  const told = layers.slice(0, TOLD).map(({ layer, bytes: own }) => `${layer.name} ${gigabytes(own)}`);
  const ofLayers = told.length > 0 ? `, of the layers ${told.join(', ')}` : '';
  return `${gigabytes(bytes)} of memory (weights ${gigabytes(weights)}, data ${gigabytes(data)}${ofLayers})`;
}

const placeOf = ({ name, line }: GraphLayer) => ({ layer: name, ...(line !== undefined && { line }) });
