import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { CreateNodes, CreateNodesResult, ProjectConfiguration } from '@nx/devkit';
import { installedEngine } from '@caffe-quant/pipeline/graph-time';
import { engineNodes } from './engine-nodes.ts';
import type { NormalizedOptions, PluginOptions } from './plugin-options.ts';
import { normalizeOptions } from './plugin-options.ts';
import { projectNames } from './project-names.ts';
import { declaresStages, stageTargets } from './stage-targets.ts';
import type { DeclaredProject, WorkspaceJson } from './workspace-json.ts';
import { findRoots, parseWorkspaceJson } from './workspace-json.ts';

const WORKSPACE_JSON = 'workspace.json';

/**
 * Finds the model projects of a workspace: those that the root `workspace.json` lists, and every folder that has a
 * quant.cfg beside a prototxt. Nothing is parsed strictly here and nothing throws, since either would end every Nx
 * command; the executors report what is wrong.
 */
export const createNodes: CreateNodes<PluginOptions> = [
  // The manifests are there for their names alone.
  `{${WORKSPACE_JSON},**/quant.cfg,**/project.json,**/package.json}`,
  async (files, options, { workspaceRoot }) => {
    const { projects, problems } = readWorkspaceJson(files, workspaceRoot);
    if (problems.length > 0) await show(problems);
    return findProjects(files, projects, normalizeOptions(options), workspaceRoot);
  },
];

/** Nx before 24 looks for this name. */
export const createNodesV2 = createNodes;

function findProjects(
  files: readonly string[],
  declared: readonly DeclaredProject[],
  plugin: NormalizedOptions,
  workspaceRoot: string,
): [string, CreateNodesResult][] {
  const models = files
    .filter((file) => posix.basename(file) === 'quant.cfg')
    .map((file) => ({ file, root: posix.dirname(file), names: entries(join(workspaceRoot, posix.dirname(file))) }))
    .filter(({ names }) => names.some((name) => name.endsWith('.prototxt')));
  const modelRoots = new Set(models.map(({ root }) => root));
  const declaredRoots = new Set(declared.map(({ root }) => root));
  const inferred = models.filter(({ root }) => !declaredRoots.has(root));
  const unnamed = inferred.filter(({ root, names }) => !isNamed(join(workspaceRoot, root), names));
  const names = projectNames(
    unnamed.map(({ root }) => root),
    unnamed.length === 0 ? new Set() : takenNames(files, declared, workspaceRoot),
  );
  const results = inferred.map(({ file, root, names: beside }): [string, CreateNodesResult] => {
    // Nx itself puts project.json over this; here it is read for what its top target says to the other stages.
    const own: Partial<ProjectConfiguration> = beside.includes('project.json')
      ? readJson(join(workspaceRoot, root, 'project.json'))
      : {};
    return [file, { projects: { [root]: inferredProject(root, names.get(root), plugin, own.targets) } }];
  });
  if (declared.length > 0) {
    // The last result wins, should Nx find one folder in two of them.
    const projects = declared.map((project) => declaredProject(project, modelRoots.has(project.root), plugin));
    results.push([
      WORKSPACE_JSON,
      { projects: Object.fromEntries(projects.map((project) => [project.root, project])) },
    ]);
  }
  const [first] = results;
  if (first) first[1] = { ...first[1], externalNodes: engineNodes(installedEngine(workspaceRoot)) };
  return results;
}

function inferredProject(
  root: string,
  name: string | undefined,
  plugin: NormalizedOptions,
  declared: ProjectConfiguration['targets'],
): ProjectConfiguration {
  return {
    root,
    ...(name !== undefined && { name }),
    targets: stageTargets({ root, plugin, ...(declared && { declared }) }),
  };
}

function declaredProject(
  { name, root, config }: DeclaredProject,
  isModel: boolean,
  plugin: NormalizedOptions,
): ProjectConfiguration {
  if (!isModel && !declaresStages(config, plugin)) return { ...config, name, root };
  // A name with a dot is not found among the fields of a JSON file: the whole file has to do.
  const entry = name.includes('.')
    ? `{workspaceRoot}/${WORKSPACE_JSON}`
    : { json: `{workspaceRoot}/${WORKSPACE_JSON}`, fields: [`projects.${name}`] };
  const { targets: declared } = config;
  const targets = stageTargets({ root, plugin, inputs: [entry], ...(declared && { declared }) });
  return { ...config, name, root, targets: { ...declared, ...targets } };
}

/** The projects of workspace.json whose folders exist: Nx cannot hash another, nor any task beside it. */
function readWorkspaceJson(files: readonly string[], workspaceRoot: string): WorkspaceJson {
  if (!files.includes(WORKSPACE_JSON)) return { projects: [], problems: [] };
  try {
    return findRoots(parseWorkspaceJson(readFileSync(join(workspaceRoot, WORKSPACE_JSON), 'utf8')), workspaceRoot);
  } catch {
    return { projects: [], problems: [] };
  }
}

/** Nx shows what a plugin writes to stderr. Without it, a project that is not found would be all that the user sees. */
async function show(problems: WorkspaceJson['problems']): Promise<void> {
  const { formatDiagnostics } = await import('caffe-prototxt-parser');
  process.stderr.write(`${formatDiagnostics(problems)}\n`);
}

/** Names of projects that are none of ours: a name that is there twice ends every Nx command. */
function takenNames(
  files: readonly string[],
  declared: readonly DeclaredProject[],
  workspaceRoot: string,
): ReadonlySet<string> {
  const names = new Set(declared.map(({ name }) => name));
  // A package.json makes a project only of a package that the root one counts among its workspaces.
  const hasWorkspaces =
    'workspaces' in readJson(join(workspaceRoot, 'package.json')) || hasPnpmWorkspaces(workspaceRoot);
  for (const file of files) {
    const kind = posix.basename(file);
    const isProject = kind === 'project.json' || (kind === 'package.json' && file !== kind && hasWorkspaces);
    if (!isProject) continue;
    const { name } = readJson(join(workspaceRoot, file)) as { name?: unknown };
    if (typeof name === 'string') names.add(name);
    else if (kind === 'project.json') names.add(posix.basename(posix.dirname(file)));
  }
  return names;
}

function hasPnpmWorkspaces(workspaceRoot: string): boolean {
  return existsSync(join(workspaceRoot, 'pnpm-workspace.yaml'));
}

/** Whether Nx finds a name for a folder itself. */
function isNamed(folder: string, names: readonly string[]): boolean {
  if (names.includes('project.json')) return true;
  if (!names.includes('package.json')) return false;
  return typeof (readJson(join(folder, 'package.json')) as { name?: unknown }).name === 'string';
}

function readJson(file: string): object {
  try {
    const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof json === 'object' && json !== null ? json : {};
  } catch {
    return {};
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
