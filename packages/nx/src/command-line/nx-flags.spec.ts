import { join } from 'node:path';
import { optionNameOf } from '@caffe-quant/pipeline/options';
import { NX_TEXT_FLAGS, NX_TRUTH_FLAGS } from './nx-flags.ts';

interface FlagSettings {
  readonly type?: string;
  readonly alias?: string | readonly string[];
}

/** Writes down what the functions of Nx tell yargs. */
class Recorder {
  readonly types = new Map<string, string>();

  option(name: string, { type = 'string', alias = [] }: FlagSettings): this {
    for (const each of [name, ...[alias].flat()]) this.types.set(optionNameOf(each), type);
    return this;
  }
  options = this.option;
  parserConfiguration = () => this;
  middleware = () => this;
  conflicts = () => this;
  implies = () => this;
  group = () => this;
  help = () => this;
  epilog = () => this;
}

test('the list is that of the installed Nx', () => {
  // Nx does not export it.
  const file = join(process.cwd(), 'node_modules/nx/dist/src/command-line/yargs-utils/shared-options.js');
  const nx = jest.requireActual<Record<string, (recorder: Recorder) => unknown>>(file);
  const recorder = new Recorder();
  for (const name of [
    'withRunOneOptions',
    'withRunManyOptions',
    'withAffectedOptions',
    'withBatch',
    'withTuiOptions',
  ]) {
    nx[name]!(recorder);
  }
  for (const name of ['withTargetAndConfigurationOption', 'withExplainOption']) nx[name]!(recorder);
  // These two are yargs' own.
  const truths = NX_TRUTH_FLAGS.filter((name) => name !== 'version');
  const isTruth = ([, type]: [string, string]) => type === 'boolean';
  const names = (entries: [string, string][]) => entries.map(([name]) => name).sort();
  expect(names([...recorder.types].filter(isTruth))).toEqual([...truths].sort());
  expect(names([...recorder.types].filter((entry) => !isTruth(entry)))).toEqual([...NX_TEXT_FLAGS].sort());
});
