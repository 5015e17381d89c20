import {
  DEBUG_VARIABLE,
  DiagnosticsError,
  formatDiagnostics,
  internalError,
  isJavaScriptError,
  nearest,
} from 'caffe-prototxt-parser';
import { type Command, type Output, UsageError } from './command.ts';
import { corpusCommand } from './corpus.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { goldensCommand } from './goldens.ts';

const COMMANDS: readonly Command[] = [explainCommand, exportCommand, corpusCommand, goldensCommand];

const HELP = `caffe-quant: quantization-aware training of Caffe models, on the command line

Usage: caffe-quant <command> [options]

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

caffe-quant <command> --help tells more of one.`;

/**
 * Runs the command that the arguments name. Whatever goes wrong ends in a message, never in a stack trace.
 *
 * @param args what stands after `caffe-quant` on the command line
 * @returns the exit status
 */
export async function runCli(args: readonly string[], output: Output): Promise<number> {
  const [name = '', ...rest] = args;
  if (name === '' || name === '--help' || name === '-h' || name === 'help') {
    output.out(HELP);
    return name === '' ? 1 : 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const near = nearest(
      name,
      COMMANDS.map((candidate) => candidate.name),
    );
    output.error(`caffe-quant: there is no command '${name}'${near === undefined ? '' : `; did you mean '${near}'?`}`);
    return 1;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    output.out(command.help);
    return 0;
  }
  try {
    return await command.run(rest, output);
  } catch (error) {
    output.error(explain(error, command));
    return 1;
  }
}

function explain(error: unknown, { name }: Command): string {
  if (error instanceof DiagnosticsError) return error.message;
  if (codeOf(error) === 'ENOENT') return `${pathOf(error)}: error: there is no such file`;
  // Node's own parser of options throws TypeErrors with a code.
  if (isJavaScriptError(error) && codeOf(error) === '') {
    const stack = process.env[DEBUG_VARIABLE] ? `\n${(error as Error).stack}` : '';
    return formatDiagnostics([internalError(`caffe-quant ${name} met an internal error`)]) + stack;
  }
  const message = error instanceof Error ? error.message : String(error);
  const isUsage = error instanceof UsageError || codeOf(error).startsWith('ERR_PARSE_ARGS');
  return `caffe-quant ${name}: ${message}${isUsage ? `\nSee caffe-quant ${name} --help.` : ''}`;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function pathOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'path' in error ? String(error.path) : '';
}
