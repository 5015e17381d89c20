/** A solver whose settings cannot be followed; the caller adds the file. */
export class SolverError extends Error {
  /** The setting that it is about. */
  readonly field: string;

  constructor(message: string, field: string) {
    super(message);
    this.field = field;
  }
}
