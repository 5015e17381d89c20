import {
  BVLC,
  type Dialect,
  dialectSchema,
  fieldOrigins,
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
  locate(message: object, field?: string): Position | undefined;
}

/** The fields of a solver that training does not follow: none is passed over. */
export function checkSolver(solver: SolverParameter, { file, dialect, locate }: SolverPlace): Diagnostic[] {
  const schema = dialectSchema(dialect, 'SolverParameter');
  return unreadFields(solver, schema, SOLVER_FIELDS).map(({ path, message, field, schema: owner }) => {
    const origins = fieldOrigins(owner.name, field);
    const whose = origins.includes(BVLC) ? '' : `, a field of ${origins.join(', ')},`;
    return {
      code: 'field-unread',
      severity: 'error',
      message: `${path}${whose} is not supported: without it the training would take another course`,
      file,
      ...(locate(message, field) ?? locate(message)),
      hint: 'remove it where retraining can do without',
    };
  });
}
