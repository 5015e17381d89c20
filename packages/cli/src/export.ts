import { cpSync, mkdirSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { declarationOf, OPTION_LIST, type OptionName } from '@caffe-quant/pipeline/options';
import type { Command, Output } from './command.ts';

const { outDir: _stages, layer: _layer, json: _json, ...OF_A_RUN } = OPTION_LIST;

const OPTIONS = {
  ...OF_A_RUN,
  out: {
    type: 'string',
    names: 'folder',
    description: 'Where the results go; files of the same names are replaced.',
    otherwise: 'dist/quantize/<name of the folder>',
  },
} as const;

const HEADINGS = { files: 'Files:', training: 'Training:', results: 'Results:', explain: 'Explanation:' } as const;

/** `caffe-quant export`: all stages, from quant.cfg to the deliverables, without a workspace. */
export const exportCommand: Command<typeof OPTIONS> = {
  name: 'export',
  summary: 'quantize, train and export a model, without a workspace',
  description:
    'Does for a folder without Nx what quantize-retrain does in a workspace: resolves quant.cfg, calibrates, trains, exports the models, evaluates them and writes the report.',
  notes: `Finished stages are kept in .caffe-quant of this folder: an interrupted run goes on from there, and one that has nothing new
to do takes its results from there. The exit status is 1 where something is wrong, or where a threshold of thresholds.json
is missed.`,
  folder: {
    default: '.',
    description:
      'Where the files are that the options name; paths are taken from there, then from this folder. Default: this folder.',
  },
  options: OPTIONS,
  heading: (name) => HEADINGS[name === 'out' ? 'results' : declarationOf(name as OptionName).about],
  async run({ folder, options: { out, ...options } }, output) {
    const here = process.cwd();
    const root = resolve(here, folder);
    const workspaceRoot = isInside(root, here) ? here : root;
    const name = basename(root);
    // The stages' own folders; what is delivered is copied from the last one.
    const stages = join('.caffe-quant', 'export', name);
    // The engine is loaded here alone: the other commands do without.
    const { runAll, untilInterrupted } = await import('@caffe-quant/pipeline/run-all');
    const success = await untilInterrupted((signal) =>
      runAll(
        {
          place: { name, root, workspaceRoot },
          options: { ...options, outDir: stages },
          host: {
            print: (text) => output.out(text.trimEnd()),
            printError: (text) => output.error(text.trimEnd()),
            signal,
          },
        },
        (stage) => output.out(`> ${stage.name}`),
      ),
    );
    if (!success) return 1;
    deliver(join(workspaceRoot, stages, 'retrain'), resolve(here, out ?? join('dist/quantize', name)), output);
    return 0;
  },
};

function deliver(from: string, to: string, output: Output): void {
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true });
  output.out(`The results are in ${relative(process.cwd(), to) || '.'}`);
}

function isInside(folder: string, parent: string): boolean {
  return `${folder}${sep}`.startsWith(parent.endsWith(sep) ? parent : `${parent}${sep}`);
}
