import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
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
  const success = await untilInterrupted((signal) =>
    run(stage, {
      place: { name, root: join(context.root, root), workspaceRoot: context.root },
      options,
      host: {
        print: (text) => void process.stdout.write(lines(text)),
        printError: (text) => void process.stderr.write(lines(text)),
        signal,
        diagnostics: checkWorkspaceJson(context.root, name, root),
      },
    }),
  );
  return { success };
}

function lines(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
