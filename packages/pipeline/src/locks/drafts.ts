import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { IDENTITY_NAME, identityFromName, identityName, identityOf, lifeOf } from './process-identity.ts';

/** Drafts of which nobody here can tell whether they are still written are older than this when they are removed. */
const ABANDONED_MS = 24 * 3600 * 1000;

const DRAFT = new RegExp(`\\.(${IDENTITY_NAME})\\.[0-9a-f]{8}\\.tmp(?:\\.\\w+)?$`);

/**
 * A name in `folder` for what is not finished yet: it says which process works at it. What belongs to the draft may be
 * beside it, under its name and an ending such as `.parts`.
 */
export function draftPath(folder: string, name: string): string {
  const random = randomBytes(4).toString('hex');
  return join(folder, `.${name}.${identityName(identityOf())}.${random}.tmp`);
}

/** Removes from a folder the drafts of processes that have ended, such as by a kill; what cannot be removed stays. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const owner = DRAFT.exec(name)?.[1];
    if (owner === undefined) continue;
    const path = join(folder, name);
    const life = lifeOf(identityFromName(owner));
    if (life === 'running' || (life === 'unknown' && !(await isOld(path)))) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isOld(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > ABANDONED_MS;
}
