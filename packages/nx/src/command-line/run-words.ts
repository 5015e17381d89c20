import type { ExecutorContext } from '@nx/devkit';

/** Of a target that is a stage. */
export const EXECUTOR_PREFIX = '@caffe-quant/nx:';

/** What the command line says, seen from one task of the run. */
export interface RunWords {
  /** What Nx gives this task of it, be it meant for the task or not. */
  readonly own: readonly string[];
  /** What is meant for the project's stages: all of them get it, though Nx gives it to few. */
  readonly meant: readonly string[];
}

/**
 * The words behind the task's name on the command line, of the graph of the run's tasks.
 *
 * Nx gives them to the tasks that were asked for alone; handed on (`params: 'forward'`), they would have every stage computed
 * anew for options that it never reads. They are meant for a project only if one of its stages was asked for; else they
 * belong to another project's task, which depends on this one's.
 */
export function runWords({ taskGraph, projectName, projectsConfigurations, ...context }: ExecutorContext): RunWords {
  const targets = projectsConfigurations?.projects[projectName ?? '']?.targets ?? {};
  const stages = Object.values(taskGraph?.tasks ?? {}).filter(
    ({ target }) => target.project === projectName && executorOf(targets[target.target]).startsWith(EXECUTOR_PREFIX),
  );
  const first = `${EXECUTOR_PREFIX}quantize-fingerprint`;
  const asked = stages.filter(({ target }) => stages.length === 1 || executorOf(targets[target.target]) !== first);
  const own = stages.find(({ target }) => target.target === context.targetName);
  const meant = asked.map(({ overrides }) => wordsIn(overrides)).find((words) => words.length > 0);
  return { own: wordsIn(own?.overrides), meant: meant ?? [] };
}

function wordsIn(overrides: unknown): readonly string[] {
  const words: unknown = (overrides as Record<string, unknown> | undefined)?.['__overrides_unparsed__'];
  return Array.isArray(words) ? words.map(String) : [];
}

function executorOf(target: { executor?: string } | undefined): string {
  return target?.executor ?? '';
}
