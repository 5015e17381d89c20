import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { parseWorkspaceJson } from './workspace-json.ts';

/**
 * What is wrong with workspace.json as far as one project is concerned. The plugin itself has to be silent about it while
 * Nx builds its graph.
 *
 * @param root of the project, from the workspace root, with `/`
 */
export function checkWorkspaceJson(workspaceRoot: string, project: string, root: string): Diagnostic[] {
  const file = join(workspaceRoot, 'workspace.json');
  if (!existsSync(file)) return [];
  const { projects, problems } = parseWorkspaceJson(readFileSync(file, 'utf8'));
  const own = problems.filter((problem) => problem.project === undefined || problem.project === project);
  const diagnostics = own.map(({ project: _, ...diagnostic }): Diagnostic => diagnostic);
  const entry = projects.find((declared) => declared.root === root);
  if (entry && entry.name !== project) {
    diagnostics.push({
      code: 'name-shadowed',
      severity: 'warning',
      message: `the project in ${root} is '${entry.name}' here, but '${project}' in its project.json or package.json, which Nx prefers`,
      file: 'workspace.json',
      hint: 'use one name',
    });
  }
  return diagnostics;
}
