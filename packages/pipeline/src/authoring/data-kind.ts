import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isLevelDb, readListFile } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';

/** The layer that reads a data set, and what it has to say for that. */
export type DataKind =
  | { readonly type: 'Data'; readonly backend: 'LMDB' | 'LEVELDB' }
  | { readonly type: 'ImageData'; readonly hasLabels: boolean }
  | { readonly type: 'HDF5Data' };

/** A data set that a user gives. */
export interface GivenData {
  /** As it goes into the prototxt. */
  readonly source: string;
  /** Absent: it is not here, so nobody can tell. */
  readonly kind?: DataKind;
}

/** So much of a list is looked at to tell what it names. */
const LIST_BYTES = 1 << 16;

/**
 * What a path holds: an LMDB, a LevelDB, images in a folder or in a list, HDF5 files in a folder or in a list.
 *
 * @param path where it is
 * @param source as the user gives it, for messages
 * @throws DiagnosticsError where there is something else
 */
export function givenData(path: string, source: string): GivenData {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { source };
  if (stat.isDirectory()) return { source, kind: kindOfFolder(path, source) };
  // What LMDB calls the file within; Caffe wants the folder.
  if (basename(path) === 'data.mdb') return givenData(dirname(path), dirname(source));
  if (/\.(h5|hdf5)$/i.test(path)) {
    throw problem(
      source,
      'an HDF5 file is no data source by itself',
      'give its folder, or a list with its path on a line',
    );
  }
  return { source, kind: kindOfList(path, source) };
}

function kindOfFolder(path: string, source: string): DataKind {
  if (existsSync(join(path, 'data.mdb'))) return { type: 'Data', backend: 'LMDB' };
  if (isLevelDb(path)) return { type: 'Data', backend: 'LEVELDB' };
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  if (names.some((name) => /\.(png|jpe?g|bmp)$/i.test(name))) {
    // That they can be read at all; throws what is wrong.
    readListFile(path, 'paths');
    return { type: 'ImageData', hasLabels: hasLabels(path) };
  }
  if (names.some((name) => /\.(h5|hdf5)$/i.test(name))) return { type: 'HDF5Data' };
  const hint = 'a folder is an LMDB (data.mdb), a LevelDB (CURRENT), or has images (PNG, JPEG, BMP) or HDF5 files';
  throw problem(source, 'the folder holds no data that can be read', hint);
}

function kindOfList(path: string, source: string): DataKind {
  const lines = readFileSync(path).subarray(0, LIST_BYTES).toString('latin1').split(/\r?\n/);
  const [first = ''] = lines.filter((line) => line.trim() !== '');
  if (/\.(h5|hdf5)$/i.test(first.trim())) return { type: 'HDF5Data' };
  if (/\.(png|jpe?g|bmp)(\s|$)/i.test(first)) return { type: 'ImageData', hasLabels: hasLabels(path) };
  const hint =
    'a list has on each line the path of an image and its label, the path of an image alone, or the path of an HDF5 file';
  throw problem(source, 'the file is no list of images or HDF5 files', hint);
}

function hasLabels(path: string): boolean {
  try {
    readListFile(path, 'images');
    return true;
  } catch (error) {
    if (error instanceof DiagnosticsError) return false;
    throw error;
  }
}

function problem(file: string, message: string, hint: string): DiagnosticsError {
  return new DiagnosticsError([{ code: 'data-kind', severity: 'error', message, file, hint }]);
}
