import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, posix } from 'node:path';
import type { Tree } from '@nx/devkit';
import { logger } from '@nx/devkit';
import type { NamedText, Override } from '@caffe-quant/pipeline';
import { addOverride, netOfSolver } from '@caffe-quant/pipeline';
import { DiagnosticsError, formatDiagnostics } from 'caffe-prototxt-parser';
import type { ModelProject } from '../../model-project.ts';
import { findModelProject } from '../../model-project.ts';

export interface OverrideOptions extends Override {
  readonly project: string;
}

/**
 * Adds an override to a project's quant.cfg, or sets values in the one that is there; comments and all else stay.
 *
 * @throws DiagnosticsError where the net has no such layer, or the override says what it must not; nothing is written then
 */
export default async function override(tree: Tree, { project: name, ...request }: OverrideOptions): Promise<void> {
  const project = findModelProject(tree, name);
  const { config = 'quant.cfg', compat } = project.options;
  const configFile = read(tree, project, config, 'the quantization config');
  const { text, diagnostics } = addOverride(configFile, netOf(tree, project), request, compat);
  tree.write(configFile.file, text);
  if (diagnostics.length > 0) logger.warn(formatDiagnostics(diagnostics, new Map([[configFile.file, text]])));
}

/** The net as the stages find it: by the option, else as the solver names it. */
function netOf(tree: Tree, project: ModelProject): NamedText {
  const { net, solver = 'solver.prototxt' } = project.options;
  if (net !== undefined) return read(tree, project, net, 'the net');
  const solverFile = read(tree, project, solver, 'the solver');
  const named = (path: string) => read(tree, project, path, `the net that ${solverFile.file} names`);
  return netOfSolver(solverFile, named).net;
}

/** A file of text by the path that an option or a prototxt gives; `file` of the result is from the workspace root. */
function read(tree: Tree, { root, options }: ModelProject, path: string, what: string): NamedText {
  const folders = [...(options.dataRoot === undefined ? [] : [options.dataRoot]), root, '.'];
  const candidates = isAbsolute(path) ? [path] : folders.map((folder) => posix.join(folder, path));
  for (const file of candidates) {
    if (!isAbsolute(file)) {
      const content = tree.read(file, 'utf8');
      if (content !== null) return { file, text: content };
    } else if (existsSync(file)) return { file, text: readFileSync(file, 'utf8') };
  }
  const message = `${what} is not there; tried ${candidates.join(', ')}`;
  throw new DiagnosticsError([{ code: 'no-file', severity: 'error', message }]);
}
