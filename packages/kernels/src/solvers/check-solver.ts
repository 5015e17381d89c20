import {
  type Dialect,
  describeUnread,
  dialectSchema,
  notFiniteFields,
  type SolverParameter,
  unreadFields,
} from '@caffe-quant/caffe-io';
import type { Diagnostic, Position } from 'caffe-prototxt-parser';
import { SOLVER_FIELDS } from './solver-fields.ts';

/** A solver's prototxt, for diagnostics. */
export interface SolverPlace {
  readonly file: string;
  /** In which it was read. */
  readonly dialect: Dialect;
  locate(message: object, field?: string, index?: number): Position | undefined;
}

/** Why fields of forks are not followed, where more is to be said than that they are not. */
const REASONS: Readonly<Record<string, string>> = {
  disabled_update: 'a training that updates nothing is none',
  larc_turbo: 'revisions of NVIDIA/caffe 0.17 compute it in different ways, and none says which is meant',
  test_offset: 'what intel/caffe makes of it is not known',
};

/** The fields of a solver that training does not follow, none is passed over, and those that are no finite number. */
export function checkSolver(solver: SolverParameter, { file, dialect, locate }: SolverPlace): Diagnostic[] {
  const schema = dialectSchema(dialect, 'SolverParameter');
  const ofTraining = unreadFields(solver, schema, SOLVER_FIELDS).map((unread) => ({
    code: 'field-unread',
    severity: 'error' as const,
    message: `${describeUnread(unread)} is not supported: ${REASONS[unread.field] ?? 'without it the training would take another course'}`,
    file,
    ...(locate(unread.message, unread.field) ?? locate(unread.message)),
    hint: 'remove it where retraining can do without',
  }));
  // Nets that stand in the solver are checked as nets.
  const own = notFiniteFields(solver, schema).filter(({ message }) => message === solver);
  const notFinite = own.map(({ message, field, index, written }) => ({
    code: 'solver-value',
    severity: 'error' as const,
    message: `${field} must be a finite number, but is ${written}`,
    file,
    ...(locate(message, field, index) ?? locate(message)),
  }));
  return [...ofTraining, ...notFinite];
}
