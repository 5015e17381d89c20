import { readSolverText } from '@caffe-quant/caffe-io';
import { DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';
import type { NamedText } from './net-of-text.ts';

/**
 * The path by which a solver names its net, as it is written.
 *
 * @throws DiagnosticsError where the text is no solver, or names none
 */
export function netOfSolver({ file, text }: NamedText): string {
  const { solver, diagnostics } = readSolverText(text, file);
  if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics);
  if (solver.net !== undefined) return solver.net;
  throw new DiagnosticsError([{ code: 'no-net', severity: 'error', message: 'the solver names no net', file }]);
}
