import { bindMessage, type Diagnostic, parseText, type Position, type TextDocument } from 'caffe-prototxt-parser';
import { caffeSchema } from './caffe-schema.ts';
import type { SolverParameter } from './generated/caffe.ts';
import { locateOrigin, upgradeDiagnostics } from './upgrade/upgrade-diagnostics.ts';
import { upgradeSolver } from './upgrade/upgrade-solver.ts';

/** A solver read from a prototxt. */
export interface SolverText {
  /** In today's form; defaults are not filled in. */
  solver: SolverParameter;
  document: TextDocument;
  /** Everything that is wrong with the file; where an error is among it, `solver` holds what could be read. */
  diagnostics: Diagnostic[];
  /** Where a message of the solver, or a field of it, stands in the file. */
  locate(message: object, field?: string, index?: number): Position | undefined;
}

/** Reads a solver from prototxt. `file` is the name that the diagnostics show. Never throws. */
export function readSolverText(text: string, file: string): SolverText {
  const { document, diagnostics: syntax } = parseText(text, { file });
  const bound = bindMessage<SolverParameter>(document, caffeSchema('SolverParameter'));
  const { solver, log } = upgradeSolver(bound.message);
  return {
    solver,
    document,
    diagnostics: [...syntax, ...bound.diagnostics, ...upgradeDiagnostics(log, file, bound.locate)],
    locate: (message, field, index) => locateOrigin(log, bound.locate, message, field, index),
  };
}
