import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { dataError, unreadable } from './data-error.ts';
import type { ListEntry, ListKind } from './list-entry.ts';

/** Files that are taken, by the ends of their names. */
const TAKEN: Readonly<Record<ListKind, RegExp>> = {
  images: /\.(png|jpe?g|bmp)$/i,
  paths: /\.(png|jpe?g|bmp)$/i,
  hdf5: /\.(h5|hdf5)$/i,
};

/** Images of kinds that are not decoded: leaving them out without a word would make another data set. */
const OTHER_IMAGES = /\.(tiff?|gif|webp|jp2|ppm|pgm|pbm|heic|avif)$/i;

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Whether a folder has no file of a kind, as in a clone without the data. */
export function isEmptyFolder(folder: string, kind: ListKind): boolean {
  return filesIn(folder).every((path) => !TAKEN[kind].test(path) && !OTHER_IMAGES.test(path));
}

/**
 * The files of a folder as a list, by their names, folders within included. Where labels are wanted, each folder within is a
 * class: a folder named by a whole number has that label, else the folders count from 0 in the order of their names.
 *
 * @throws DiagnosticsError where there is none, where one cannot be read, and where labels are wanted and a file is in none
 *   of the folders within
 */
export function listFolder(folder: string, kind: ListKind): ListEntry[] {
  const all = filesIn(folder);
  const others = kind === 'hdf5' ? [] : all.filter((path) => OTHER_IMAGES.test(path));
  if (others.length > 0) {
    const message = `images of this kind cannot be read: ${shortList(others)}`;
    throw new DiagnosticsError([
      problem(folder, message, 'convert them to PNG or JPEG, or take them out of the folder'),
    ]);
  }
  const paths = all.filter((path) => TAKEN[kind].test(path));
  if (paths.length === 0)
    throw dataError('data-empty', folder, `the folder has no ${kind === 'hdf5' ? 'HDF5 file' : 'image'}`);
  if (kind !== 'images') return paths.map((path) => ({ path, label: 0 }));
  const unlabelled = paths.filter((path) => !path.includes('/'));
  if (unlabelled.length > 0) {
    const message = `the folder says no label of ${shortList(unlabelled)}`;
    const hint =
      'put the images of each class into a folder of its own there, or give a list of lines `<path> <label>`';
    throw new DiagnosticsError([problem(folder, message, hint)]);
  }
  const labels = labelsOf([...new Set(paths.map(classOf))]);
  return paths.map((path) => ({ path, label: labels.get(classOf(path))! }));
}

const classOf = (path: string): string => path.slice(0, path.indexOf('/'));

function labelsOf(classes: readonly string[]): Map<string, number> {
  const areNumbers = classes.every((name) => /^\d+$/.test(name));
  return new Map(classes.map((name, index) => [name, areNumbers ? Number(name) : index]));
}

/** In the order of their names, which is that of code units: the same on every machine. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort();
  } catch (error) {
    throw unreadable(folder, error);
  }
}

const MOST_NAMED = 3;

function shortList(paths: readonly string[]): string {
  const more = paths.length - MOST_NAMED;
  return `${paths.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}`;
}

function problem(file: string, message: string, hint: string): Diagnostic {
  return { code: 'data-folder', severity: 'error', file, message, hint };
}
