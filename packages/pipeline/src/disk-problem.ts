import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { systemErrorCode } from './system-error.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

const NOT_PERMITTED: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
};

const NO_FOLDER: Readonly<Record<string, string>> = {
  EEXIST: 'a file is in the way',
  ENOTDIR: 'a file is where a folder should be',
  ELOOP: 'a symbolic link leads to itself',
};

/** Where something was written, and what is known of it. */
export interface Writing {
  /** The folder that is written. */
  readonly folder: string;
  /** What it will be, where it is a draft. */
  readonly shown?: string;
  /** Bytes that all of it takes, where that is known. */
  readonly needed?: number;
  /** Of the workspace, whose store may be deleted to make room. */
  readonly workspaceRoot: string;
  /** How another folder can be named, for the hint. */
  readonly instead?: string;
}

/**
 * Does work that writes; where the disk does not let it, the error names the disk's problem.
 *
 * @throws DiagnosticsError for a disk that is full or may not be written
 */
export async function namingTheDisk<T>(writing: Writing, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const problem = diskProblem(error, writing);
    throw problem ? new DiagnosticsError([problem], undefined, { cause: error }) : error;
  }
}

/**
 * What a disk that is full or may not be written means for the user: the file, the space, and what to do.
 *
 * @returns `undefined` for any other error
 */
export function diskProblem(error: unknown, writing: Writing): Diagnostic | undefined {
  const { folder, shown = folder, instead } = writing;
  const path = pathOf(error) ?? newestFile(folder) ?? folder;
  const code = codeOf(error, path);
  const file = path.replace(folder, shown);
  if (FULL.has(code))
    return diskFull(file, code === 'EDQUOT' ? 'the disk quota is used up' : 'the disk is full', writing);
  const reason = NOT_PERMITTED[code] ?? NO_FOLDER[code];
  if (reason === undefined) return undefined;
  // An error does not say whether it was opened to be read.
  if (!isWithin(path, folder) && !isWithin(folder, path)) {
    const message = `it cannot be read: ${reason} (${code})`;
    return { code: 'not-readable', severity: 'error', file, message };
  }
  return {
    code: 'not-writable',
    severity: 'error',
    file,
    message: `it cannot be written: ${reason} (${code})`,
    hint: [remedy(code, path), ...(instead === undefined ? [] : [instead])].join(', or '),
  };
}

function remedy(code: string, path: string): string {
  if (code in NO_FOLDER) return 'move away what is there';
  if (code === 'EROFS') return 'mount it to be written';
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return `let this user write into ${isFolder ? path : existingAbove(dirname(path))}`;
}

/** Where a folder that is read-only has no folder, Node says of folders to be made in it that they are not there. */
function codeOf(error: unknown, path: string): string {
  const code = systemErrorCode(error) ?? '';
  if (code !== 'ENOENT' || (error as { syscall?: unknown }).syscall !== 'mkdir') return code;
  try {
    accessSync(existingAbove(path), constants.W_OK);
    return code;
  } catch (reason) {
    return systemErrorCode(reason) ?? code;
  }
}

/** A file or folder itself, or the first folder above it that is there. */
export function existingAbove(path: string): string {
  let at = path;
  while (!existsSync(at)) at = dirname(at);
  return at;
}

function diskFull(file: string, what: string, writing: Writing): Diagnostic {
  const { folder, shown = folder, needed, workspaceRoot, instead } = writing;
  const free = freeBytes(folder);
  const sizes = [
    ...(needed === undefined ? [] : [`${formatBytes(needed)} are needed`]),
    ...(free === undefined ? [] : [`${formatBytes(free)} are free`]),
  ];
  const store = join(workspaceRoot, '.caffe-quant', 'store');
  const kept = folderSize(store);
  const advice = [
    `make room on the disk of ${existingAbove(dirname(shown))}`,
    ...(kept > 0 ? [`${store} has ${formatBytes(kept)} and may be deleted, which costs only time`] : []),
    ...(instead === undefined ? [] : [`or ${instead}`]),
  ];
  const message = sizes.length > 0 ? `${what}: ${sizes.join(', ')}` : what;
  return { code: 'disk-full', severity: 'error', file, message, hint: advice.join('; ') };
}

function isWithin(path: string, folder: string): boolean {
  return `${path}${sep}`.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** The file that a system's error names; writing to an open file names none. */
function pathOf(error: unknown): string | undefined {
  const { path, dest } = error as { path?: unknown; dest?: unknown };
  return [dest, path].find((each): each is string => typeof each === 'string');
}

/** The one that was being written. */
function newestFile(folder: string): string | undefined {
  const files = filesBelow(folder);
  return files.sort((a, b) => b.mtimeMs - a.mtimeMs)[0]?.path;
}

function folderSize(folder: string): number {
  return filesBelow(folder).reduce((sum, { size }) => sum + size, 0);
}

function filesBelow(folder: string): { path: string; size: number; mtimeMs: number }[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return entries.flatMap(({ parentPath, name }) => {
      const found = statSync(join(parentPath, name), { throwIfNoEntry: false });
      return found ? [{ path: join(parentPath, name), size: found.size, mtimeMs: found.mtimeMs }] : [];
    });
  } catch {
    return [];
  }
}

function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(existingAbove(folder));
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** In powers of 1000, as `CAFFE_QUANT_STORE_LIMIT` is given. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const digits = power === 0 ? 0 : 1;
  return `${(bytes / 1000 ** power).toFixed(digits)} ${UNITS[power]}`;
}
