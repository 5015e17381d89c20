import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { DEBUG_VARIABLE, formatDiagnostics, internalError, isJavaScriptError } from 'caffe-prototxt-parser';
import type { Stage, StageOptions } from '@caffe-quant/pipeline';
import { runStage, untilInterrupted } from '@caffe-quant/pipeline';
import { checkWorkspaceJson } from './check-workspace-json.ts';

/** What every executor does: its stage, for the project and with the options that Nx gives. */
export async function runStageExecutor(
  stage: Stage,
  options: StageOptions,
  context: ExecutorContext,
  run: typeof runStage = runStage,
): Promise<{ success: boolean }> {
  const name = context.projectName ?? '';
  const root = context.projectsConfigurations.projects[name]?.root ?? '.';
  const printError = (text: string) => void process.stderr.write(lines(text));
  const running = untilInterrupted((signal) =>
    run(stage, {
      place: { name, root: join(context.root, root), workspaceRoot: context.root },
      options,
      host: {
        print: (text) => void process.stdout.write(lines(text)),
        printError,
        signal,
        diagnostics: checkWorkspaceJson(context.root, name, root),
      },
    }),
  );
  try {
    return { success: await running };
  } catch (error) {
    if (!isJavaScriptError(error) || process.env[DEBUG_VARIABLE]) throw error;
    printError(formatDiagnostics([internalError(`quantize-${stage.name} of ${name} met an internal error`)]));
    return { success: false };
  }
}

function lines(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
