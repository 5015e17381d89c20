import type { SolverParameter } from '@caffe-quant/caffe-io';
import { adadelta } from './adadelta.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { SolverError } from './lr-policy.ts';
import { nesterov } from './nesterov.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';
import type { SolverKernel } from './solver.ts';

/** Every solver type, by Caffe's name. */
export const SOLVER_KERNELS: ReadonlyMap<string, SolverKernel> = new Map(
  [sgd, nesterov, adagrad, rmsprop, adadelta, adam].map((kernel) => [kernel.type, kernel]),
);

/** @throws SolverError for a type that Caffe does not have. */
export function solverKernel(solver: SolverParameter): SolverKernel {
  const type = solver.type ?? 'SGD';
  const kernel = SOLVER_KERNELS.get(type);
  if (!kernel)
    throw new SolverError(`solver type '${type}' is not one of ${[...SOLVER_KERNELS.keys()].join(', ')}`, 'type');
  return kernel;
}
