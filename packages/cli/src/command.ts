import type { OptionDeclarations, OptionValues } from '@caffe-quant/pipeline/options';

/** Where a command writes. Each call is one or more whole lines, without the last newline. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
}

/** One word after `caffe-quant`. */
export interface Command<D extends OptionDeclarations = OptionDeclarations> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does, above the options in its help. */
  readonly description: string;
  /** What else is to say, below the options. */
  readonly notes?: string;
  /** The one folder that it takes. */
  readonly folder?: {
    readonly description: string;
    /** Where it is left out; absent: it must not be. */
    readonly default?: string;
  };
  readonly options: D;
  /** Headings of the options in its help, by name; absent: one for all. */
  readonly heading?: (option: string) => string;
  /** @returns the exit status: 0, or 1 where something was found wrong. */
  run(request: CommandRequest<D>, output: Output): Promise<number>;
}

/** What a command was asked for: checked against its declaration. */
export interface CommandRequest<D extends OptionDeclarations> {
  /** A folder that is there; empty where the command takes none. */
  readonly folder: string;
  readonly options: OptionValues<D>;
}
