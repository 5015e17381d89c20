import { posix } from 'node:path';
import type { ProjectConfiguration, Tree } from '@nx/devkit';
import { getProjects, readNxJson } from '@nx/devkit';
import type { StageOptions } from '@caffe-quant/pipeline';
import { DiagnosticsError, nearest } from 'caffe-prototxt-parser';
import { type GivenOptions, parseStageOptions } from './given-options.ts';
import type { PluginOptions } from './plugin-options.ts';
import { normalizeOptions } from './plugin-options.ts';
import { parseWorkspaceJson } from './workspace-json.ts';

/** A model project as a generator sees it. */
export interface ModelProject {
  readonly name: string;
  /** From the workspace root, with `/`. */
  readonly root: string;
  /** Those of the plugin and of the project's top target. */
  readonly options: StageOptions;
}

/**
 * A project by its name, or by its folder: of workspace.json, project.json or package.json, or a folder that has a quant.cfg.
 *
 * @throws DiagnosticsError where there is none
 */
export function findModelProject(tree: Tree, project: string): ModelProject {
  const plugin = normalizeOptions(pluginOptions(tree));
  const candidates = [...declaredProjects(tree)];
  const folders = [posix.normalize(project).replace(/\/$/, ''), `models/${project}`];
  const found =
    candidates.find(({ name }) => name === project) ??
    candidates.find(({ root }) => root === folders[0]) ??
    folders.map((root) => ({ name: posix.basename(root), root })).find(({ root }) => tree.exists(`${root}/quant.cfg`));
  if (found === undefined) {
    const near = nearest(
      project,
      candidates.map(({ name }) => name),
    );
    const hint =
      near === undefined ? 'give its name, or its folder from the workspace root' : `did you mean '${near}'?`;
    const message = `there is no model project '${project}'`;
    throw new DiagnosticsError([{ code: 'no-project', severity: 'error', message, hint }]);
  }
  const top = (found as Partial<ProjectConfiguration>).targets?.[plugin.targetNames.retrain];
  const { options, diagnostics } = parseStageOptions('retrain', {
    ...plugin.options,
    ...(top?.options as GivenOptions),
  });
  if (diagnostics.length > 0) throw new DiagnosticsError(diagnostics);
  return { name: found.name, root: found.root, options };
}

function* declaredProjects(tree: Tree): Generator<Partial<ProjectConfiguration> & { name: string; root: string }> {
  if (tree.exists('workspace.json')) {
    const { projects } = parseWorkspaceJson(tree.read('workspace.json', 'utf8') ?? '');
    for (const { name, root, config } of projects) yield { ...config, name, root };
  }
  for (const [name, config] of getProjects(tree)) yield { ...config, name };
}

function pluginOptions(tree: Tree): PluginOptions | undefined {
  const entries = readNxJson(tree)?.plugins ?? [];
  const entry = entries.find((some) => typeof some !== 'string' && some.plugin === '@caffe-quant/nx/plugin');
  return typeof entry === 'object' ? (entry.options as PluginOptions | undefined) : undefined;
}
