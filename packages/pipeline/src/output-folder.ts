import { rmSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { draftPath, removeAbandoned } from './locks/drafts.ts';
import { systemErrorCode } from './system-error.ts';

/** Why a folder cannot be renamed to where another one is. */
const TAKEN = ['ENOTEMPTY', 'EEXIST', 'EPERM'];

/**
 * Lets `work` write into a fresh folder, which then takes the place of `folder` and all that was in it. Where `work`
 * fails or is interrupted, `folder` stays as it was and nothing is left behind; what a killed process has left there is
 * removed.
 */
export async function replaceFolder<T>(folder: string, work: (draft: string) => Promise<T>): Promise<T> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const draft = draftPath(parent, basename(folder));
  const removeDraft = (): void => {
    for (const ending of ['', '.old', '.parts']) rmSync(`${draft}${ending}`, { recursive: true, force: true });
  };
  process.once('exit', removeDraft);
  try {
    await mkdir(draft);
    const result = await work(draft);
    await replace(draft, folder);
    return result;
  } finally {
    process.off('exit', removeDraft);
    removeDraft();
  }
}

async function replace(draft: string, folder: string): Promise<void> {
  const old = `${draft}.old`;
  for (let attempt = 1; ; attempt++) {
    await rename(folder, old).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
    });
    try {
      await rename(draft, folder);
      return;
    } catch (error) {
      // Two that replace it at the same time: the last one stays.
      if (attempt === 3 || !TAKEN.includes(systemErrorCode(error) ?? '')) throw error;
    } finally {
      await rm(old, { recursive: true, force: true });
    }
  }
}
