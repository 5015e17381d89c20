import type { Tree } from '@nx/devkit';
import { readJson, writeJson } from '@nx/devkit';
import type { StageOptions } from '@caffe-quant/pipeline';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { findJsonError } from '../../json-error.ts';

const WORKSPACE_JSON = 'workspace.json';
const TOP = 'quantize-retrain';
const QUICK_ITERATIONS = 20;

/**
 * Gives a project its name, and a configuration `quick` that shows in a minute whether everything fits: in workspace.json
 * where the workspace has one, else in the folder's project.json. What is declared already stays, but for the options that
 * the model needs now.
 *
 * @param options those of quantize-retrain, which hold for all stages
 * @returns what is to be said of options that were another
 * @throws DiagnosticsError where workspace.json is none, or has the name for another folder
 */
export function declareProject(tree: Tree, name: string, root: string, options: StageOptions): string[] {
  const targets = {
    [TOP]: {
      executor: '@caffe-quant/nx:quantize-retrain',
      ...(Object.keys(options).length > 0 && { options }),
      configurations: { quick: { maxIter: QUICK_ITERATIONS, outDir: `dist/quantize/${name}-quick` } },
    },
  };
  if (tree.exists(WORKSPACE_JSON)) {
    const workspace = readWorkspaceJson(tree);
    const projects = (workspace['projects'] ?? {}) as Record<string, string | ProjectEntry>;
    const known = projects[name];
    const folder = typeof known === 'string' ? known : known?.root;
    if (folder === undefined) {
      writeJson(tree, WORKSPACE_JSON, { ...workspace, projects: { ...projects, [name]: { root, targets } } });
      return [];
    }
    if (folder.replace(/\/$/, '') !== root) {
      throw problem(`the project '${name}' is in ${folder} already`, 'choose another name');
    }
    const { entry, remarks } = withOptions(typeof known === 'string' ? { root } : known!, options, WORKSPACE_JSON);
    if (remarks.length > 0) writeJson(tree, WORKSPACE_JSON, { ...workspace, projects: { ...projects, [name]: entry } });
    return remarks;
  }
  const file = `${root}/project.json`;
  if (!tree.exists(file)) {
    writeJson(tree, file, { name, targets });
    return [];
  }
  const { entry, remarks } = withOptions(readJson<ProjectEntry>(tree, file), options, file);
  if (remarks.length > 0) writeJson(tree, file, entry);
  return remarks;
}

interface ProjectEntry {
  readonly root?: string;
  readonly targets?: Readonly<Record<string, { readonly options?: StageOptions }>>;
}

/** A declaration with the options that a model needs. */
function withOptions(
  entry: ProjectEntry,
  needed: StageOptions,
  file: string,
): { entry: ProjectEntry; remarks: string[] } {
  const top = entry.targets?.[TOP];
  const before = top?.options ?? {};
  const changed = (['mode', 'net', 'select'] as const).filter((name) => needed[name] !== before[name]);
  const remarks = changed
    // Another net, or another choice of weights, is the user's, as long as the mode is the same.
    .filter((name) => name === 'mode' || (needed[name] !== undefined && before[name] === undefined))
    .map(
      (name) =>
        `${file}: the option ${name} of ${TOP} is ${needed[name] ?? 'taken out'} now, and was ${before[name] ?? 'not set'}`,
    );
  const { mode: _, ...rest } = before;
  const options = { ...needed, ...rest, ...(needed.mode !== undefined && { mode: needed.mode }) };
  return { entry: { ...entry, targets: { ...entry.targets, [TOP]: { ...top, options } } }, remarks };
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
