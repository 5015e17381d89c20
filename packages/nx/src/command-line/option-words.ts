import type { OptionDeclarations } from '@caffe-quant/pipeline/options';
import { optionNameOf } from '@caffe-quant/pipeline/options';
import type { Diagnostic } from 'caffe-prototxt-parser';

/** What stands behind a task's name on a command line of Nx, as text: no number is rounded, no spelling is another option. */
export interface OptionWords {
  /** By the spelling, with its dashes: text, or a truth value where none stands there. */
  readonly given: Readonly<Record<string, string | boolean>>;
  /** What stands there without a name. */
  readonly unnamed: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads `--name=value`, `--name value`, `--name` and `--no-name`.
 *
 * @param declarations tell which options are true or false: those take the next word only where it says that
 */
export function readOptionWords(words: readonly string[], declarations: OptionDeclarations): OptionWords {
  const given: Record<string, string | boolean> = {};
  const unnamed: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const add = (spelling: string, value: string | boolean): void => {
    const before = given[spelling];
    given[spelling] = value;
    if (before === undefined || before === value) return;
    const message = `the option ${spelling} is given twice, with other values`;
    diagnostics.push({ code: 'option-twice', severity: 'error', message });
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!isFlag(word)) {
      unnamed.push(word);
      continue;
    }
    const [, flag = word, written] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    const isDeclared = (spelling: string): boolean => Object.hasOwn(declarations, optionNameOf(spelling));
    const positive = flag.replace(/^--no-/, '--');
    if (written === undefined && !isDeclared(flag) && positive !== flag) {
      add(positive, false);
      continue;
    }
    const name = optionNameOf(flag);
    const isTruth = isDeclared(flag) && declarations[name]!.type === 'boolean';
    const next = words[i + 1];
    const takesNext = written === undefined && next !== undefined && !isFlag(next);
    const isNextIts = takesNext && (!isTruth || isTruthWord(next));
    if (isNextIts) i++;
    const value = written ?? (isNextIts ? next : true);
    add(flag, isTruth && isTruthWord(value) ? value === 'true' : value);
  }
  return { given, unnamed, diagnostics };
}

/** A number below zero is a value. */
function isFlag(word: string): boolean {
  return /^-/.test(word) && !/^-\.?\d/.test(word);
}

function isTruthWord(value: string | boolean): boolean {
  return value === 'true' || value === 'false';
}
