import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';

/** Where a project is. */
export interface ProjectPlace {
  readonly name: string;
  /** Absolute. */
  readonly root: string;
  /** Absolute. */
  readonly workspaceRoot: string;
}

/** A file of the user: where it is, and what messages and results call it. */
export interface ProjectFile {
  /** Absolute. */
  readonly path: string;
  /** From the workspace root, with `/`; absolute where it lies outside. */
  readonly shown: string;
}

export function projectFile(path: string, { workspaceRoot }: ProjectPlace): ProjectFile {
  const fromRoot = relative(workspaceRoot, path);
  const isOutside = fromRoot === '' || fromRoot.split(sep)[0] === '..' || isAbsolute(fromRoot);
  return { path, shown: (isOutside ? path : fromRoot).split(sep).join('/') };
}

/** A path that the user gave, looked up. */
export interface LookUp {
  /** Absent where it is in none of the places. */
  readonly found?: ProjectFile;
  readonly tried: readonly ProjectFile[];
}

/** Tries a path against folders, in order; an absolute one is tried as it is. */
export function lookUp(reference: string, folders: readonly string[], place: ProjectPlace): LookUp {
  const paths = isAbsolute(reference) ? [reference] : folders.map((folder) => resolve(folder, reference));
  const tried: ProjectFile[] = [];
  for (const path of new Set(paths)) {
    const candidate = projectFile(path, place);
    tried.push(candidate);
    if (existsSync(path)) return { found: candidate, tried };
  }
  return { tried };
}

/** Where a path given by an option is looked up. */
export function optionFolders({ root, workspaceRoot }: ProjectPlace): string[] {
  return [root, workspaceRoot];
}

/** Where a path in a prototxt is looked up: Caffe itself takes it from wherever it is started. */
export function referenceFolders(file: ProjectFile, place: ProjectPlace, dataRoot: string | undefined): string[] {
  return [...(dataRoot === undefined ? [] : [dataRoot]), dirname(file.path), place.root, place.workspaceRoot];
}

/** `; tried a, b and c` for a message. */
export function whereTried({ tried }: LookUp): string {
  const names = tried.map(({ shown }) => shown);
  const last = names.pop() ?? '';
  return `; tried ${names.length === 0 ? last : `${names.join(', ')} and ${last}`}`;
}
