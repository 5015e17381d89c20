import type { Tree } from '@nx/devkit';
import { readJson, writeJson } from '@nx/devkit';
import type { StageOptions } from '@caffe-quant/pipeline';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { findJsonError } from '../../json-error.ts';

const WORKSPACE_JSON = 'workspace.json';
const QUICK_ITERATIONS = 20;

/**
 * Gives a project its name, and a configuration `quick` that shows in a minute whether everything fits: in workspace.json
 * where the workspace has one, else in the folder's project.json. What is declared already stays.
 *
 * @param options those of quantize-retrain, which hold for all stages
 * @throws DiagnosticsError where workspace.json is none, or has the name for another folder
 */
export function declareProject(tree: Tree, name: string, root: string, options: StageOptions): void {
  const targets = {
    'quantize-retrain': {
      executor: '@caffe-quant/nx:quantize-retrain',
      ...(Object.keys(options).length > 0 && { options }),
      configurations: { quick: { maxIter: QUICK_ITERATIONS, outDir: `dist/quantize/${name}-quick` } },
    },
  };
  if (tree.exists(WORKSPACE_JSON)) {
    const workspace = readWorkspaceJson(tree);
    const projects = (workspace['projects'] ?? {}) as Record<string, string | { root?: string }>;
    const known = projects[name];
    const folder = typeof known === 'string' ? known : known?.root;
    if (folder === undefined) {
      writeJson(tree, WORKSPACE_JSON, { ...workspace, projects: { ...projects, [name]: { root, targets } } });
    } else if (folder.replace(/\/$/, '') !== root) {
      throw problem(`the project '${name}' is in ${folder} already`, 'choose another name');
    }
    return;
  }
  const file = `${root}/project.json`;
  if (!tree.exists(file)) {
    writeJson(tree, file, { name, targets });
  }
}

function readWorkspaceJson(tree: Tree): Record<string, unknown> {
  try {
    return readJson<Record<string, unknown>>(tree, WORKSPACE_JSON);
  } catch {
    const { expected } = findJsonError(tree.read(WORKSPACE_JSON, 'utf8') ?? '');
    throw problem(`the file is not JSON: expected ${expected}`);
  }
}

function problem(message: string, hint?: string): DiagnosticsError {
  const file = WORKSPACE_JSON;
  return new DiagnosticsError([
    { code: 'workspace-json', severity: 'error', message, file, ...(hint !== undefined && { hint }) },
  ]);
}
