import { rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemErrorCode } from './system-error.ts';

/**
 * Lets `work` write into a fresh folder, which then takes the place of `folder` and all that was in it. Where `work`
 * fails or is interrupted, `folder` stays as it was and nothing is left behind.
 */
export async function replaceFolder<T>(folder: string, work: (draft: string) => Promise<T>): Promise<T> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  await removeAbandoned(folder);
  const draft = join(parent, `.${basename(folder)}.${process.pid}.tmp`);
  const removeDraft = (): void => rmSync(draft, { recursive: true, force: true });
  process.once('exit', removeDraft);
  try {
    removeDraft();
    await mkdir(draft);
    const result = await work(draft);
    const old = `${draft}.old`;
    await rename(folder, old).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
    });
    await rename(draft, folder);
    await rm(old, { recursive: true, force: true });
    return result;
  } finally {
    process.off('exit', removeDraft);
    removeDraft();
  }
}

/** Removes the drafts of processes that were killed. */
async function removeAbandoned(folder: string): Promise<void> {
  const start = `.${basename(folder)}.`;
  for (const name of await readdir(dirname(folder))) {
    const pid = name.startsWith(start) ? /^(\d+)\.tmp(?:\.old)?$/.exec(name.slice(start.length))?.[1] : undefined;
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}
