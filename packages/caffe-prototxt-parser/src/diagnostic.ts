/** A place in a text file. Both numbers start at 1; a column counts UTF-16 code units, a tab is one of them. */
export interface Position {
  line: number;
  column: number;
}

export type Severity = 'error' | 'warning' | 'info';

/** One finding about a user's file, as data. Text is made of it at the edge, by `formatDiagnostics` alone. */
export interface Diagnostic {
  /** Stable, machine-readable name of the finding, such as `unknown-field`. */
  code: string;
  /** `error`: the file cannot be used as it is. `warning`: it can, but says something other than what was perhaps meant. */
  severity: Severity;
  /** One sentence without the position. */
  message: string;
  file?: string;
  line?: number;
  column?: number;
  /** Name of the Caffe layer that the finding is about, where there is one. */
  layer?: string;
  /** What to do about it. */
  hint?: string;
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
