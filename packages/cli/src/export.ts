import { basename, join, relative, resolve, sep } from 'node:path';
import { declarationOf, OPTION_LIST, type OptionName } from '@caffe-quant/pipeline/options';
import { formatDiagnostics } from 'caffe-prototxt-parser';
import type { Command } from './command.ts';

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

const HEADINGS = {
  files: 'Files:',
  calibration: 'Calibration:',
  training: 'Training:',
  results: 'Results:',
  explain: 'Explanation:',
} as const;

/** `caffe-quant export`: all stages, from quant.cfg to the deliverables, without a workspace. */
export const exportCommand: Command<typeof OPTIONS> = {
  name: 'export',
  summary: 'quantize, train and export a model, without a workspace',
  description:
    'Does for a folder without Nx what quantize-retrain does in a workspace: resolves quant.cfg, calibrates, trains, exports the models, evaluates them and writes the report.',
  notes: `Finished stages are kept in .caffe-quant of this folder: an interrupted run goes on from there, and one that has nothing new
to do takes its results from there. Two runs for the same folder do not meet: with the same options the second one waits
for the first. The exit status is 1 where something is wrong, or where a threshold of thresholds.json
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
    const place = { name, root, workspaceRoot };
    const to = resolve(here, out ?? join('dist/quantize', name));
    // The engine is loaded here alone: the other commands do without.
    const engine = await import('@caffe-quant/pipeline/run-all');
    engine.checkTarget(to, workspaceRoot);
    // The stages' own folder; what is delivered is copied from the last one's.
    const stages = await engine.openExportFolder(place, options);
    const { diagnostics } = stages;
    if (diagnostics.length > 0) output.error(formatDiagnostics(diagnostics));
    const run = (signal: AbortSignal): Promise<boolean> => {
      const host = {
        print: (text: string) => output.out(text.trimEnd()),
        printError: (text: string) => output.error(text.trimEnd()),
        signal,
      };
      const request = { place, options, host, stagesFolder: stages.path };
      return engine.runAll(request, {
        before: (stage) => output.out(`> ${stage.name}`),
        after: (outDir) => engine.deliver(join(outDir, 'retrain'), to, request),
      });
    };
    try {
      if (!(await engine.untilInterrupted(run))) return 1;
    } finally {
      await stages.close();
    }
    output.out(`The results are in ${relative(here, to) || '.'}`);
    return 0;
  },
};

function isInside(folder: string, parent: string): boolean {
  return `${folder}${sep}`.startsWith(parent.endsWith(sep) ? parent : `${parent}${sep}`);
}
