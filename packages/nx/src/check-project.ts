import { join } from 'node:path';
import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import type { StageName, StageOptions } from '@caffe-quant/pipeline/graph-time';
import { STAGE_NAMES } from '@caffe-quant/pipeline/graph-time';
import { optionNameOf, optionsTakenBy, readThresholds } from '@caffe-quant/pipeline/options';
import { type Diagnostic, DiagnosticsError, nearest } from 'caffe-prototxt-parser';
import { checkWorkspaceJson } from './check-workspace-json.ts';
import { EXECUTOR_PREFIX } from './command-line/run-words.ts';
import { parseStageOptions } from './given-options.ts';
import { SEARCH_EXECUTORS } from './search-targets.ts';
import { type JsonPlace, keysOf, placeOfKey } from './json-place.ts';

/** A project as Nx has put it together, in its workspace. */
export interface CheckedProject {
  readonly workspaceRoot: string;
  readonly name: string;
  readonly config: Pick<ProjectConfiguration, 'root' | 'targets'>;
}

/** A stage of a project, whatever its target is called. */
interface StageTarget {
  readonly stage: StageName;
  readonly name: string;
  readonly target: TargetConfiguration;
}

/**
 * What can be wrong with a project apart from its net, data and quant.cfg, which the first stage reads: options of its
 * targets, options that differ between stages, names of targets, its thresholds, its entry in workspace.json.
 */
export function checkProject(project: CheckedProject, configuration: string | undefined): Diagnostic[] {
  const { workspaceRoot, name, config } = project;
  const stages = stageTargets(config);
  return [
    ...checkWorkspaceJson(workspaceRoot, name, config.root),
    ...misspeltTargets(project, stages),
    ...ofOptions(project, stages, configuration),
    ...ofThresholds(project),
  ];
}

/** The project's targets that are stages. */
export function stageTargets({ targets = {} }: CheckedProject['config']): StageTarget[] {
  return Object.entries(targets).flatMap(([name, target]) => {
    const stage = STAGE_NAMES.find((each) => target.executor === `${EXECUTOR_PREFIX}quantize-${each}`);
    return stage === undefined ? [] : [{ stage, name, target }];
  });
}

/** The project's targets of a search, which take the options of the top stage. */
export function searchTargets({ targets = {} }: CheckedProject['config']): StageTarget[] {
  return Object.entries(targets).flatMap(([name, target]) => {
    const isOfSearch = SEARCH_EXECUTORS.some((executor) => target.executor === `${EXECUTOR_PREFIX}${executor}`);
    return isOfSearch ? [{ stage: 'retrain' as const, name, target }] : [];
  });
}

/** The file that has the project's options, or could have them. */
export function optionsFile({ workspaceRoot, name, config }: CheckedProject): string {
  const isListed = placeOfKey(workspaceRoot, 'workspace.json', ['projects', name]) !== undefined;
  return isListed ? 'workspace.json' : join(config.root, 'project.json').replaceAll('\\', '/');
}

/** Targets of the project's files that say options and nothing that could take them: Nx leaves them out. */
function misspeltTargets(project: CheckedProject, stages: readonly StageTarget[]): Diagnostic[] {
  const { config, name: projectName, workspaceRoot } = project;
  const files: [file: string, path: string[]][] = [
    ['workspace.json', ['projects', projectName, 'targets']],
    ['workspace.json', ['projects', projectName, 'architect']],
    [join(config.root, 'project.json'), ['targets']],
  ];
  const declared = files.flatMap(([file, path]) => keysOf(workspaceRoot, file, path));
  const names = stages.map(({ name }) => name);
  return declared.flatMap(({ key, ...place }): Diagnostic[] => {
    const near = config.targets?.[key] === undefined ? nearest(key, names) : undefined;
    if (near === undefined) return [];
    const message = `there is no stage ${key}`;
    return [{ code: 'unknown-stage', severity: 'error', message, ...place, hint: `did you mean ${near}?` }];
  });
}

