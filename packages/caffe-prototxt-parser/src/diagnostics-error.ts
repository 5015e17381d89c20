import type { Diagnostic } from './diagnostic.ts';
import { formatDiagnostics } from './format-diagnostics.ts';

/**
 * Thrown where a user's mistake ends an operation. The diagnostics are the content; `message` is their text, so that even a
 * caller that knows nothing of diagnostics shows file, line and column.
 */
export class DiagnosticsError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  /**
   * `sources` maps file names to their texts: with it, `message` shows the source lines. `options.cause` is what was thrown
   * where an internal error arose.
   */
  constructor(diagnostics: readonly Diagnostic[], sources?: ReadonlyMap<string, string>, options?: ErrorOptions) {
    super(formatDiagnostics(diagnostics, sources), options);
    this.name = 'DiagnosticsError';
    this.diagnostics = diagnostics;
  }
}
