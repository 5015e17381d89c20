import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@caffe-quant/resolver';
import type { StageName } from './stage-declaration.ts';
import { STAGE_NAMES } from './stage-declaration.ts';
import { DIGESTS_FILE, STAGES } from './stage-list.ts';
import { filesIn, sha256Of } from './store/entry-manifest.ts';

/** Whether a later stage reads all that this one writes. */
function isReadWhole(stage: StageName): boolean {
  return STAGE_NAMES.some((later) => STAGES[later].reads[stage] === 'all');
}

/**
 * Writes beside a stage's results what they are, by content, if a later stage reads them all. Nx hashes the files that a
 * stage reads in every run, also in one that does nothing: these few lines instead of models of hundreds of megabytes.
 */
export async function writeDigests(stage: StageName, out: string): Promise<void> {
  if (!isReadWhole(stage)) return;
  const digests: Record<string, string> = {};
  for (const name of await resultFilesIn(out)) digests[name] = await sha256Of(join(out, name));
  await writeFile(join(out, DIGESTS_FILE), canonicalJson(digests));
}

/** The files that a stage has written into its folder, relative with `/`, in order. */
export async function resultFilesIn(folder: string): Promise<string[]> {
  return (await filesIn(folder)).filter((name) => name !== DIGESTS_FILE);
}
