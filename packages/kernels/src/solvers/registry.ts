import { adadelta } from './adadelta.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { nesterov } from './nesterov.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';
import type { SolverKernel } from './solver.ts';
import type { SolverType } from './solver-types.ts';

/** Every solver type, by Caffe's name. */
export const SOLVER_KERNELS: Readonly<Record<SolverType, SolverKernel>> = {
  SGD: sgd,
  Nesterov: nesterov,
  AdaGrad: adagrad,
  RMSProp: rmsprop,
  AdaDelta: adadelta,
  Adam: adam,
};
