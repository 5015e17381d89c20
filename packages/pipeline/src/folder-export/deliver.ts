import { accessSync, constants, statSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { diskProblem, existingAbove, namingTheDisk } from '../disk-problem.ts';
import { draftPath } from '../locks/drafts.ts';
import { lockFolder } from '../locks/lock-folder.ts';
import { resultFilesIn } from '../stage-digests.ts';
import type { StageRequest } from '../stage-request.ts';

const INSTEAD = 'name another folder with --out';

/**
 * Finds out before anything takes long whether results can be put into a folder, which need not be there yet.
 *
 * @throws DiagnosticsError where they cannot
 */
export function checkTarget(to: string, workspaceRoot: string): void {
  const at = existingAbove(to);
  try {
    if (!statSync(at).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR', path: at });
    accessSync(at, constants.W_OK | constants.X_OK);
  } catch (error) {
    const problem = diskProblem(error, { folder: to, workspaceRoot, instead: INSTEAD });
    throw problem ? new DiagnosticsError([problem], undefined, { cause: error }) : error;
  }
}

/**
 * Copies results into a folder, beside what is there; files of the same names are replaced, each at once. While one run
 * does so, others wait: the folder never has files of two runs that came at the same time.
 *
 * @throws DiagnosticsError where the folder cannot be written
 */
export async function deliver(from: string, to: string, { place, host }: StageRequest): Promise<void> {
  const names = await resultFilesIn(from);
  let needed = 0;
  for (const name of names) needed += (await stat(join(from, name))).size;
  const writing = { folder: to, needed, workspaceRoot: place.workspaceRoot, instead: INSTEAD };
  await namingTheDisk(writing, async () => {
    const lock = await lockFolder(to, {
      subject: `the results of ${place.name}`,
      patient: true,
      instead: INSTEAD,
      signal: host.signal,
      print: host.print,
      workspaceRoot: place.workspaceRoot,
    });
    try {
      for (const name of names) await replaceFile(join(from, name), join(to, name));
    } finally {
      lock.release();
    }
  });
}

async function replaceFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const draft = draftPath(dirname(to), basename(to));
  try {
    await copyFile(from, draft);
    await rename(draft, to);
  } finally {
    await rm(draft, { force: true });
  }
}
