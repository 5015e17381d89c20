import { type Diagnostic, nearest } from 'caffe-prototxt-parser';
import type { OptionDeclaration, OptionDeclarations, OptionValues } from './declaration.ts';
import { expectedOf, patternOf } from './declaration.ts';
import { flagOf, optionNameOf } from './spelling.ts';

/** Where options stand: on a command line all values are texts, and a name is a flag. */
export type OptionSource = 'json' | 'command line';

export interface ParsedOptions<D extends OptionDeclarations> {
  /** Those that are right. */
  readonly options: Partial<OptionValues<D>>;
  /** Everything that is wrong with the others. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Holds what a user said against the declarations of the options: unknown names, values of another kind, an option in two
 * spellings that disagree, and one that is missing.
 *
 * @param given values by the name of the option, or by its flag
 */
export function parseOptions<D extends OptionDeclarations>(
  declarations: D,
  given: Readonly<Record<string, unknown>>,
  source: OptionSource = 'json',
): ParsedOptions<D> {
  const diagnostics: Diagnostic[] = [];
  const report = (code: string, message: string, hint?: string): void => {
    diagnostics.push({ code, severity: 'error', message, ...(hint !== undefined && { hint }) });
  };
  const shown = (name: string): string => (source === 'json' ? name : `--${flagOf(name)}`);
  const options: Record<string, unknown> = {};
  const spellings = new Map<string, string>();
  for (const [spelling, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const name = optionNameOf(spelling);
    const declaration = Object.hasOwn(declarations, name) ? declarations[name] : undefined;
    if (declaration === undefined) {
      report('unknown-option', `there is no option ${spelling}`, meantBy(name, Object.keys(declarations), shown));
      continue;
    }
    const read = valueOf(declaration, value, source);
    const other = spellings.get(name);
    spellings.set(name, spelling);
    if (read === undefined) {
      const message = `the option ${shown(name)} takes ${expectedOf(declaration)}, not ${quoted(value)}`;
      report('option-value', message, hintFor(declaration, value));
    } else if (other !== undefined && options[name] !== read) {
      report('option-twice', `the option ${name} is given twice, as ${other} and as ${spelling}, with other values`);
    } else options[name] = read;
  }
  for (const [name, { required }] of Object.entries(declarations)) {
    if (required && !spellings.has(name)) report('option-missing', `the option ${shown(name)} is missing`);
  }
  return { options: options as Partial<OptionValues<D>>, diagnostics };
}

/** @returns `undefined` where it is not what the option takes */
function valueOf(
  declaration: OptionDeclaration,
  given: unknown,
  source: OptionSource,
): string | number | boolean | undefined {
  const { type, choices, minimum = -Infinity, maximum = Infinity } = declaration;
  if (type === 'boolean') {
    if (source === 'command line' && (given === 'true' || given === 'false')) return given === 'true';
    return typeof given === 'boolean' ? given : undefined;
  }
  if (type === 'string') {
    if (typeof given !== 'string' || given === '') return undefined;
    const pattern = patternOf(declaration);
    const isTaken = pattern === undefined ? (choices?.includes(given) ?? true) : new RegExp(pattern).test(given);
    return isTaken ? given : undefined;
  }
  const isText = source === 'command line' && typeof given === 'string' && given.trim() !== '';
  const value = isText ? Number(given) : given;
  if (typeof value !== 'number' || value < minimum || value > maximum) return undefined;
  return (type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value)) ? value : undefined;
}

function hintFor({ type, choices }: OptionDeclaration, value: unknown): string | undefined {
  if (type === 'string' && typeof value === 'number') {
    return 'Nx takes it for a number: put it into workspace.json, in quotes';
  }
  const near = typeof value === 'string' && choices ? nearest(value, choices) : undefined;
  return near && `did you mean '${near}'?`;
}

function meantBy(name: string, names: readonly string[], shown: (name: string) => string): string {
  const near = nearest(name, names);
  return near === undefined ? `there are ${names.map(shown).join(', ')}` : `did you mean ${shown(near)}?`;
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
