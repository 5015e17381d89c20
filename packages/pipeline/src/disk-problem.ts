import { readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Diagnostic } from 'caffe-prototxt-parser';
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
  /** Bytes that all of it takes, where that is known. */
  readonly needed?: number;
  /** Of the workspace, whose store may be deleted to make room. */
  readonly workspaceRoot: string;
  /** How another folder can be named, for the hint. */
  readonly instead?: string;
}

/**
 * What a disk that is full or may not be written means for the user: the file, the space, and what to do.
 *
 * @returns `undefined` for any other error
 */
export function diskProblem(error: unknown, writing: Writing): Diagnostic | undefined {
  const code = systemErrorCode(error) ?? '';
  const { folder } = writing;
  const file = pathOf(error) ?? newestFile(folder) ?? folder;
  if (FULL.has(code))
    return diskFull(file, code === 'EDQUOT' ? 'the disk quota is used up' : 'the disk is full', writing);
  const reason = NOT_PERMITTED[code] ?? NO_FOLDER[code];
  if (reason === undefined) return undefined;
  // An error does not say whether it was opened to be read.
  if (!isWithin(file, folder) && !isWithin(folder, file)) {
    const message = `it cannot be read: ${reason} (${code})`;
    return { code: 'not-readable', severity: 'error', file, message };
  }
  const instead = writing.instead === undefined ? '' : `, or ${writing.instead}`;
  return {
    code: 'not-writable',
    severity: 'error',
    file,
    message: `it cannot be written: ${reason} (${code})`,
    hint:
      code in NO_FOLDER ? `move away what is there${instead}` : `let this user write into ${dirname(file)}${instead}`,
  };
}

function diskFull(file: string, what: string, { folder, needed, workspaceRoot, instead }: Writing): Diagnostic {
  const free = freeBytes(folder);
  const sizes = [
    ...(needed === undefined ? [] : [`${formatBytes(needed)} are needed`]),
    ...(free === undefined ? [] : [`${formatBytes(free)} are free`]),
  ];
  const store = join(workspaceRoot, '.caffe-quant', 'store');
  const kept = folderSize(store);
  const advice = [
    `make room on the disk of ${folder}`,
    ...(kept > 0 ? [`${store} has ${formatBytes(kept)} and may be deleted, which costs only time`] : []),
    ...(instead === undefined ? [] : [`or ${instead}`]),
  ];
  return {
    code: 'disk-full',
    severity: 'error',
    file,
    message: `${what}${sizes.length > 0 ? `: ${sizes.join(', ')}` : ''}`,
    hint: advice.join('; '),
  };
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
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = statfsSync(at);
      return bavail * bsize;
    } catch {
      if (dirname(at) === at) return undefined;
    }
  }
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** In powers of 1000, as `CAFFE_QUANT_STORE_LIMIT` is given. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const digits = power === 0 ? 0 : 1;
  return `${(bytes / 1000 ** power).toFixed(digits)} ${UNITS[power]}`;
}
