import type { DataSource } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { DataReference } from './data-references.ts';
import type { Project } from './load-project.ts';
import type { LookUp } from './project-place.ts';
import { lookUp, referenceFolders, whereTried } from './project-place.ts';

/** Looks up a path that the net's prototxt gives, such as a data layer's `source`. */
export function lookUpData(project: Project, path: string): LookUp {
  return lookUp(path, dataFolders(project), project.place);
}

/** Where paths of the net's prototxt may begin, in order of preference; so may those in its lists of files. */
export function dataFolders({ netFile, place, dataRoot }: Project): string[] {
  return referenceFolders(netFile, place, dataRoot);
}

/** Data that the net names, to be fingerprinted where they are. */
export function dataSource(project: Project, reference: DataReference, path: string | undefined): DataSource {
  const { name, line, layer, lists } = reference;
  const listed = lists && { ...lists, folders: dataFolders(project) };
  return { name, path, file: project.netFile.shown, line, layer, ...(listed && { lists: listed }) };
}

/**
 * The absolute path of data that the net's prototxt names.
 *
 * @throws DiagnosticsError with every place that was tried
 */
export function dataPath(project: Project, path: string): string {
  const found = lookUpData(project, path);
  if (found.found) return found.found.path;
  throw new DiagnosticsError([absentData(project, path, found)]);
}

export function absentData(project: Project, path: string, tried: LookUp): Diagnostic {
  const { layer, line } = project.data.find((reference) => reference.path === path) ?? {};
  return {
    code: 'data-absent',
    severity: 'error',
    message: `there is no data '${path}'${whereTried(tried)}`,
    file: project.netFile.shown,
    ...(line !== undefined && { line }),
    ...(layer !== undefined && { layer }),
    hint: 'name its folder by the option dataRoot, or bring the data there',
  };
}
