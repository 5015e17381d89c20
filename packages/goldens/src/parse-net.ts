import {
  type LayerParameter,
  type NetParameter,
  readNetText,
  readSolverText,
  type SolverParameter,
} from '@caffe-quant/caffe-io';
import { type Diagnostic, formatDiagnostics, hasErrors } from 'caffe-prototxt-parser';
import { GoldenError } from './golden-set.ts';

/** The net of a golden's prototxt, in whatever dialect it is. */
export function parseNet(text: string): NetParameter {
  const { net, diagnostics } = readNetText(text, 'net.prototxt');
  refuseErrors(diagnostics);
  return net;
}

/** The layer of `layer { ... }`. */
export function parseLayer(text: string): LayerParameter {
  const [layer] = parseNet(text).layer;
  if (layer === undefined) throw new GoldenError('there is no layer in its prototxt');
  return layer;
}

export function parseSolver(text: string): SolverParameter {
  const { solver, diagnostics } = readSolverText(text, 'solver.prototxt');
  refuseErrors(diagnostics);
  return solver;
}

function refuseErrors(diagnostics: readonly Diagnostic[]): void {
  if (hasErrors(diagnostics)) throw new GoldenError(formatDiagnostics(diagnostics));
}
