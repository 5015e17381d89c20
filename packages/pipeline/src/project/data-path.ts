import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { Project } from './load-project.ts';
import type { LookUp } from './project-place.ts';
import { lookUp, referenceFolders, whereTried } from './project-place.ts';

/** Looks up a path that the net's prototxt gives, such as a data layer's `source`. */
export function lookUpData(project: Project, name: string): LookUp {
  return lookUp(name, referenceFolders(project.netFile, project.place, project.dataRoot), project.place);
}

/**
 * The absolute path of data that the net's prototxt names.
 *
 * @throws DiagnosticsError with every place that was tried
 */
export function dataPath(project: Project, name: string): string {
  const found = lookUpData(project, name);
  if (found.found) return found.found.path;
  throw new DiagnosticsError([absentData(project, name, found)]);
}

export function absentData(project: Project, name: string, tried: LookUp): Diagnostic {
  const { layer, line } = project.data.find((reference) => reference.name === name) ?? {};
  return {
    code: 'data-absent',
    severity: 'error',
    message: `there is no data '${name}'${whereTried(tried)}`,
    file: project.netFile.shown,
    ...(line !== undefined && { line }),
    ...(layer !== undefined && { layer }),
    hint: 'name its folder by the option dataRoot, or bring the data there',
  };
}
