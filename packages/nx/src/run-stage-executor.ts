import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { DEBUG_VARIABLE, formatDiagnostics, internalError, isJavaScriptError } from 'caffe-prototxt-parser';
import type { Stage, StageRequest } from '@caffe-quant/pipeline';
import type { StageName } from '@caffe-quant/pipeline/graph-time';
import { identityOf, runStage, untilInterrupted } from '@caffe-quant/pipeline';
import { checkWorkspaceJson } from './check-workspace-json.ts';
import { outDirOnCommandLine } from './command-line/out-dir.ts';
import { runWords } from './command-line/run-words.ts';
import {
  type GivenOptions,
  parseOptionWords,
  parseStageOptions,
  type ReadOptions,
  withoutWords,
} from './given-options.ts';

/** What the executor of a stage does: its stage, for the project and with the options that Nx gives. */
export async function runStageExecutor(
  stage: Stage,
  given: GivenOptions,
  context: ExecutorContext,
  run: typeof runStage = runStage,
): Promise<{ success: boolean }> {
  return runForProject(`quantize-${stage.name}`, stage.name, given, context, (request) => run(stage, request));
}

/**
 * What every executor does: its work, for the project and with the options that Nx gives.
 *
 * @param who does it, as the user calls it
 * @param stage whose options it takes
 */
export async function runForProject(
  who: string,
  stage: StageName,
  given: GivenOptions,
  context: ExecutorContext,
  run: (request: StageRequest) => Promise<boolean>,
): Promise<{ success: boolean }> {
  const name = context.projectName ?? '';
  const root = context.projectsConfigurations.projects[name]?.root ?? '.';
  const { options, diagnostics } = optionsOf(stage, given, context);
  const printError = (text: string) => void process.stderr.write(lines(text));
  const running = untilInterrupted((signal) =>
    run({
      place: { name, root: join(context.root, root), workspaceRoot: context.root },
      options,
      host: {
        print: (text) => void process.stdout.write(lines(text)),
        printError,
        signal,
        run: identityOf(nxProcess()),
        diagnostics: [...diagnostics, ...checkWorkspaceJson(context.root, name, root)],
      },
    }),
  );
  try {
    return { success: await running };
  } catch (error) {
    if (!isJavaScriptError(error) || process.env[DEBUG_VARIABLE]) throw error;
    printError(formatDiagnostics([internalError(`${who} of ${name} met an internal error`)]));
    return { success: false };
  }
}

/** The process of the `nx` command, of which this one runs a task. Nx 24 names it; it is the parent in older versions. */
function nxProcess(): number {
  if (process.env['NX_FORKED_TASK_EXECUTOR'] !== 'true') return process.pid;
  const [innermost] = (process.env['NX_INVOCATION_ANCESTOR_PIDS'] ?? '').split(',').reverse();
  return Number(innermost) || process.ppid;
}

/** Those of the target and of its configuration, and over them those of the command line. */
function optionsOf(stage: StageName, given: GivenOptions, context: ExecutorContext): ReadOptions {
  const { own, meant } = runWords(context);
  if (own.length === 0 && meant.length === 0) return parseStageOptions(stage, given);
  const { target, configurationName } = context;
  const configuration: unknown = target?.configurations?.[configurationName ?? ''];
  const declared = { ...(target?.options as GivenOptions), ...(configuration as GivenOptions) };
  // What a command line goes over comes back from the declaration; what the executor keeps to itself does not.
  const before = Object.fromEntries(Object.entries(declared).filter(([name]) => Object.hasOwn(given, name)));
  const ofProject = parseStageOptions(stage, { ...before, ...withoutWords(given, own) });
  const ofCommand = parseOptionWords(stage, meant);
  return {
    options: { ...ofProject.options, ...ofCommand.options },
    diagnostics: [...ofProject.diagnostics, ...ofCommand.diagnostics, ...outDirOnCommandLine(ofCommand.options)],
  };
}

function lines(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
