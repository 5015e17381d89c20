import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { caffeSchema } from './caffe-schema.ts';
import type { SolverParameter } from './generated/caffe.ts';
import { upgradeSolver } from './upgrade/upgrade-solver.ts';
import { decodeMessage } from './wire/decode-message.ts';
import { encodeMessage } from './wire/encode-message.ts';
import { WireError } from './wire/wire-format.ts';

const SCHEMA = caffeSchema('SolverParameter');

/**
 * Reads a solver from the bytes of a binary SolverParameter, and brings it to today's form. `file` is the name that errors
 * show. Such bytes have no lines, so that its problems are those of the whole file.
 *
 * @throws DiagnosticsError where the bytes are not a SolverParameter, or contradict themselves
 */
export function readSolver(bytes: Uint8Array, file: string): SolverParameter {
  let message: object;
  try {
    message = decodeMessage(bytes, SCHEMA);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const text = `this is not a binary SolverParameter: ${error.message} (byte ${error.offset})`;
    throw new DiagnosticsError([{ code: 'not-a-solver', severity: 'error', message: text, file }]);
  }
  const { solver, log } = upgradeSolver(message as SolverParameter);
  const problems = log.problems.map(({ code, severity, message: text, hint }): Diagnostic => {
    return { code, severity, message: text, file, ...(hint !== undefined && { hint }) };
  });
  if (problems.some(({ severity }) => severity === 'error')) throw new DiagnosticsError(problems);
  return solver;
}

/** A solver as a binary SolverParameter; equal solvers give equal bytes. */
export function writeSolver(solver: SolverParameter): Uint8Array {
  return encodeMessage(solver, SCHEMA).bytes();
}
