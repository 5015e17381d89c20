import { chmod, copyFile, link, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { levelDbFiles } from './leveldb-folder.ts';

/** A folder that a LevelDB can be opened in without a trace in the original. */
export interface LevelDbCopy {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Opening a LevelDB writes into its folder. The copy has the small files that are written, and links to the tables,
 * which are only read: it takes next to no room and no time.
 *
 * @param parent folder that the copy is made in; default: the one of the operating system for temporary files
 */
export async function copyLevelDb(source: string, parent: string = tmpdir()): Promise<LevelDbCopy> {
  const folder = await mkdtemp(join(parent, 'caffe-quant-leveldb-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const { tables, logs, state } = levelDbFiles(source);
    for (const name of tables) await linkOrCopy(resolve(source, name), join(folder, name));
    for (const name of [...logs, ...state]) {
      await copyFile(join(source, name), join(folder, name));
      await chmod(join(folder, name), 0o600);
    }
    return { folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** LevelDB deletes tables that it no longer needs: of a link, that is the link. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  for (const make of [symlink, link]) {
    try {
      return await make(from, to);
    } catch {
      // Windows wants a privilege for the one, other file systems forbid the other.
    }
  }
  await copyFile(from, to);
}
