import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { dataError, unreadable } from './data-error.ts';
import type { ListEntry, ListKind } from './list-entry.ts';
import { isFolder, listFolder } from './list-folder.ts';
import { GIT_LFS_POINTER_LIMIT, readGitLfsPointer } from './git-lfs-pointer.ts';

/** Messages about one list at most. */
const MOST_PROBLEMS = 3;

/** Lines by which the folder of a list's files is found. */
const FIRST_LINES = 10;

/**
 * Reads the text file that a data layer names as its source; a folder is the list of the files in it. Of a line `path label`, the label is what follows the last
 * blank, so paths may have blanks (image_data_layer.cpp). Where nobody reads the labels, a line that does not end in a
 * number is a path. Lines of HDF5 files are paths. Blank lines are left out.
 *
 * @throws DiagnosticsError at its lines where it cannot be read, names nothing, or has lines without a whole-numbered label
 */
export function readListFile(file: string, kind: ListKind): ListEntry[] {
  if (isFolder(file)) return listFolder(file, kind);
  const entries: ListEntry[] = [];
  const problems: Diagnostic[] = [];
  readText(file)
    .split('\n')
    .forEach((text, index) => {
      const line = index + 1;
      const content = text.replace(/\r$/, '');
      if (content.trim() === '') return;
      const entry = ENTRIES[kind](content, line);
      if (typeof entry !== 'string') entries.push(entry);
      else problems.push({ code: 'list-line', severity: 'error', file, line, message: entry, hint: IMAGES_HINT });
    });
  if (problems.length > 0) throw new DiagnosticsError(firstOf(problems));
  if (entries.length > 0) return entries;
  throw dataError('data-empty', file, kind === 'hdf5' ? 'the list names no HDF5 file' : 'the list names no image');
}

const IMAGES_HINT =
  'write each line as `<path> <label>`, the label a whole number; HDF5Data takes labels of other kinds; paths alone are ' +
  'enough where no layer reads the labels';

/** How a line of each kind is read: as an entry, or as what is wrong with it. */
const ENTRIES: Readonly<Record<ListKind, (content: string, line: number) => ListEntry | string>> = {
  images: imageEntry,
  paths: pathEntry,
  hdf5: (content, line) => ({ path: content.trim(), label: 0, line }),
};

function firstOf(problems: readonly Diagnostic[]): Diagnostic[] {
  const first = problems.slice(0, MOST_PROBLEMS);
  const others = problems.length - first.length;
  if (others === 0) return first;
  return first.map((problem, i) =>
    i < first.length - 1
      ? problem
      : { ...problem, message: `${problem.message}, and ${others.toLocaleString('en')} more` },
  );
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A label that nobody reads may be any number, or be absent. */
function pathEntry(content: string, line: number): ListEntry {
  const { path, label } = splitLine(content);
  return path !== '' && NUMBER.test(label) ? { path, label: 0, line } : { path: content.trim(), label: 0, line };
}

/** @returns what is wrong with the line, where it is not an entry */
function imageEntry(content: string, line: number): ListEntry | string {
  const { path, label } = splitLine(content);
  if (path === '') return `the line has no label: '${shorten(content.trimEnd())}'`;
  if (!/^[+-]?\d+$/.test(label)) return `the label '${shorten(label)}' is not a whole number`;
  return { path, label: Number(label), line };
}

/** At the last blank; a line without blanks is all label. */
function splitLine(content: string): { path: string; label: string } {
  const text = content.trimEnd();
  // Caffe's older versions took any white space.
  const cut = Math.max(text.lastIndexOf(' '), text.includes(' ') ? -1 : text.lastIndexOf('\t'));
  return { path: text.slice(0, Math.max(cut, 0)).trimEnd(), label: text.slice(cut + 1) };
}

const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}...` : text);

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw unreadable(file, error);
  }
  if (bytes.length > GIT_LFS_POINTER_LIMIT || readGitLfsPointer(bytes) === undefined) return bytes.toString('utf8');
  throw dataError('git-lfs-pointer', file, 'is a Git LFS pointer, not the list itself', 'run `git lfs pull`');
}

/** Where the files of a list are. */
export interface ListPlace {
  /** Put before each path as it is, without a `/` of its own, as Caffe does. */
  readonly rootFolder: string;
  /** Where a relative path may begin, in order of preference; the folder of the list comes last. */
  readonly folders: readonly string[];
}

/**
 * The files that a list names, as paths that can be opened. Relative ones all begin at one folder, as they do in Caffe: the
 * first that has one of the files, by the first few lines.
 */
export function listedFiles(
  listFile: string,
  entries: readonly ListEntry[],
  { rootFolder, folders }: ListPlace,
): string[] {
  const paths = entries.map(({ path }) => rootFolder + path);
  if (isFolder(listFile)) return paths.map((path) => resolve(listFile, path));
  const all = [...folders, dirname(listFile)];
  const base = all.find((folder) => paths.slice(0, FIRST_LINES).some((path) => existsSync(resolve(folder, path))));
  const start = base ?? all[0]!;
  return paths.map((path) => (isAbsolute(path) ? path : resolve(start, path)));
}

/** What to do where a listed file is not there; nothing where it is. */
export function absentHint(path: string, file: string): { readonly hint?: string } {
  if (existsSync(file) || !isAbsolute(path)) return {};
  return {
    hint: 'the list has paths of another machine; write them relative to the list, or to the folder of all data',
  };
}
