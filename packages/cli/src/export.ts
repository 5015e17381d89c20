import { cpSync, mkdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { OPTION_LIST, type OptionShape, type StageOptions } from '@caffe-quant/pipeline/graph-time';
import { type Command, type Output, UsageError } from './command.ts';

/** Not of a run: `--out` takes the place of the first, the others are `explain`'s. */
const LEFT_OUT: ReadonlySet<string> = new Set(['outDir', 'layer', 'json']);

const OPTIONS = Object.entries(OPTION_LIST).filter(([name]) => !LEFT_OUT.has(name));

/** Of the help's lines. */
const WIDTH = 120;
const INDENT = 22;

const HELP = `Usage: caffe-quant export [folder] [options]

Does for a folder without Nx what quantize-retrain does in a workspace: resolves quant.cfg, calibrates, trains, exports the
models, evaluates them and writes the report. What it reads are the files of the folder (default: this one), as the options
name them; paths are taken from there, then from this folder.

  --out <folder>      where the results go; files of the same names are replaced. Default: dist/quantize/<name of the folder>
${OPTIONS.map(helpOf).join('\n')}

Finished stages are kept in .caffe-quant of this folder: an interrupted run goes on from there, and one that has nothing new
to do takes its results from there. The exit status is 1 where something is wrong, or where a threshold of thresholds.json
is missed.`;

/** `caffe-quant export`: all stages, from quant.cfg to the deliverables, without a workspace. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'quantize, train and export a model, without a workspace',
  help: HELP,
  async run(args, output) {
    const { folder, out, options } = parseOptions(args);
    const here = process.cwd();
    const root = resolve(here, folder);
    if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`${folder} is no folder`);
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

/** `maxIter` is `--max-iter` on the command line, and `--maxIter` as in an Nx workspace. */
function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function parseOptions(args: readonly string[]): { folder: string; out?: string; options: StageOptions } {
  const names = new Map(OPTIONS.flatMap(([name]) => [name, flagOf(name)].map((flag) => [flag, name] as const)));
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: Object.fromEntries(['out', ...names.keys()].map((flag) => [flag, { type: 'string' as const }])),
  });
  const [folder = '.', ...others] = positionals;
  if (others.length > 0) throw new UsageError('give one folder');
  const options: Record<string, unknown> = {};
  for (const [flag, text] of Object.entries(values)) {
    const name = names.get(flag);
    if (name !== undefined) options[name] = valueOf(flag, String(text), OPTION_LIST[name as keyof StageOptions]);
  }
  const { out } = values;
  return { folder, ...(out !== undefined && { out: String(out) }), options };
}

/** @throws UsageError where it is not what the option takes */
function valueOf(flag: string, text: string, shape: OptionShape): string | number {
  const wrong = (expected: string): UsageError => new UsageError(`--${flag} is ${expected}, not '${text}'`);
  if (shape.type === 'integer' || shape.type === 'number') {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const isSound = shape.type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (!isSound || value < (shape.minimum ?? -Infinity)) {
      throw wrong(`${shape.type === 'integer' ? 'an integer' : 'a number'}${atLeast(shape)}`);
    }
    return value;
  }
  if (shape.enum && !shape.enum.includes(text)) throw wrong(alternatives(shape.enum));
  if (text.length < (shape.minLength ?? 0)) throw wrong('a text');
  if (shape.pattern !== undefined && !new RegExp(shape.pattern).test(text)) throw wrong(`such as ${shape.pattern}`);
  return text;
}

function atLeast({ minimum }: OptionShape): string {
  return minimum === undefined ? '' : `, at least ${minimum}`;
}

function alternatives(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

/** An option with its description, folded at spaces. */
function helpOf([name, shape]: [string, OptionShape]): string {
  const kind = shape.enum ? shape.enum.join('|') : shape.type === 'string' ? 'text' : shape.type;
  const head = `  --${flagOf(name)} <${kind}>`;
  const lines: string[] = [];
  let line = head.length < INDENT ? head.padEnd(INDENT) : `${head}\n${' '.repeat(INDENT)}`;
  for (const word of shape.description.split(' ')) {
    const last = line.slice(line.lastIndexOf('\n') + 1);
    if (last.length + word.length + 1 > WIDTH) {
      lines.push(line.trimEnd());
      line = ' '.repeat(INDENT);
    }
    line += line.endsWith(' ') ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}
