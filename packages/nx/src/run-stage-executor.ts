import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import {
  DEBUG_VARIABLE,
  type Diagnostic,
  formatDiagnostics,
  internalError,
  isJavaScriptError,
} from 'caffe-prototxt-parser';
import type { Stage, StageRequest } from '@caffe-quant/pipeline';
import { identityOf, runStage, untilInterrupted } from '@caffe-quant/pipeline';
import { checkWorkspaceJson } from './check-workspace-json.ts';
import { type GivenOptions, parseStageOptions } from './given-options.ts';

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
  stage: Stage['name'],
  given: GivenOptions,
  context: ExecutorContext,
  run: (request: StageRequest) => Promise<boolean>,
): Promise<{ success: boolean }> {
  const name = context.projectName ?? '';
  const root = context.projectsConfigurations.projects[name]?.root ?? '.';
  const { options, diagnostics } = parseStageOptions(stage, given);
  if (isOutDirMisspelt(context)) diagnostics.push(OUT_DIR_MISSPELT);
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

/** Nx finds an option's flag by both spellings, but the folder whose files it caches by one alone. */
function isOutDirMisspelt({ taskGraph }: ExecutorContext): boolean {
  const tasks = Object.values(taskGraph?.tasks ?? {});
  return tasks.some(({ overrides }) => typeof overrides === 'object' && overrides !== null && 'out-dir' in overrides);
}

const OUT_DIR_MISSPELT: Diagnostic = {
  code: 'out-dir',
  severity: 'error',
  message: '--out-dir would make Nx cache another folder than the one that is written',
  hint: 'write --outDir',
};

function lines(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
