import type { SolverParameter, SolverState } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import type { NetParam } from '../net/net-params.ts';
import { stepsPassed } from '../solvers/lr-policy.ts';
import { SOLVER_KERNELS } from '../solvers/registry.ts';
import { solverSettings, type SolverSettings } from '../solvers/solver-settings.ts';
import type { TrainerSnapshot } from './snapshot.ts';
import { historyName, paramName } from './train-graph.ts';

/** A float training that can be carried to Caffe and back. */
export interface PortableTraining {
  solver: SolverParameter;
  /** All blobs of the net in net order: what Caffe calls its learnable parameters, frozen ones included. */
  params: readonly NetParam[];
}

/**
 * What Caffe's solver needs, besides the weights, to go on with a float training: one history per parameter in net order,
 * and a second round of them for AdaDelta and Adam. A parameter that does not learn has zeros.
 * Source: Caffe's `SGDSolver::SnapshotSolverStateToBinaryProto`.
 *
 * @param learnedNet file name of the caffemodel that belongs to it
 */
export function toSolverState(
  { iteration, tensors, plateau }: TrainerSnapshot,
  { solver, params }: PortableTraining,
  learnedNet: string,
): SolverState {
  const settings = solverSettings(solver);
  const history = rounds(settings, params).map(({ name, shape }) => ({
    shape: [...shape],
    data: tensors.get(name) ?? new Float32Array(elementCount(shape)),
  }));
  const { policy } = settings.rate;
  const currentStep = policy.kind === 'multistep' ? stepsPassed(policy.steps, iteration) : (plateau?.falls ?? 0);
  return { iter: iteration, learnedNet, currentStep, history };
}

/**
 * A trainer's snapshot with the iteration and the histories of a solver state, Caffe's or ours.
 *
 * @param snapshot of a new trainer that has the weights of the same moment
 * @param file name of the solver state, for errors
 * @throws DiagnosticsError where the state is of another net or another type of solver
 */
export function withSolverState(
  snapshot: TrainerSnapshot,
  { solver, params }: PortableTraining,
  { iter, history }: SolverState,
  file: string,
): TrainerSnapshot {
  const settings = solverSettings(solver);
  const expected = rounds(settings, params);
  const problem = (message: string) =>
    new DiagnosticsError([
      {
        code: 'solverstate',
        severity: 'error',
        message,
        file,
        hint: 'give the solver state that was written with this net and this type of solver',
      },
    ]);
  if (settings.rate.policy.kind === 'plateau') {
    throw problem("a solver state does not say where lr_policy 'plateau' stands: the training cannot go on from it");
  }
  if (history.length !== expected.length) {
    const { type } = settings;
    throw problem(`the solver state has ${history.length} histories; ${type} on this net has ${expected.length}`);
  }
  const tensors = new Map(snapshot.tensors);
  expected.forEach(({ name, key, shape }, i) => {
    const { data } = history[i]!;
    if (data.length !== elementCount(shape)) {
      throw problem(`history ${i} has ${data.length} numbers; ${key} is [${shape.join(', ')}]`);
    }
    if (tensors.has(name)) tensors.set(name, data);
  });
  return { ...snapshot, iteration: iter, tensors };
}

function rounds({ type }: SolverSettings, params: readonly NetParam[]): { name: string; key: string; shape: Shape }[] {
  // Caffe keeps a history for plain SGD without momentum as well.
  const count = Math.max(1, SOLVER_KERNELS[type].historyCount);
  return Array.from({ length: count }, (_, round) =>
    params.map(({ key, shape }) => ({ name: historyName(paramName(key), round), key, shape })),
  ).flat();
}
