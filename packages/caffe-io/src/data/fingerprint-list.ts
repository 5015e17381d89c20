import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { digestFile } from './digest-file.ts';
import type { DigestOptions, FileDigest } from './digest-file.ts';
import { digestFiles } from './digest-files.ts';
import { isEmptyFolder, isFolder } from './list-folder.ts';
import { absentHint, listedFiles, readListFile } from './list-file.ts';
import type { ListEntry, ListKind } from './list-entry.ts';
import type { ListPlace } from './list-file.ts';
import type { FileFingerprint, PresentSource } from './source-fingerprint.ts';

/** A list of files with data: what it lists, and where that is. */
export interface ListedData extends ListPlace {
  readonly kind: ListKind;
}

/** A list that is here without the files that it lists. */
export interface ListAlone {
  readonly list: FileFingerprint;
  /** The first of the files. */
  readonly absent: { readonly line?: number; readonly file: string };
  readonly listed: number;
}

/** So many files are told one by one; of more, there is one digest of all. */
const ONE_BY_ONE = 64;
/** Missing files named at most. */
const MOST_PROBLEMS = 10;

/**
 * The fingerprint of a list and of the files that it lists. The list has their order and labels; of more than 64 files, one
 * entry has the digest of their digests in this order.
 *
 * @throws DiagnosticsError at the list's lines, where it is not a list or some, but not all, of the files are missing
 */
export async function fingerprintList(
  listFile: string,
  lists: ListedData,
  options: DigestOptions,
): Promise<PresentSource | ListAlone | undefined> {
  if (isFolder(listFile)) return fingerprintFolder(listFile, lists, options);
  const listDigest = await digestFile(listFile, options);
  const list = fileOf(basename(listFile), listDigest);
  // Only the list itself would say what it lists.
  if (listDigest.isPointer) return { list, absent: { line: 1, file: listFile }, listed: 1 };
  const entries = readListFile(listFile, lists.kind);
  const files = listedFiles(listFile, entries, lists);
  const missing = files.flatMap((file, i) => (existsSync(file) ? [] : [i]));
  if (missing.length === files.length) {
    const [{ line }] = entries as [ListEntry];
    return { list, absent: { ...(line !== undefined && { line }), file: files[0]! }, listed: files.length };
  }
  if (missing.length > 0) throw missingFiles(listFile, entries, files, missing);
  const digests = await digestFiles(files, listFile, options);
  const fingerprint = {
    files: [list, ...contentOf(basename(listFile), entries, digests)].sort(byName),
    ...(lists.kind !== 'hdf5' && { records: entries.length }),
  };
  return { fingerprint, isPointer: digests.some(({ isPointer }) => isPointer) };
}

/** A folder in the place of a list: the names of its files say their order and labels. An empty one is as good as none. */
async function fingerprintFolder(
  folder: string,
  lists: ListedData,
  options: DigestOptions,
): Promise<PresentSource | undefined> {
  if (isEmptyFolder(folder, lists.kind)) return undefined;
  const entries = readListFile(folder, lists.kind);
  const digests = await digestFiles(listedFiles(folder, entries, lists), folder, options);
  const fingerprint = {
    files: contentOf(basename(folder), entries, digests).sort(byName),
    ...(lists.kind !== 'hdf5' && { records: entries.length }),
  };
  return { fingerprint, isPointer: digests.some(({ isPointer }) => isPointer) };
}

/** Whether a list can be read and a file that it lists is here. A list that is broken counts as one with its files. */
export function isListedPresent(listFile: string, lists: ListedData): boolean {
  if (isFolder(listFile) && isEmptyFolder(listFile, lists.kind)) return false;
  try {
    return listedFiles(listFile, readListFile(listFile, lists.kind), lists).some((file) => existsSync(file));
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics.every(({ code }) => code !== 'git-lfs-pointer');
  }
}

function contentOf(listName: string, entries: readonly ListEntry[], digests: readonly FileDigest[]): FileFingerprint[] {
  const byPath = new Map(entries.map(({ path }, i) => [path, fileOf(path, digests[i]!)]));
  if (byPath.size <= ONE_BY_ONE) return [...byPath.values()];
  const hash = createHash('sha256');
  let size = 0;
  for (const file of byPath.values()) {
    hash.update(`${file.sha256} ${file.name}\n`);
    size += file.size;
  }
  return [{ name: `${byPath.size} files of ${listName}`, size, sha256: hash.digest('hex') }];
}

const fileOf = (name: string, { size, sha256 }: FileDigest): FileFingerprint => ({ name, size, sha256 });
const byName = (a: FileFingerprint, b: FileFingerprint): number => (a.name < b.name ? -1 : 1);

function missingFiles(
  listFile: string,
  entries: readonly ListEntry[],
  files: readonly string[],
  missing: readonly number[],
): DiagnosticsError {
  const named = missing.slice(0, MOST_PROBLEMS);
  const diagnostics = named.map((i): Diagnostic => {
    const { line, path } = entries[i]!;
    const more =
      i === named.at(-1) && missing.length > named.length ? `, and ${missing.length - named.length} more` : '';
    const message = `there is no file ${files[i]}${more}`;
    const at = { file: listFile, ...(line !== undefined && { line }) };
    return { code: 'data-absent', severity: 'error', ...at, message, ...absentHint(path, files[i]!) };
  });
  return new DiagnosticsError(diagnostics);
}
