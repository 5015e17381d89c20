import { posix } from 'node:path';
import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import type { StageName, StageOptions } from '@caffe-quant/pipeline/graph-time';
import { DIGESTS_FILE, FILE_OPTIONS, STAGE_NAMES, STAGES, stagesBefore } from '@caffe-quant/pipeline/graph-time';
import { ENGINE_NODE, PACKAGES_NODE } from './engine-nodes.ts';
import type { NormalizedOptions } from './plugin-options.ts';
import { SEARCH_TARGETS, searchTargets } from './search-targets.ts';

type Target = TargetConfiguration<StageOptions>;
type Input = NonNullable<TargetConfiguration['inputs']>[number];

export interface StageTargetsInput {
  /** Of the project, from the workspace root, with `/`. */
  readonly root: string;
  readonly plugin: NormalizedOptions;
  /** Targets as the project declares them, where that is known. */
  readonly declared?: Readonly<Record<string, TargetConfiguration>>;
  /** Inputs of every stage besides its own. */
  readonly inputs?: readonly Input[];
}

/**
 * The targets of a model project, by name: the stages, and the search. What is declared for the top target,
 * `quantize-retrain`, holds for all of them: they are its parts or run its parts, and an option that reached only the last of
 * them would be of no use.
 */
export function stageTargets(input: StageTargetsInput): Record<string, TargetConfiguration> {
  const { plugin, inputs = [] } = input;
  const top = settingsOf(declaredTarget(input, plugin.targetNames.retrain));
  const targets = {
    ...Object.fromEntries(STAGE_NAMES.map((stage) => [plugin.targetNames[stage], stageTarget(stage, input)])),
    ...searchTargets(plugin, inputs),
  };
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [
      name,
      mergeTarget(mergeTarget(target, top), declaredTarget(input, name)),
    ]),
  );
}

/**
 * A declared target over a generated one: options and configurations member by member, the rest as declared. Another
 * executor makes it another target.
 */
export function mergeTarget(
  generated: TargetConfiguration,
  declared: TargetConfiguration | undefined,
): TargetConfiguration {
  if (declared === undefined) return generated;
  if (declared.executor !== undefined && declared.executor !== generated.executor) return declared;
  const merged: TargetConfiguration = { ...generated, ...declared };
  const options = { ...(generated.options as object), ...(declared.options as object) };
  if (Object.keys(options).length > 0) merged.options = options;
  const names = new Set([generated.configurations, declared.configurations].flatMap((some) => Object.keys(some ?? {})));
  if (names.size > 0) {
    merged.configurations = Object.fromEntries(
      [...names].map((name) => [
        name,
        { ...(generated.configurations?.[name] as object), ...(declared.configurations?.[name] as object) },
      ]),
    );
  }
  return merged;
}

function declaredTarget({ declared }: StageTargetsInput, name: string): TargetConfiguration | undefined {
  const target: unknown = declared?.[name];
  return typeof target === 'object' && target !== null ? target : undefined;
}

function settingsOf(target: TargetConfiguration | undefined): TargetConfiguration | undefined {
  if (target === undefined) return undefined;
  const { options, configurations, defaultConfiguration } = target;
  return {
    ...(options !== undefined && { options: options as object }),
    ...(configurations !== undefined && { configurations }),
    ...(defaultConfiguration !== undefined && { defaultConfiguration }),
  };
}

function stageTarget(stage: StageName, input: StageTargetsInput): Target {
  const { root, plugin, inputs = [] } = input;
  const { description, cached, alone, numerics } = STAGES[stage];
  const { targetNames, options, engineSources } = plugin;
  const declared = [targetNames.retrain, targetNames[stage]].map((name) => declaredTarget(input, name));
  const named = [options, ...declared.flatMap(optionsIn)];
  const engine = { externalDependencies: cached ? [numerics ? ENGINE_NODE : PACKAGES_NODE] : [] };
  return {
    executor: `@caffe-quant/nx:quantize-${stage}`,
    cache: cached,
    ...(alone && { parallelism: false }),
    // Options of the command line are not handed on by Nx: each stage finds them in the graph of the run's tasks, and the
    // results of the first, which always runs, have them for the hashes. None is computed anew for an option that makes no
    // difference to it.
    dependsOn: [...stagesBefore(stage), ...(STAGES[stage].waitsFor ?? [])].map((earlier) => targetNames[earlier]),
    inputs: [...filesOf(stage, root, named), ...resultsOf(stage), ...inputs, ...engineSources, engine],
    outputs: [`{options.outDir}/${stage}`],
    options: { outDir: 'dist/quantize/{projectName}', ...options },
    metadata: { technologies: ['caffe'], description },
  };
}

function optionsIn(target: TargetConfiguration | undefined): StageOptions[] {
  const options = [target?.options as StageOptions | undefined, ...Object.values(target?.configurations ?? {})];
  return options.filter((some): some is StageOptions => typeof some === 'object' && some !== null);
}

/** A project that a model depends on has its data, or a net that it shares; what is written about them makes no difference. */
const DEPENDENCIES_FILES = '^{projectRoot}/**/!(*.md|LICENSE*)';

/**
 * The project's own files that a stage reads. For the first stage, which always runs, they only tell `nx affected` what
 * concerns it; what it finds in them is what the next stages depend on.
 */
function filesOf(stage: StageName, root: string, options: readonly StageOptions[]): string[] {
  const texts = ['{projectRoot}/*.cfg', '{projectRoot}/*.prototxt'];
  switch (stage) {
    case 'fingerprint':
      return [
        ...texts,
        '{projectRoot}/*.caffemodel',
        '{projectRoot}/*.caffemodel.h5',
        '{projectRoot}/data.lock.json',
        DEPENDENCIES_FILES,
        ...namedFiles(root, options),
      ];
    case 'explain':
      return [...texts, ...namedFiles(root, options)];
    case 'retrain':
      return ['{projectRoot}/thresholds.json'];
    default:
      return [];
  }
}

/** Files that options name and that are not matched anyway; those outside of the workspace cannot be inputs. */
function namedFiles(root: string, options: readonly StageOptions[]): string[] {
  const files = new Set<string>();
  for (const option of options) {
    for (const path of FILE_OPTIONS.map((name) => option[name])) {
      // Nx has not checked the types yet, and what throws here ends every command.
      if (typeof path !== 'string' || posix.isAbsolute(path)) continue;
      for (const fromRoot of [posix.join(root, path), posix.normalize(path)]) {
        const isOwn = posix.dirname(fromRoot) === posix.normalize(root) && /\.(cfg|prototxt|caffemodel)$/.test(path);
        if (!isOwn && !fromRoot.startsWith('..')) files.add(`{workspaceRoot}/${fromRoot}`);
      }
    }
  }
  return [...files];
}

/** What a stage reads of the earlier ones, as Nx sees it: the same results of a re-run stage re-run nothing. */
function resultsOf(stage: StageName): Input[] {
  return stagesBefore(stage).flatMap((earlier) => {
    const reads = STAGES[stage].reads[earlier] ?? [];
    const files = reads === 'all' ? [DIGESTS_FILE] : reads;
    return files.map((file) => ({ dependentTasksOutputFiles: `**/${earlier}/${file}` }));
  });
}

/** Whether a project's declaration says that it is a model project. */
export function declaresStages(project: Pick<ProjectConfiguration, 'targets'>, plugin: NormalizedOptions): boolean {
  const names = new Set([...Object.values(plugin.targetNames), ...SEARCH_TARGETS]);
  return Object.keys(project.targets ?? {}).some((name) => names.has(name));
}
