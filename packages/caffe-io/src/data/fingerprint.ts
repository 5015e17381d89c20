import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { databaseChecks } from './check-database.ts';
import { systemErrorCode, unreadable } from './data-error.ts';
import { describeDifference, readDataLock } from './data-lock.ts';
import { digestFile } from './digest-file.ts';
import type { DigestOptions } from './digest-file.ts';
import { fingerprintList, isListedPresent } from './fingerprint-list.ts';
import type { ListAlone, ListedData } from './fingerprint-list.ts';
import { isLevelDb, levelDbContent } from './leveldb-folder.ts';
import { countLmdbRecords } from './lmdb.ts';
import type { FileFingerprint, PresentSource, SourceFingerprint } from './source-fingerprint.ts';

/** A data set, or a file kept outside of git, that a project reads. */
export interface DataSource {
  /** What the lock knows it by: the path as the project's files give it. */
  readonly name: string;
  /** Where it is; it may be absent, and `undefined` means so. */
  readonly path: string | undefined;
  /** It is a text file that lists the files with the data. */
  readonly lists?: ListedData | undefined;
  /** Where it is asked for, for diagnostics. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly layer?: string | undefined;
}

export interface FingerprintOptions extends DigestOptions {
  /** The project's `data.lock.json`; it need not exist. */
  readonly lockFile?: string | undefined;
}

export interface SourceFingerprints {
  /** By the names of the sources, in the order of the names. */
  readonly sources: Readonly<Record<string, SourceFingerprint>>;
  /** Sources that the lock does not have: a clone without their data cannot use cached results. */
  readonly unlocked: readonly string[];
}

/** Lock files and logs, which reading programs write into a data set's folder. */
const NOT_DATA = new Set(['lock.mdb', 'LOCK', 'LOG', 'LOG.old']);

/**
 * Fingerprints of all sources: of the data where it is present, which must agree with the lock; else the lock's.
 *
 * @throws DiagnosticsError with each source that differs from the lock, that is neither present nor locked, or
 *   that cannot be read
 */
export async function fingerprintSources(
  sources: readonly DataSource[],
  options: FingerprintOptions = {},
): Promise<SourceFingerprints> {
  const { lockFile } = options;
  const lock = lockFile === undefined ? undefined : await readDataLock(lockFile);
  const found: [string, SourceFingerprint][] = [];
  const unlocked: string[] = [];
  const problems: Diagnostic[] = [];
  for (const source of sources) {
    const locked = lock && Object.hasOwn(lock, source.name) ? lock[source.name] : undefined;
    try {
      const present =
        source.path === undefined ? undefined : await fingerprintPresent(source.path, source.lists, options);
      if (locked === undefined) unlocked.push(source.name);
      if (present && 'absent' in present) {
        // The list is in git, what it lists is not.
        const difference = locked && describeDifference({ files: [present.list] }, filesOf(locked, present.list.name));
        if (locked === undefined) problems.push(absentListed(source, present));
        else if (difference !== undefined) problems.push(differs(source, lockFile, difference));
        else found.push([source.name, locked]);
        continue;
      }
      if (present === undefined && locked === undefined) {
        problems.push(absent(source, lockFile));
        continue;
      }
      const difference = present && locked && describeDifference(present.fingerprint, locked);
      if (difference !== undefined) problems.push(differs(source, lockFile, difference));
      else if (present?.isPointer && locked === undefined) problems.push(pointer(source));
      else found.push([source.name, locked ?? present!.fingerprint]);
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      // A damaged data set that is locked differs from its lock too, which says what it should be.
      const difference = locked && (await differenceOf(source, locked, options));
      if (difference !== undefined) problems.push(differs(source, lockFile, difference));
      problems.push(
        ...error.diagnostics.map((d) => {
          const line = d.line === undefined ? '' : `:${d.line}`;
          return at(source, d.code, `${d.file ?? source.name}${line}: ${d.message}`, d.hint);
        }),
      );
    }
  }
  if (problems.length > 0) throw new DiagnosticsError(problems);
  found.sort(([a], [b]) => (a < b ? -1 : 1));
  return { sources: Object.fromEntries(found), unlocked };
}

