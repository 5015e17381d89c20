import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { OPTION_NAMES, type OptionName, optionsReadBy, SHARED_OPTIONS } from './option-list.ts';
import type { StageName } from './stage-declaration.ts';
import { stagesBefore } from './stage-list.ts';
import type { StageOptions } from './stage-options.ts';

/** Beside the fingerprint: the options that it was taken with. */
export const OPTIONS_FILE = 'options.json';

/** The options that all stages of a run must have in common. */
export function sharedOptions(options: StageOptions): StageOptions {
  return pickOptions(options, SHARED_OPTIONS);
}

/**
 * Holds the options of a stage against those of the first one. Where they differ, the stages before this one have done
 * something else than what is asked for here.
 *
 * @param outDir folder of the stages' output folders
 */
export function checkOptions(stage: StageName, options: StageOptions, outDir: string): Diagnostic[] {
  return stagesBefore(stage).length === 0 ? [] : differingOptions(`quantize-${stage}`, options, outDir);
}

/** As `checkOptions`, for whoever runs after the first stage. */
export function differingOptions(who: string, options: StageOptions, outDir: string): Diagnostic[] {
  const file = join(outDir, 'fingerprint', OPTIONS_FILE);
  if (!existsSync(file)) return [];
  const own = sharedOptions(options) as Record<string, unknown>;
  const first = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const names = [...new Set([...Object.keys(own), ...Object.keys(first)])].sort();
  return names
    .filter((name) => own[name] !== first[name])
    .map((name) => ({
      code: 'options-differ',
      severity: 'error',
      message: `the option ${name} is ${shown(own[name])} for ${who}, but ${shown(first[name])} for the stages before it`,
      hint: 'give it to quantize-retrain: its options and configurations hold for all stages',
    }));
}

/**
 * The options that a stage sees: those that `option-list.ts` says it reads. Another would not be in its key.
 *
 * @returns an object that throws a RangeError where another option is asked for
 */
export function optionsFor(stage: StageName, options: StageOptions): StageOptions {
  const read = optionsReadBy(stage);
  const own = pickOptions(options, read);
  for (const name of OPTION_NAMES.filter((each) => !read.includes(each))) {
    Object.defineProperty(own, name, {
      get: () => {
        throw new RangeError(`stage ${stage} is not declared to read the option ${name}`);
      },
    });
  }
  return own;
}

function pickOptions(options: StageOptions, names: readonly OptionName[]): StageOptions {
  return Object.fromEntries(names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));
}

function shown(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}
