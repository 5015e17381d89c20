/** Where a command writes. Each call is one or more whole lines, without the last newline. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
}

/** One word after `caffe-quant`. */
export interface Command {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What `--help` prints. */
  help: string;
  /** @returns the exit status: 0, or 1 where something was found wrong. */
  run(args: readonly string[], output: Output): Promise<number>;
}

/** A command line that makes no sense; its message says why. */
export class UsageError extends Error {}
