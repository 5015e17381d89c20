import { type Dialect, describeUnread, dialectSchema, type SolverParameter, unreadFields } from '@caffe-quant/caffe-io';
import type { Diagnostic, Position } from 'caffe-prototxt-parser';
import { SOLVER_FIELDS } from './solver-fields.ts';

/** A solver's prototxt, for diagnostics. */
export interface SolverPlace {
  readonly file: string;
  /** In which it was read. */
  readonly dialect: Dialect;
  locate(message: object, field?: string): Position | undefined;
}

/** The fields of a solver that training does not follow: none is passed over. */
export function checkSolver(solver: SolverParameter, { file, dialect, locate }: SolverPlace): Diagnostic[] {
  const schema = dialectSchema(dialect, 'SolverParameter');
  return unreadFields(solver, schema, SOLVER_FIELDS).map((unread) => ({
    code: 'field-unread',
    severity: 'error',
    message: `${describeUnread(unread)} is not supported: without it the training would take another course`,
    file,
    ...(locate(unread.message, unread.field) ?? locate(unread.message)),
    hint: 'remove it where retraining can do without',
  }));
}
