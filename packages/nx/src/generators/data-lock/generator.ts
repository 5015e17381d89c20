import { join } from 'node:path';
import type { Tree } from '@nx/devkit';
import { logger } from '@nx/devkit';
import { dataLockText, lockData } from '@caffe-quant/pipeline';
import { findModelProject } from '../../model-project.ts';

export interface DataLockOptions {
  project: string;
  /** Lock the caffemodel too, for one that is kept outside of git. */
  weights?: boolean;
}

/**
 * Writes what a project's data sets hold now to its data.lock.json, which is committed.
 *
 * @throws DiagnosticsError where data are missing or the project's files are wrong
 */
export default async function dataLock(tree: Tree, { project: name, weights = false }: DataLockOptions): Promise<void> {
  const { name: projectName, root, options } = findModelProject(tree, name);
  const place = { name: projectName, root: join(tree.root, root), workspaceRoot: tree.root };
  const lock = await lockData(place, options, weights);
  tree.write(`${root}/data.lock.json`, await dataLockText(lock));
  for (const [source, { files, records }] of Object.entries(lock)) {
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    logger.info(`${source}: ${records === undefined ? '' : `${records} records, `}${bytes} bytes`);
  }
}
