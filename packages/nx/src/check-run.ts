import type { ProjectConfiguration } from '@nx/devkit';
import { type Diagnostic, nearest } from 'caffe-prototxt-parser';
import { type CheckedProject, checkProject, optionsFile, searchTargets, stageTargets } from './check-project.ts';
import { checkPluginOptions } from './check-plugin-options.ts';
import { outDirOnCommandLine } from './command-line/out-dir.ts';
import type { RunRequest } from './command-line/run-request.ts';
import { parseOptionWords } from './given-options.ts';
import type { PluginOptions } from './plugin-options.ts';

export interface RunToCheck {
  readonly workspaceRoot: string;
  readonly request: RunRequest;
  /** All projects of the workspace, by name. */
  readonly projects: Readonly<Record<string, Pick<ProjectConfiguration, 'root' | 'targets'>>>;
  /** The plugin's options in nx.json. */
  readonly plugin?: PluginOptions;
}

/**
 * All that is wrong with a command line that runs stages and with the projects that it names, before the first stage:
 * Nx itself takes an option for any task, and a configuration that there is not for none.
 */
export function checkRun({ workspaceRoot, request, projects, plugin }: RunToCheck): Diagnostic[] {
  const all = Object.entries(projects).map(([name, config]): CheckedProject => ({ workspaceRoot, name, config }));
  const named = request.projects?.every((name) => Object.hasOwn(projects, name))
    ? new Set(request.projects)
    : undefined;
  const selected = all.filter(({ name }) => named?.has(name) ?? true);
  const running = selected.filter((project) => asked(project, request).length > 0);
  if (running.length === 0) return [];
  // Patterns, and what git has to say, are for Nx; the first stage of each such project checks it.
  const isSelectionKnown = !request.isAffected && (request.projects === undefined || named !== undefined);
  return [
    ...checkPluginOptions(workspaceRoot, plugin),
    ...ofWords(running, request),
    ...ofConfiguration(running, selected, request),
    ...(isSelectionKnown ? running.flatMap((project) => checkProject(project, request.configuration)) : []),
  ];
}

/** The stages of a project that are asked for, and what runs stages. */
function asked({ config }: CheckedProject, { targets }: Pick<RunRequest, 'targets'>) {
  return [...stageTargets(config), ...searchTargets(config)].filter(({ name }) => targets.includes(name));
}

function ofWords(running: readonly CheckedProject[], request: RunRequest): Diagnostic[] {
  const { words, dropped } = request;
  const diagnostics = new Map<string, Diagnostic>();
  const add = (found: readonly Diagnostic[]) =>
    found.forEach((each) => diagnostics.set(`${each.file}${each.message}`, each));
  if (dropped.length > 0) {
    const message = `Nx drops what stands before --: ${dropped.join(' ')}`;
    add([{ code: 'dropped-option', severity: 'error', message, hint: 'write it behind --, or leave -- out' }]);
  }
  for (const project of words.length > 0 ? running : []) {
    for (const { stage } of asked(project, request)) {
      const { options, diagnostics: found } = parseOptionWords(stage, words);
      add([...found, ...outDirOnCommandLine(options, optionsFile(project))]);
    }
  }
  return [...diagnostics.values()];
}

/** Nx runs a task without a configuration that it does not have, and says nothing. */
function ofConfiguration(
  running: readonly CheckedProject[],
  selected: readonly CheckedProject[],
  { configuration, targets }: RunRequest,
): Diagnostic[] {
  if (configuration === undefined) return [];
  const has = ({ config }: CheckedProject): boolean =>
    targets.some((target) => Object.hasOwn(config.targets?.[target]?.configurations ?? {}, configuration));
  const without = running.filter((project) => !has(project));
  // Where others have it, as in a workspace of many kinds of projects, this is how Nx is meant to be used.
  const severity = selected.some(has) ? 'warning' : 'error';
  return without.map((project) => {
    const stages = asked(project, { targets });
    const names = [...new Set(stages.flatMap(({ target }) => Object.keys(target.configurations ?? {})))];
    const elsewhere = stageTargets(project.config).find(({ target }) =>
      Object.hasOwn(target.configurations ?? {}, configuration),
    );
    const near = nearest(configuration, names);
    const task = `${project.name}:${stages.map(({ name }) => name).join(', ')}`;
    const file = optionsFile(project);
    return {
      code: 'unknown-configuration',
      severity,
      message: `${task} has no configuration ${configuration}${severity === 'warning' ? ': it runs without one' : ''}`,
      hint: elsewhere
        ? `${elsewhere.name} has it: write it into quantize-retrain's configurations in ${file}, which hold for all stages`
        : near !== undefined
          ? `did you mean ${near}?`
          : names.length > 0
            ? `there are ${names.join(', ')}`
            : `write "configurations": { ${JSON.stringify(configuration)}: { … } } into quantize-retrain of ${file}`,
    };
  });
}
