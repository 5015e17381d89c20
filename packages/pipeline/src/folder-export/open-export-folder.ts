import { createHash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '@caffe-quant/resolver';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { diskProblem } from '../disk-problem.ts';
import { draftPath, removeAbandoned } from '../locks/drafts.ts';
import { tryLock } from '../locks/lock-file.ts';
import { LOCK_FILE } from '../locks/lock-folder.ts';
import type { ProjectPlace } from '../project/project-place.ts';
import type { StageOptions } from '../stage-options.ts';
import { systemErrorCode } from '../system-error.ts';

/** Where the stages of one export leave their files. */
export interface ExportFolder {
  readonly path: string;
  /** What is to be said of it. */
  readonly diagnostics: readonly Diagnostic[];
  /** Removes it where it was made for this run alone. */
  close(): Promise<void>;
}

/** A disk on which not even this has room is full. */
const PROBE_BYTES = 1 << 16;

/** Hexadecimal digits in a folder's name. */
const KEY_LENGTH = 12;

/**
 * The folder that an export of a project with certain options works in, in `.caffe-quant/export`: another one for other
 * options, or for another project of the same name, so that exports at the same time do not meet. What exports with other
 * options have left there is removed, unless they are at work. Where it cannot be written, it is a temporary folder.
 */
export async function openExportFolder(place: ProjectPlace, options: StageOptions): Promise<ExportFolder> {
  const parent = join(place.workspaceRoot, '.caffe-quant', 'export');
  const path = join(parent, `${place.name}-${keyOf(place, options)}`);
  try {
    await mkdir(parent, { recursive: true });
    const probe = draftPath(parent, 'probe');
    await writeFile(probe, Buffer.alloc(PROBE_BYTES)).finally(() => rm(probe, { force: true }));
    // Left by another user, it cannot be written though the one above it can.
    if (existsSync(path)) await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return temporary(error, parent, place);
  }
  await removeOthers(parent, place.name, path);
  return { path, diagnostics: [], close: () => Promise.resolve() };
}

/** Of all that is the same for every export into a folder's own `.caffe-quant` and the others there, and of what is not. */
function keyOf({ root }: ProjectPlace, options: StageOptions): string {
  return createHash('sha256').update(canonicalJson({ root, options })).digest('hex').slice(0, KEY_LENGTH);
}

async function temporary(error: unknown, parent: string, place: ProjectPlace): Promise<ExportFolder> {
  await removeAbandoned(tmpdir());
  const folder = draftPath(tmpdir(), 'caffe-quant-export');
  await mkdir(folder);
  const problem = diskProblem(error, { folder: parent, workspaceRoot: place.workspaceRoot });
  const why = `${parent}: ${problem?.message ?? `it cannot be written (${systemErrorCode(error)})`}`;
  const message = `the stages work in a temporary folder, and nothing is kept for the next run, which only costs it time: ${why}`;
  return {
    path: folder,
    diagnostics: [{ code: 'no-work-folder', severity: 'warning', message }],
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function removeOthers(parent: string, name: string, own: string): Promise<void> {
  await removeAbandoned(parent);
  for (const other of await readdir(parent)) {
    const path = join(parent, other);
    const isAnother = path !== own && other.startsWith(`${name}-`) && KEY.test(other.slice(name.length + 1));
    if (isAnother) await removeIdle(path, parent);
  }
}

const KEY = new RegExp(`^[0-9a-f]{${KEY_LENGTH}}$`);

async function removeIdle(path: string, parent: string): Promise<void> {
  try {
    const attempt = tryLock(join(path, LOCK_FILE), { subject: 'removes an old export' });
    if (!('lock' in attempt)) return;
    // Away at once, its lock with it: who comes for it now makes a new one.
    const grave = draftPath(parent, 'old');
    await rename(path, grave);
    attempt.lock.release();
    await rm(grave, { recursive: true, force: true });
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
  }
}
