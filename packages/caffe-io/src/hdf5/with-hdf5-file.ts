import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Hdf5 } from './load-hdf5.ts';

/**
 * Files that the library failed in, by device and inode. Its errors are thrown through its own code, which then closes
 * nothing: the file stays open inside, and whoever opens a file of the same inode, by any path, is given that one, with the parts of the
 * old content that it had read.
 */
const heldOpen = new Set<string>();

/**
 * Opens an HDF5 file, reads from it and closes it. A file that the library still holds open from an error is read from a copy:
 * that has an inode of its own.
 *
 * @throws what `read` throws, and the library's own errors, of which `hdf5Reason` gives the reason
 */
export function withHdf5File<T>(hdf5: typeof Hdf5, path: string, read: (file: Hdf5.File) => T): T {
  const identity = identityOf(path);
  if (!heldOpen.has(identity)) return readAndClose(hdf5, path, identity, read);
  const folder = mkdtempSync(join(tmpdir(), 'caffe-quant-hdf5-'));
  const copy = join(folder, basename(path));
  try {
    copyFileSync(path, copy);
    return readAndClose(hdf5, copy, identityOf(copy), read);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readAndClose<T>(hdf5: typeof Hdf5, path: string, identity: string, read: (file: Hdf5.File) => T): T {
  let file: Hdf5.File | undefined;
  try {
    file = new hdf5.File(path, 'r');
    return read(file);
  } catch (error) {
    heldOpen.add(identity);
    throw error;
  } finally {
    if (!closes(file)) heldOpen.add(identity);
  }
}

/** A file that was not sound may not close either; what is wrong with it has been said then. */
function closes(file: Hdf5.File | undefined): boolean {
  try {
    return file === undefined || Number(file.close()) >= 0;
  } catch {
    return false;
  }
}

function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}
