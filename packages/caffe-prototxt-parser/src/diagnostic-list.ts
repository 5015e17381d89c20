import type { Diagnostic } from './diagnostic.ts';

/** Diagnostics of one pass over one file: bounded in number, in the order of the file. */
export class DiagnosticList {
  readonly #file: string;
  readonly #max: number;
  readonly #found: Diagnostic[] = [];
  #leftOut = 0;

  constructor(file: string, max: number) {
    this.#file = file;
    this.#max = max;
  }

  /** Whether further diagnostics are only counted: no need to look for a hint. */
  get full(): boolean {
    return this.#found.length >= this.#max;
  }

  /** Adds a diagnostic with the file's name; a place whose line is 0 (text made by an edit) is left out. */
  add(diagnostic: Omit<Diagnostic, 'file' | 'line' | 'column'>, place?: { line: number; column: number }): void {
    if (this.full) {
      this.#leftOut++;
      return;
    }
    const { code, severity, message, ...rest } = diagnostic;
    const located = place !== undefined && place.line > 0 ? { line: place.line, column: place.column } : {};
    this.#found.push({ code, severity, message, file: this.#file, ...located, ...rest });
  }

  finish(): Diagnostic[] {
    const sorted = this.#found.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
    if (this.#leftOut > 0) {
      const message = `${this.#leftOut} more problems were found and left out`;
      sorted.push({ code: 'too-many-problems', severity: 'error', message, file: this.#file });
    }
    return sorted;
  }
}
