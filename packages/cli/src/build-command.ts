import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  defaultOf,
  flagOf,
  type OptionDeclaration,
  optionNameOf,
  type OptionValues,
  parseOptions,
} from '@caffe-quant/pipeline/options';
import { type Diagnostic, DiagnosticsError, nearest } from 'caffe-prototxt-parser';
import { Command as CommanderCommand, Option } from 'commander';
import type { Command, CommandRequest } from './command.ts';

/** Adds to a command that takes options apart all that it needs to know of one of ours, its help included. */
export function buildCommand(
  parent: CommanderCommand,
  command: Command,
  run: (command: Command, request: CommandRequest<Command['options']>) => Promise<void>,
): void {
  const { name, summary, description, notes, folder, options, heading = () => 'Options:' } = command;
  const built = parent.command(name).summary(summary).description(description);
  if (folder) built.argument(folder.default === undefined ? '<folder>' : '[folder]', folder.description);
  if (notes !== undefined) built.addHelpText('after', `\n${notes}`);
  for (const [option, declaration] of Object.entries(options)) {
    // What is on or off where nothing is said has to be told either.
    const isSwitch = declaration.type === 'boolean' && declaration.default === false;
    const kind = isSwitch ? '' : ` <${placeholderOf(declaration)}>`;
    const add = (flag: string, isHidden: boolean) => {
      const flags = new Option(`--${flag}${kind}`, helpOf(declaration)).hideHelp(isHidden).helpGroup(heading(option));
      built.addOption(kind === '' ? flags : flags.argParser(collect));
    };
    add(flagOf(option), false);
    // As it is written in a workspace's JSON.
    if (flagOf(option) !== option) add(option, true);
  }
  // What is unknown or too much is told below, with whatever else is wrong.
  built.allowUnknownOption().allowExcessArguments();
  built.action(() => run(command, requestOf(command, built.args, built.opts())));
}

/** All values that an option is given, in order. */
function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** @throws DiagnosticsError with everything that is wrong with a command line */
function requestOf(
  command: Command,
  words: readonly string[],
  values: Readonly<Record<string, unknown>>,
): CommandRequest<Command['options']> {
  const diagnostics: Diagnostic[] = [];
  const report = (message: string, hint?: string): void => {
    diagnostics.push({ code: 'usage', severity: 'error', message, ...(hint !== undefined && { hint }) });
  };
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
    given[name] = texts[0];
    if (texts.some((text) => text !== texts[0])) report(`the option --${flagOf(name)} is given ${texts.length} times`);
    for (const text of texts.filter((each) => String(each).startsWith('--'))) {
      report(`the option --${flagOf(name)} has no value: '${String(text)}' follows`);
    }
  }
  const { flags, folders } = sorted(words);
  for (const flag of flags) report(`there is no option ${flag}`, meantBy(flag, Object.keys(command.options)));
  const folder = folderOf(command, folders, report);
  const { options, diagnostics: ofOptions } = parseOptions(command.options, given, 'command line');
  diagnostics.push(...ofOptions);
  if (diagnostics.length > 0) throw new DiagnosticsError(diagnostics);
  return { folder, options: options as OptionValues<Command['options']> };
}

/** Flags that no option has, and what is left. The word after a flag may be its value. */
function sorted(words: readonly string[]): { flags: string[]; folders: string[] } {
  const isFlag = (word: string | undefined): boolean => word !== undefined && /^-./.test(word);
  const flags = words.filter(isFlag).map((flag) => flag.replace(/=.*$/s, ''));
  const isValue = (i: number): boolean => isFlag(words[i - 1]) && !words[i - 1]!.includes('=');
  return { flags, folders: words.filter((word, i) => !isFlag(word) && !isValue(i)) };
}

function folderOf(
  { name, folder }: Command,
  given: readonly string[],
  report: (message: string, hint?: string) => void,
): string {
  const allowed = folder ? 1 : 0;
  for (const word of given.slice(allowed)) {
    report(`${name} takes ${folder ? 'one folder' : 'options alone'}, not '${word}'${folder ? ' too' : ''}`);
  }
  if (!folder) return '';
  const [first = folder.default] = given;
  if (first === undefined) {
    report('the folder is missing');
    return '';
  }
  if (!statSync(resolve(process.cwd(), first), { throwIfNoEntry: false })?.isDirectory())
    report(`there is no folder '${first}'`);
  return first;
}

function meantBy(flag: string, names: readonly string[]): string | undefined {
  const near = nearest(optionNameOf(flag), names);
  return near && `did you mean --${flagOf(near)}?`;
}

function placeholderOf({ type, choices, names, unit }: OptionDeclaration): string {
  if (choices) return 'choice';
  if (type === 'boolean') return 'true|false';
  if (names !== undefined) return names === 'file name' ? 'name' : names;
  return unit ?? (type === 'string' ? 'text' : 'number');
}

function helpOf(option: OptionDeclaration): string {
  const choices = option.choices && `One of ${option.choices.join(', ')}.`;
  return [option.description, choices, defaultOf(option)].filter(Boolean).join(' ');
}
