import type { StageOptions } from '@caffe-quant/pipeline';
import type { StageName } from '@caffe-quant/pipeline/graph-time';
import {
  declarationOf,
  OPTION_LIST,
  type OptionName,
  optionNameOf,
  optionsTakenBy,
  parseOptions,
} from '@caffe-quant/pipeline/options';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { readOptionWords } from './command-line/option-words.ts';

/** Options as Nx gives them: those of nx.json, of the project and of the command line, none of them checked. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** Options of a stage, with everything that is wrong with what was given. */
export interface ReadOptions {
  readonly options: StageOptions;
  readonly diagnostics: Diagnostic[];
}

/** The options of a stage, of what Nx gives. */
export function parseStageOptions(stage: StageName, given: GivenOptions): ReadOptions {
  // Nx adds what stands without a name on the command line, and its own --verbose.
  const { _: unnamed = [], verbose: _verbose, ...named } = given;
  const { options, diagnostics } = parseOptions(takenBy(stage), named);
  const strange = (unnamed as readonly unknown[]).map((text) => unnamedWord(stage, String(text)));
  return { options: options as StageOptions, diagnostics: [...diagnostics, ...strange] };
}

/** The options that a command line says, by the words that stand there. */
export function parseOptionWords(stage: StageName, words: readonly string[]): ReadOptions {
  const declarations = takenBy(stage);
  const { given, unnamed, diagnostics: ofWords } = readOptionWords(words, declarations);
  const positional = (Object.keys(declarations) as OptionName[]).filter((name) => positionOf(name) !== undefined);
  const byPosition = Object.fromEntries(
    positional
      .filter((name) => unnamed[positionOf(name)!] !== undefined)
      .map((name) => [name, unnamed[positionOf(name)!]]),
  );
  const { options, diagnostics } = parseOptions(declarations, { ...byPosition, ...given }, 'command line');
  const strange = unnamed.slice(positional.length).map((text) => unnamedWord(stage, text));
  return { options: options as StageOptions, diagnostics: [...ofWords, ...diagnostics, ...strange] };
}

/** What is given without what a command line says, by the names that stand there: Nx has read them in its own way. */
export function withoutWords(given: GivenOptions, words: readonly string[]): GivenOptions {
  const { given: named, unnamed } = readOptionWords(words, OPTION_LIST);
  const names = new Set(Object.keys(named).map(optionNameOf));
  if (unnamed.length > 0) for (const name of takenByPosition()) names.add(name);
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== '_' && !names.has(optionNameOf(name))));
}

function takenBy(stage: StageName) {
  return Object.fromEntries(optionsTakenBy(stage).map((name) => [name, OPTION_LIST[name]]));
}

function takenByPosition(): OptionName[] {
  return optionsTakenBy('explain').filter((name) => positionOf(name) !== undefined);
}

const positionOf = (name: OptionName): number | undefined => declarationOf(name).position;

function unnamedWord(stage: StageName, text: string): Diagnostic {
  const message = `quantize-${stage} takes no '${text}'`;
  return { code: 'unknown-argument', severity: 'error', message, hint: 'an option is --<name>=<value>' };
}
