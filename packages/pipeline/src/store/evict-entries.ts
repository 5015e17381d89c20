import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { draftPath } from '../locks/drafts.ts';
import { manifestFile, readManifest, sizeOf } from './entry-manifest.ts';

interface StoredEntry {
  readonly path: string;
  readonly size: number;
  /** Milliseconds; a manifest's modification time is when its entry was used last. */
  readonly usedAt: number;
}

/**
 * Deletes entries, those first that were used longest ago, until the rest is within the limit.
 *
 * @param keep an entry that stays, whatever its age
 */
export async function evictEntries(folder: string, limit: number, keep: string): Promise<void> {
  const entries = await listEntries(folder);
  let total = entries.reduce((sum, { size }) => sum + size, 0);
  entries.sort((a, b) => a.usedAt - b.usedAt);
  for (const { path, size } of entries) {
    if (total <= limit) break;
    if (path === keep) continue;
    await bury(folder, path);
    total -= size;
  }
}

async function listEntries(folder: string): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for (const shard of await names(folder)) {
    if (!/^[0-9a-f]{2}$/.test(shard)) continue;
    for (const name of await names(join(folder, shard))) {
      const path = join(folder, shard, name);
      const manifest = await readManifest(path);
      const { mtimeMs } = await stat(manifest ? manifestFile(path) : path).catch(() => ({ mtimeMs: 0 }));
      entries.push({ path, size: manifest ? sizeOf(manifest) : 0, usedAt: mtimeMs });
    }
  }
  return entries;
}

async function bury(folder: string, entry: string): Promise<void> {
  const grave = draftPath(join(folder, 'drafts'), 'entry');
  await mkdir(join(folder, 'drafts'), { recursive: true });
  try {
    await rename(entry, grave);
  } catch {
    return; // Another process was faster.
  }
  await rm(grave, { recursive: true, force: true });
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
