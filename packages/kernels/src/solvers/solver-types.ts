/** Caffe's solver types. */
export const SOLVER_TYPES = ['SGD', 'Nesterov', 'AdaGrad', 'RMSProp', 'AdaDelta', 'Adam'] as const;

export type SolverType = (typeof SOLVER_TYPES)[number];