/** What the bytes of a source that cannot be read say of its lock; nothing where they cannot even be digested. */
async function differenceOf(
  { path, lists }: DataSource,
  locked: SourceFingerprint,
  options: DigestOptions,
): Promise<string | undefined> {
  if (path === undefined || lists !== undefined) return undefined;
  try {
    const present = await fingerprintPath(path, options, false);
    return present && describeDifference(present.fingerprint, locked);
  } catch (error) {
    if (error instanceof DiagnosticsError) return undefined;
    throw error;
  }
}

/** Whether a source is here; of a list, what it lists. */
export function isDataPresent({ path, lists }: DataSource): boolean {
  if (path === undefined || !existsSync(path)) return false;
  return lists === undefined || isListedPresent(path, lists);
}

/**
 * The fingerprint of a file or a folder; of an LMDB's folder, only `data.mdb` counts, of a LevelDB's what holds records.
 *
 * @returns `undefined` where there is nothing
 * @throws DiagnosticsError where it cannot be read, and where a data base is damaged
 */
export async function fingerprintSource(
  path: string,
  options: DigestOptions = {},
): Promise<SourceFingerprint | undefined> {
  return (await fingerprintPath(path, options))?.fingerprint;
}

async function fingerprintPresent(
  path: string,
  lists: ListedData | undefined,
  options: DigestOptions,
): Promise<PresentSource | ListAlone | undefined> {
  if (lists === undefined || (await isFolder(path)) === undefined) return fingerprintPath(path, options);
  return fingerprintList(path, lists, options);
}

/** @param isChecked whether a data base is looked at for damage */
async function fingerprintPath(
  path: string,
  options: DigestOptions,
  isChecked = true,
): Promise<PresentSource | undefined> {
  const folder = await isFolder(path);
  if (folder === undefined) return undefined;
  const names = folder ? await dataFiles(path) : [basename(path)];
  const checks = isChecked ? await databaseChecks(path, names) : undefined;
  const files: FileFingerprint[] = [];
  let isPointer = false;
  for (const name of names) {
    const digest = await digestFile(folder ? join(path, name) : path, options, checks?.get(name));
    files.push({ name, size: digest.size, sha256: digest.sha256 });
    isPointer ||= digest.isPointer;
  }
  if (files.length === 0) return undefined;
  const isLmdb = !isPointer && names.length === 1 && names[0]!.endsWith('.mdb');
  return { fingerprint: isLmdb ? { files, records: countLmdbRecords(path) } : { files }, isPointer };
}

async function isFolder(path: string): Promise<boolean | undefined> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw unreadable(path, error);
  }
}

async function dataFiles(folder: string): Promise<string[]> {
  if (isLevelDb(folder)) return levelDbContent(folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory() && !NOT_DATA.has(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  return names.includes('data.mdb') ? ['data.mdb'] : names;
}

function absent(source: DataSource, lockFile: string | undefined): Diagnostic {
  const where = source.path === undefined || source.path === source.name ? '' : ` at ${source.path}`;
  const lock = lockFile === undefined ? '' : `, and ${lockFile} does not know it`;
  return at(source, 'data-absent', `the data source '${source.name}' is not there${where}${lock}`);
}

function absentListed(source: DataSource, { absent, listed }: ListAlone): Diagnostic {
  const { line, file } = absent;
  const first = line === undefined ? '' : `line ${line} means `;
  const message = `nothing of what the data source '${source.name}' lists (${listed}) is there: ${first}${file}`;
  return at(source, 'data-absent', message, 'bring the files there, or name their folder by the option dataRoot');
}

const filesOf = ({ files }: SourceFingerprint, name: string): SourceFingerprint => ({
  files: files.filter((file) => file.name === name),
});

function differs(source: DataSource, lockFile: string | undefined, difference: string): Diagnostic {
  const message = `the data source '${source.name}' differs from ${lockFile}: ${difference}`;
  return at(
    source,
    'data-differs',
    message,
    'if the change is meant, write the lock anew; else bring the locked data back',
  );
}

function pointer(source: DataSource): Diagnostic {
  const message = `the data source '${source.name}' is a Git LFS pointer, not the data itself`;
  return at(source, 'git-lfs-pointer', message, 'run `git lfs pull`');
}

function at({ file, line, layer }: DataSource, code: string, message: string, hint?: string): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(layer === undefined ? {} : { layer }),
    ...(hint === undefined ? {} : { hint }),
  };
}
