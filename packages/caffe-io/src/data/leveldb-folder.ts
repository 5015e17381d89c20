import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GIT_LFS_POINTER_LIMIT, readGitLfsPointer } from './git-lfs-pointer.ts';

/** Tables: written once, never changed. Caffe's years called them `.sst`. */
const TABLE = /\.(ldb|sst)$/;
/** Records that are not in a table yet. */
const LOG = /^\d+\.log$/;
const STATE = /^(CURRENT|MANIFEST-\d+)$/;

export function isLevelDb(folder: string): boolean {
  return existsSync(join(folder, 'CURRENT')) && readdirSync(folder).some((name) => name.startsWith('MANIFEST-'));
}

/** The files of a LevelDB's folder, by what they are. */
export interface LevelDbFiles {
  /** They hold the records; opening a LevelDB reads them only. */
  readonly tables: readonly string[];
  /** Opening moves their records into new tables. */
  readonly logs: readonly string[];
  /** Which tables count; opening writes them anew. */
  readonly state: readonly string[];
}

export function levelDbFiles(folder: string): LevelDbFiles {
  const names = readdirSync(folder).sort();
  return {
    tables: names.filter((name) => TABLE.test(name)),
    logs: names.filter((name) => LOG.test(name)),
    state: names.filter((name) => STATE.test(name)),
  };
}

/**
 * The files that tell what a LevelDB holds: its tables, and logs that are not empty. `LOCK`, `LOG`, `CURRENT`, the
 * manifest and empty logs change whenever a program, such as Caffe, opens it to read.
 */
export function levelDbContent(folder: string): string[] {
  const { tables, logs } = levelDbFiles(folder);
  return [...tables, ...logs.filter((name) => statSync(join(folder, name)).size > 0)].sort();
}

/** The first file that is a Git LFS pointer in the place of what it stands for. */
export function findGitLfsPointer(folder: string): string | undefined {
  const { tables, logs, state } = levelDbFiles(folder);
  return [...tables, ...logs, ...state]
    .map((name) => join(folder, name))
    .find((file) => {
      const { size } = statSync(file);
      return size > 0 && size <= GIT_LFS_POINTER_LIMIT && readGitLfsPointer(readFileSync(file)) !== undefined;
    });
}
