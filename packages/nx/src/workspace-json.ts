import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { findJsonError } from './json-error.ts';

/** A project of workspace.json. */
export interface DeclaredProject {
  readonly name: string;
  /** From the workspace root, with `/`. */
  readonly root: string;
  /** Empty where the entry is only a path. */
  readonly config: Partial<ProjectConfiguration>;
}

export interface WorkspaceJson {
  readonly projects: readonly DeclaredProject[];
  /** What is wrong with the file. `layer` is not used; a finding about one project has its name in `project`. */
  readonly problems: readonly (Diagnostic & { readonly project?: string })[];
}

const FILE = 'workspace.json';

/**
 * Reads Nx's classic list of projects, which Nx itself has not read since 15.7:
 *
 *   { "version": 2, "projects": { "<name>": "<folder>", "<name>": { "root": "<folder>", "targets": { ... } } } }
 *
 * Version 1's `architect` and `builder` are understood too. Never throws: an error here would end every Nx command.
 */
export function parseWorkspaceJson(text: string): WorkspaceJson {
  const problems: (Diagnostic & { project?: string })[] = [];
  const report = (message: string, more: { project?: string; line?: number; column?: number; hint?: string } = {}) => {
    problems.push({ code: 'workspace-json', severity: 'error', message, file: FILE, ...more });
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const { position, expected } = findJsonError(text);
    report(`the file is not JSON: expected ${expected}`, placeOf(position, text));
    return { projects: [], problems };
  }
  const entries = isObject(json) ? (json['projects'] ?? {}) : undefined;
  if (!isObject(entries)) {
    report('`projects` should be an object with an entry for each project');
    return { projects: [], problems };
  }
  const byRoot = new Map<string, DeclaredProject>();
  for (const [name, entry] of Object.entries(entries)) {
    const folder = typeof entry === 'string' ? entry : isObject(entry) ? entry['root'] : undefined;
    const root = typeof folder === 'string' ? posix.normalize(folder).replace(/(?<=.)\/$/, '') : undefined;
    if (root === undefined || posix.isAbsolute(root) || root.split('/')[0] === '..') {
      report(`the project '${name}' should be a folder of the workspace, or an object with its \`root\``, {
        project: name,
      });
      continue;
    }
    const other = byRoot.get(root);
    if (other) report(`the projects '${other.name}' and '${name}' have the same folder ${root}`, { project: name });
    else byRoot.set(root, { name, root, config: isObject(entry) ? configOf(entry) : {} });
  }
  return { projects: [...byRoot.values()], problems };
}

/** Leaves out the projects whose folders are not there, with a finding about each. */
export function findRoots({ projects, problems }: WorkspaceJson, workspaceRoot: string): WorkspaceJson {
  const missing = projects.filter(({ root }) => !existsSync(join(workspaceRoot, root)));
  const findings = missing.map(({ name, root }) => {
    const message = `the project '${name}' should be in ${root}, but there is no such folder`;
    return { code: 'no-project-folder', severity: 'error', message, file: FILE, project: name } as const;
  });
  return { projects: projects.filter((project) => !missing.includes(project)), problems: [...problems, ...findings] };
}

/** An entry in today's form, without its root. */
function configOf(entry: Record<string, unknown>): Partial<ProjectConfiguration> {
  const { root: _, architect, targets = architect, schematics, generators = schematics, ...rest } = entry;
  return {
    ...rest,
    ...(isObject(targets) && { targets: targetsOf(targets) }),
    ...(isObject(generators) && { generators: generators as NonNullable<ProjectConfiguration['generators']> }),
  };
}

function targetsOf(targets: Record<string, unknown>): Record<string, TargetConfiguration> {
  return Object.fromEntries(
    Object.entries(targets)
      .filter((entry): entry is [string, Record<string, unknown>] => isObject(entry[1]))
      .map(([name, { builder, executor = builder, ...rest }]) => [
        name,
        { ...rest, ...(typeof executor === 'string' && { executor }) },
      ]),
  );
}

function placeOf(position: number, text: string): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
