import { isAbsolute, relative, sep } from 'node:path';
import { realpathSync } from 'node:fs';
import { listedFiles, readListFile } from '@caffe-quant/caffe-io';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { dataFolders, lookUpData } from './data-path.ts';
import type { DataReference } from './data-references.ts';
import type { Project } from './project.ts';

/**
 * Warnings of data that lie outside of the workspace and of the folder of the option `dataRoot`, links followed: a prototxt or a list
 * from elsewhere may name any file of this machine. Of a list the first such line is told, and how many others there are.
 */
export function outsidePaths(project: Project): Diagnostic[] {
  const inside = [project.place.workspaceRoot, ...(project.dataRoot === undefined ? [] : [project.dataRoot])].map(
    realPath,
  );
  const isOutside = (path: string): boolean => {
    const real = realPath(path);
    return inside.every((folder) => leaves(relative(folder, real)));
  };
  return project.data.flatMap((reference) => {
    const path = lookUpData(project, reference).found?.path;
    if (path === undefined) return [];
    const { file, line, layer } = reference;
    const at = { file, layer, ...(line !== undefined && { line }) };
    const own = isOutside(path) ? [outside(`'${reference.path}' is ${path}`, at)] : [];
    return [...own, ...outsideLines(project, reference, path, isOutside)];
  });
}

function outsideLines(
  project: Project,
  { lists, phases: [phase] }: DataReference,
  listFile: string,
  isOutside: (path: string) => boolean,
): Diagnostic[] {
  if (!lists) return [];
  try {
    const entries = readListFile(listFile, lists.kind);
    const place = { rootFolder: lists.rootFolder, folders: dataFolders(project, phase!) };
    const files = listedFiles(listFile, entries, place);
    // A link in the middle of thousands of files is not looked for: each list has one folder, and paths that leave it are written so.
    const [first, ...others] = files.flatMap((path, i) =>
      isWrittenOutside(entries[i]!.path, i) && isOutside(path) ? [i] : [],
    );
    if (first === undefined) return [];
    const more = others.length > 0 ? `, and so are ${others.length.toLocaleString('en')} more of the list` : '';
    const { path, line } = entries[first]!;
    const at = { file: listFile, ...(line !== undefined && { line }) };
    return [outside(`'${path}' is ${files[first]}`, at, more)];
  } catch (error) {
    // What is wrong with the list is told where it is read.
    if (error instanceof DiagnosticsError) return [];
    throw error;
  }
}

/** The first file stands for those that are written as lying below the list's folder. */
const isWrittenOutside = (path: string, index: number): boolean =>
  index === 0 || isAbsolute(path) || path.split(/[/\\]/).includes('..');

const outside = (what: string, at: Pick<Diagnostic, 'file' | 'line' | 'layer'>, more = ''): Diagnostic => ({
  ...{ code: 'data-outside', severity: 'warning', ...at },
  message: `${what}, outside of the workspace and of dataRoot${more}`,
  hint: 'name the folder of the data by the option dataRoot, if that is where they are meant to be read from',
});

const leaves = (path: string): boolean => path.split(sep)[0] === '..' || isAbsolute(path);

/** As it is where it does not exist. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
