/**
 * One option, said once: its TypeScript type, its check, its entry in an executor's schema.json, its flag
 * with its help, and its line in the documentation all follow from this.
 */
export interface OptionDeclaration {
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  /** A sentence or more: what it does. Its default and its unit are not in it. */
  readonly description: string;
  /** All that it may be. One that ends in `<…>` stands for all counts there: `freezeAfter:<iterations>`. */
  readonly choices?: readonly string[];
  /** Of a number. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** What a text names; absent: nothing, or something in a net. `file name`: the path of a file without folders. */
  readonly names?: 'file' | 'folder' | 'file name';
  /** Which files are offered. */
  readonly glob?: string;
  /** What a number counts, in the plural. */
  readonly unit?: string;
  /** The value that holds where none is given; `otherwise` where it follows from something else, in words. */
  readonly default?: string | number | boolean;
  readonly otherwise?: string;
  /** Whether it has to be given. */
  readonly required?: true;
  /** Whether it is one of the few that most users need: those come first in Nx's help. */
  readonly important?: true;
  /** It may be given as the n-th argument (from 0) without its name. */
  readonly position?: number;
}

export type OptionDeclarations = Readonly<Record<string, OptionDeclaration>>;

/** What the declared options may be: `OptionValues<typeof SOME_DECLARATIONS>`. */
export type OptionValues<D extends OptionDeclarations> = {
  -readonly [K in keyof D as D[K] extends { required: true } ? K : never]: ValueOf<D[K]>;
} & {
  -readonly [K in keyof D as D[K] extends { required: true } ? never : K]?: ValueOf<D[K]>;
};

type ValueOf<D extends OptionDeclaration> = D extends { choices: readonly (infer Choice extends string)[] }
  ? Counted<Choice>
  : { string: string; number: number; integer: number; boolean: boolean }[D['type']];

type Counted<Choice extends string> = Choice extends `${infer Start}<${string}>` ? `${Start}${number}` : Choice;

/** A regular expression for the texts that `choices` allows, or `names`; absent: any text. */
export function patternOf({ choices, names }: OptionDeclaration): string | undefined {
  // A path of nothing names nothing; a name of a file has no folder.
  if (names === 'file name') return '^[^/\\\\]+$';
  if (!choices?.some((choice) => choice.endsWith('>'))) return undefined;
  return `^(${choices.map((choice) => choice.replace(/<.*>$/, '[0-9]+')).join('|')})$`;
}

/** What an option takes, to put behind a verb: `an integer of at least 1`. */
export function expectedOf({ type, choices, minimum, maximum, names }: OptionDeclaration): string {
  if (choices) return listed(choices);
  if (type === 'boolean') return 'true or false';
  if (type === 'string') return names === undefined ? 'a text' : NAMED[names];
  const number = type === 'integer' ? 'an integer' : 'a number';
  if (minimum === undefined) return number;
  return maximum === undefined ? `${number} of at least ${minimum}` : `${number} from ${minimum} to ${maximum}`;
}

const NAMED = {
  file: 'the path of a file',
  folder: 'the path of a folder',
  'file name': 'a name, not a path',
} as const;

/** `Default: last.`; empty where the option has none. */
export function defaultOf({ default: value, otherwise }: OptionDeclaration): string {
  const text = otherwise ?? (value === undefined ? '' : String(value));
  return text === '' ? '' : `Default: ${text}.`;
}

/** The description with the default. */
export function explanationOf(option: OptionDeclaration): string {
  return [option.description, defaultOf(option)].filter((text) => text !== '').join(' ');
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
