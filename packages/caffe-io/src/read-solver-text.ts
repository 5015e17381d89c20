import type { Diagnostic, Position, TextDocument } from 'caffe-prototxt-parser';
import type { Dialect } from './dialects/dialect-schema.ts';
import type { SolverParameter } from './generated/caffe.ts';
import type { ReadTextOptions } from './read-net-text.ts';
import { readMessageText } from './read-message-text.ts';
import { locateOrigin, upgradeDiagnostics } from './upgrade/upgrade-diagnostics.ts';
import { upgradeSolver } from './upgrade/upgrade-solver.ts';

/** A solver read from a prototxt. */
export interface SolverText {
  /** In today's form; defaults are not filled in. */
  solver: SolverParameter;
  document: TextDocument;
  /** Whose names the file was read by. */
  dialect: Dialect;
  /** Everything that is wrong with the file; where an error is among it, `solver` holds what could be read. */
  diagnostics: Diagnostic[];
  /** Where a message of the solver, or a field of it, stands in the file. */
  locate(message: object, field?: string, index?: number): Position | undefined;
}

/** Reads a solver from prototxt. `file` is the name that the diagnostics show. Never throws. */
export function readSolverText(text: string, file: string, options: ReadTextOptions = {}): SolverText {
  const { document, bound, dialect, diagnostics } = readMessageText(text, file, 'SolverParameter', options.dialect);
  const { solver, log } = upgradeSolver(bound.message);
  return {
    solver,
    document,
    dialect,
    diagnostics: [...diagnostics, ...upgradeDiagnostics(log, file, bound.locate)],
    locate: (message, field, index) => locateOrigin(log, bound.locate, message, field, index),
  };
}
