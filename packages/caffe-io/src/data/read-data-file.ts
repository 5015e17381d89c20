import { readFileSync } from 'node:fs';
import { dataError, unreadable } from './data-error.ts';
import { GIT_LFS_POINTER_LIMIT, readGitLfsPointer } from './git-lfs-pointer.ts';

/**
 * The bytes of a small binary file.
 *
 * @param what it should be, for the error
 * @throws DiagnosticsError where it cannot be read, or is a Git LFS pointer in the place of it
 */
export function readDataFile(file: string, what: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw unreadable(file, error);
  }
  if (bytes.length <= GIT_LFS_POINTER_LIMIT && readGitLfsPointer(bytes) !== undefined) {
    throw dataError('git-lfs-pointer', file, `is a Git LFS pointer, not ${what} itself`, 'run `git lfs pull`');
  }
  return bytes;
}
