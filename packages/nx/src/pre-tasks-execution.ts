import type { NxPlugin } from '@nx/devkit';
import { normalizeOptions, type PluginOptions } from './plugin-options.ts';
import { SEARCH_TARGET } from './search-targets.ts';

type PreTasksExecution = NonNullable<NxPlugin<PluginOptions>['preTasksExecution']>;

/**
 * Ends a run that cannot do what it is asked for, with all that is wrong, before its first task. Nx calls it for every run
 * of tasks in the workspace; one that asks for no stage is left alone, and costs nothing.
 *
 * @throws DiagnosticsError, whose message Nx shows
 */
export const preTasksExecution: PreTasksExecution = async (options, { argv, workspaceRoot }) => {
  const names = [...Object.values(normalizeOptions(options).targetNames), SEARCH_TARGET];
  if (!argv.some((word) => names.some((name) => word.includes(name)))) return;
  const { refusePlugNPlay } = await import('./plug-n-play.ts');
  refusePlugNPlay();
  const projects = await projectsOfWorkspace();
  if (projects === undefined) return;
  const { parseRunRequest } = await import('./command-line/run-request.ts');
  const request = parseRunRequest(argv, (name) => Object.hasOwn(projects, name));
  if (request === undefined) return;
  const { checkRun } = await import('./check-run.ts');
  const { DiagnosticsError, formatDiagnostics, hasErrors } = await import('caffe-prototxt-parser');
  const diagnostics = checkRun({ workspaceRoot, request, projects, ...(options && { plugin: options }) });
  if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics);
  if (diagnostics.length > 0) process.stderr.write(`${formatDiagnostics(diagnostics)}\n`);
};

/** As Nx has just put them together for this run, by name; undefined where it has kept no such file. */
async function projectsOfWorkspace() {
  const { readCachedProjectGraph } = await import('@nx/devkit');
  try {
    const { nodes } = readCachedProjectGraph();
    return Object.fromEntries(Object.entries(nodes).map(([name, { data }]) => [name, data]));
  } catch {
    return undefined;
  }
}