/** What is wrong with options of a stage, told once where several stages have it of the top one. */
function ofOptions(
  project: CheckedProject,
  stages: readonly StageTarget[],
  configuration: string | undefined,
): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const read = new Map<StageTarget, StageOptions>();
  const top = stages.find(({ stage }) => stage === 'retrain');
  const inOrder = [...(top ? [top] : []), ...stages.filter((stage) => stage !== top)];
  for (const stage of inOrder) {
    const chosen = configuration ?? stage.target.defaultConfiguration;
    const configured: unknown = chosen === undefined ? undefined : stage.target.configurations?.[chosen];
    const given = { ...(stage.target.options as object), ...(configured as object) };
    const { options, diagnostics } = parseStageOptions(stage.stage, given);
    read.set(stage, options);
    for (const diagnostic of diagnostics) {
      if (found.has(diagnostic.message)) continue;
      const key = Object.keys(given).find((name) => diagnostic.message.split(/[ ,]/).includes(name));
      const places =
        key === undefined
          ? []
          : [stage.name, top?.name ?? stage.name].map((name) => placeOf(project, name, chosen, key));
      found.set(diagnostic.message, { ...diagnostic, ...places.find((place) => place !== undefined) });
    }
  }
  if (found.size > 0 || !top) return [...found.values()];
  return inOrder.flatMap((stage) => differing(project, stage, read.get(stage)!, read.get(top)!));
}

/** Options in which a stage differs from the top one, though it decides no result alone. */
function differing(
  project: CheckedProject,
  { stage, name }: StageTarget,
  own: StageOptions,
  top: StageOptions,
): Diagnostic[] {
  if (stage === 'explain') return [];
  return optionsTakenBy('retrain')
    .filter((option) => own[option] !== top[option])
    .map((option) => ({
      code: 'options-differ',
      severity: 'error',
      message: `the option ${option} is ${shown(own[option])} for ${name}, but ${shown(top[option])} for the stages that it works with`,
      ...(keyOf(project, [name, 'options', option]) ?? keyOf(project, [name])),
      hint: `write it into quantize-retrain: its options and configurations hold for all stages`,
    }));
}

function ofThresholds({ workspaceRoot, name, config }: CheckedProject): Diagnostic[] {
  try {
    readThresholds({ name, root: join(workspaceRoot, config.root), workspaceRoot });
    return [];
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return [...error.diagnostics];
  }
}

function placeOf(
  project: CheckedProject,
  target: string,
  configuration: string | undefined,
  key: string,
): JsonPlace | undefined {
  const spellings = [key, optionNameOf(key)];
  const paths = spellings.flatMap((name) => [
    ...(configuration === undefined ? [] : [[target, 'configurations', configuration, name]]),
    [target, 'options', name],
  ]);
  const own = paths.map((path) => keyOf(project, path)).find((place) => place !== undefined);
  return own ?? ofPlugin(project, key);
}

/** A key under the project's targets, in the file that declares it. */
function keyOf({ workspaceRoot, name, config }: CheckedProject, path: readonly string[]): JsonPlace | undefined {
  for (const targets of ['targets', 'architect']) {
    const listed = placeOfKey(workspaceRoot, 'workspace.json', ['projects', name, targets, ...path]);
    if (listed) return listed;
  }
  return placeOfKey(workspaceRoot, join(config.root, 'project.json'), ['targets', ...path]);
}

/** An option that nx.json says for all projects. */
function ofPlugin({ workspaceRoot }: CheckedProject, key: string): JsonPlace | undefined {
  for (let i = 0; placeOfKey(workspaceRoot, 'nx.json', ['plugins', i]) !== undefined; i++) {
    const place = placeOfKey(workspaceRoot, 'nx.json', ['plugins', i, 'options', 'options', key]);
    if (place) return place;
  }
  return undefined;
}

const shown = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value));
