import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  DEBUG_VARIABLE,
  DiagnosticsError,
  formatDiagnostics,
  internalError,
  isJavaScriptError,
} from 'caffe-prototxt-parser';
import { CommanderError, Command as CommanderCommand } from 'commander';
import { installedEngine } from '@caffe-quant/pipeline/graph-time';
import { buildCommand } from './build-command.ts';
import type { Command, Output } from './command.ts';
import { corpusCommand } from './corpus.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { goldensCommand } from './goldens.ts';

const COMMANDS: readonly Command[] = [explainCommand, exportCommand, corpusCommand, goldensCommand];

/** Columns of the help where the terminal has more, or where there is none. */
const WIDTH = 120;

/**
 * Runs the command that the arguments name. Whatever goes wrong ends in a message, never in a stack trace.
 *
 * @param args what stands after `caffe-quant` on the command line
 * @returns the exit status
 */
export async function runCli(args: readonly string[], output: Output): Promise<number> {
  let status = 0;
  const program = new CommanderCommand('caffe-quant')
    .usage('<command> [options]')
    .description('caffe-quant: quantization-aware training of Caffe models, on the command line')
    .version(versionText(), '--version', 'print the version, and those of what computes')
    .addHelpText('after', '\ncaffe-quant <command> --help tells more of one.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.out(text.trimEnd()),
      writeErr: (text) => output.error(text.trimEnd()),
      getOutHelpWidth: () => Math.min(process.stdout.columns ?? WIDTH, WIDTH),
      getErrHelpWidth: () => Math.min(process.stderr.columns ?? WIDTH, WIDTH),
    });
  for (const command of COMMANDS) {
    buildCommand(program, command, async ({ name, run }, request) => {
      try {
        status = await run(request, output);
      } catch (error) {
        output.error(explain(error, name));
        status = 1;
      }
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    // Its message is shown already.
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof DiagnosticsError)) throw error;
    const [name = ''] = args;
    output.error(`${error.message}\nSee caffe-quant ${name} --help.`);
    return 1;
  }
}

/** What the numbers of a result depend on. */
function versionText(): string {
  const { version, numericsVersion, onnxruntime, imageDecoder } = installedEngine(
    dirname(realpathSync(process.argv[1]!)),
  );
  return `caffe-quant ${version}\nnumerics ${numericsVersion}, onnxruntime ${onnxruntime}, sharp ${imageDecoder}, Node ${process.versions.node}`;
}

function explain(error: unknown, name: string): string {
  if (error instanceof DiagnosticsError) return error.message;
  if (codeOf(error) === 'ENOENT') return `${pathOf(error)}: error: there is no such file`;
  // Node's own errors have a code.
  if (isJavaScriptError(error) && codeOf(error) === '') {
    const stack = process.env[DEBUG_VARIABLE] ? `\n${(error as Error).stack}` : '';
    return formatDiagnostics([internalError(`caffe-quant ${name} met an internal error`)]) + stack;
  }
  return `caffe-quant ${name}: ${error instanceof Error ? error.message : String(error)}`;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function pathOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'path' in error ? String(error.path) : '';
}
