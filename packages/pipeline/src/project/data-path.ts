import type { DataSource, Phase } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { DataReference } from './data-references.ts';
import type { Project } from './project.ts';
import type { LookUp } from './project-place.ts';
import { lookUp, referenceFolders, whereTried } from './project-place.ts';

/** Looks up what the net's prototxt names, such as a data layer's `source`. */
export function lookUpData(project: Project, { path, phases: [phase] }: DataReference): LookUp {
  return lookUpIn(project, path, phase!);
}

function lookUpIn(project: Project, path: string, phase: Phase): LookUp {
  return lookUp(path, dataFolders(project, phase), project.place);
}

/** Where paths of the prototxt of a phase may begin, in order of preference; so may those in its lists of files. */
export function dataFolders({ netFiles, place, dataRoot }: Project, phase: Phase): string[] {
  return referenceFolders(netFiles[phase], place, dataRoot);
}

/** Data that the net names, to be fingerprinted where they are. */
export function dataSource(project: Project, reference: DataReference, path: string | undefined): DataSource {
  const { name, file, line, layer, lists, phases } = reference;
  const listed = lists && { ...lists, folders: dataFolders(project, phases[0]!) };
  return { name, path, file, line, layer, ...(listed && { lists: listed }) };
}

/**
 * The absolute path of data that the prototxt of a phase names.
 *
 * @throws DiagnosticsError with every place that was tried
 */
export function dataPath(project: Project, path: string, phase: Phase): string {
  const found = lookUpIn(project, path, phase);
  if (found.found) return found.found.path;
  const reference = project.data.find((each) => each.path === path && each.phases.includes(phase));
  throw new DiagnosticsError([absentData({ path, file: project.netFiles[phase].shown, ...reference }, found)]);
}

type Place = Pick<DataReference, 'path' | 'file'> & Partial<Pick<DataReference, 'line' | 'layer'>>;

export function absentData(reference: Place, tried: LookUp): Diagnostic {
  return {
    ...placeOf(reference),
    ...{ code: 'data-absent', severity: 'error' },
    message: `there is no data '${reference.path}'${whereTried(tried)}`,
    hint: 'name its folder by the option dataRoot, or bring the data there',
  };
}

/** Errors where the prototxts of the two phases, in different folders, mean different data by one path: data go by that. */
export function dataClashes(project: Project): Diagnostic[] {
  return project.data.flatMap((reference) => {
    const [one, other] = reference.phases.map((phase) => lookUpIn(project, reference.path, phase).found);
    if (!one || !other || one.path === other.path) return [];
    const message = `'${reference.path}' is ${one.shown} in ${reference.phases[0]}, but ${other.shown} in ${reference.phases[1]}`;
    const hint = 'give one of them another name, or say the whole path';
    return [{ ...placeOf(reference), code: 'data-clash', severity: 'error', message, hint }];
  });
}

const placeOf = ({ file, line, layer }: Place) => ({
  file,
  ...(line !== undefined && { line }),
  ...(layer !== undefined && { layer }),
});
