import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson } from '@caffe-quant/resolver';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { diskProblem } from '../disk-problem.ts';
import { draftPath, removeAbandoned } from '../locks/drafts.ts';
import { systemErrorCode } from '../system-error.ts';
import type { EntryFile } from './entry-manifest.ts';
import { manifestFile, readManifest, sizeOf, writeManifest } from './entry-manifest.ts';
import { evictEntries } from './evict-entries.ts';

/** Why a folder cannot be renamed to where another one is. */
const TAKEN = ['ENOTEMPTY', 'EEXIST', 'EPERM'];

/** Why a file of an entry cannot be read, where it is damaged or was deleted meanwhile. */
const UNREADABLE = ['ENOENT', 'EIO', 'EISDIR', 'EACCES'];

/** The stores of which this process has said that they cannot be written: each stage of an export opens its own. */
const WARNED = new Set<string>();

export interface StageStoreOptions {
  /** Bytes; the entries that were used longest ago go first. */
  readonly limit: number;
  /** Nothing is taken out of the store, but results are put in. */
  readonly bypass: boolean;
  /** The workspace that it belongs to. */
  readonly workspaceRoot: string;
  /** Told once where the store cannot be written: results are then not kept, which costs time and nothing else. */
  warn(diagnostics: readonly Diagnostic[]): void;
}

/** Anything that JSON can hold; equal values are equal keys, whatever the order of their members. */
export type StoreKey = unknown;

/**
 * Finished work on disk, by what it was made of. An entry appears complete or not at all, is checked by digest when it
 * is taken out, and is forgotten where it does not hold: the store can make a run faster, never wrong. Several
 * processes may share one store.
 *
 *   <folder>/<first two digits of the key>/<sha256 of the key>/{manifest.json, files/...}
 */
export class StageStore {
  readonly #folder: string;
  readonly #options: StageStoreOptions;

  constructor(folder: string, options: StageStoreOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /**
   * Copies what is kept under a key into a folder, which should be empty.
   *
   * @returns whether there was something, and all of it sound; else the folder may hold a part
   * @throws DiagnosticsError where that folder cannot be written
   */
  async restore(key: StoreKey, into: string): Promise<boolean> {
    if (this.#options.bypass) return false;
    const entry = this.#entry(key);
    const manifest = await readManifest(entry);
    if (manifest === undefined) return false;
    try {
      for (const file of manifest.files) {
        if (await copyChecked(join(entry, 'files', file.name), join(into, file.name), file)) continue;
        await this.#discard(entry);
        return false;
      }
    } catch (error) {
      const { workspaceRoot } = this.#options;
      const problem = diskProblem(error, { folder: into, needed: sizeOf(manifest), workspaceRoot });
      throw problem ? new DiagnosticsError([problem], undefined, { cause: error }) : error;
    }
    const now = new Date();
    await utimes(manifestFile(entry), now, now).catch(() => undefined);
    return true;
  }

  /**
   * Keeps files under a key, if the store can be written: else it warns.
   *
   * @param write writes them into the folder it is given
   * @param replace whether they take the place of what is kept under the key already; else that stays, unless the
   *   store is bypassed
   */
  async put(
    key: StoreKey,
    write: (folder: string) => Promise<void>,
    replace: boolean = this.#options.bypass,
  ): Promise<void> {
    const entry = this.#entry(key);
    const draft = this.#draft();
    try {
      await mkdir(join(draft, 'files'), { recursive: true });
      await write(join(draft, 'files'));
      const manifest = await writeManifest(draft, join(draft, 'files'), key);
      if (sizeOf(manifest) > this.#options.limit) return;
      await this.#publish(draft, entry, replace);
      await evictEntries(this.#folder, this.#options.limit, entry);
    } catch (error) {
      this.#warnOf(error);
    } finally {
      await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  /** Removes what processes that were killed were about to keep. */
  async clear(): Promise<void> {
    await removeAbandoned(join(this.#folder, 'drafts'));
  }

  /** Forgets what is kept under a key. */
  async forget(key: StoreKey): Promise<void> {
    await this.#discard(this.#entry(key));
  }

  async #publish(draft: string, entry: string, replace: boolean): Promise<void> {
    await mkdir(dirname(entry), { recursive: true });
    // A second attempt is needed only where another process put the same key in between.
    for (let attempt = 0; attempt < 3; attempt++) {
      if (replace || (await readManifest(entry)) === undefined) await this.#discard(entry);
      try {
        await rename(draft, entry);
        return;
      } catch (error) {
        if (!TAKEN.includes(systemErrorCode(error) ?? '')) throw error;
        if (!replace) return;
      }
    }
  }

  /** Away at once for readers, whatever time deleting takes. */
  async #discard(entry: string): Promise<void> {
    const grave = this.#draft();
    try {
      await mkdir(dirname(grave), { recursive: true });
      await rename(entry, grave);
    } catch {
      return;
    }
    await rm(grave, { recursive: true, force: true }).catch(() => undefined);
  }

  #draft(): string {
    return draftPath(join(this.#folder, 'drafts'), 'entry');
  }

  #warnOf(error: unknown): void {
    if (systemErrorCode(error) === undefined) throw error;
    if (WARNED.has(this.#folder)) return;
    WARNED.add(this.#folder);
    const problem = diskProblem(error, { folder: this.#folder, workspaceRoot: this.#options.workspaceRoot });
    const why = `${this.#folder}: ${problem?.message ?? `it cannot be written (${systemErrorCode(error)})`}`;
    const message = `results cannot be kept for the next run, which only costs it time: ${why}`;
    const { hint } = problem ?? {};
    const code = 'store-unwritable';
    this.#options.warn([{ code, severity: 'warning', message, ...(hint !== undefined && { hint }) }]);
  }

  #entry(key: StoreKey): string {
    const digest = createHash('sha256').update(canonicalJson(key)).digest('hex');
    return join(this.#folder, digest.slice(0, 2), digest);
  }
}

/**
 * Copies a file and tells whether it is as the manifest says.
 *
 * @throws the system's error where the copy cannot be written
 */
async function copyChecked(from: string, to: string, expected: EntryFile): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true });
  const hash = createHash('sha256');
  const target = await open(to, 'w');
  try {
    for await (const chunk of readable(from)) {
      hash.update(chunk);
      await target.writeFile(chunk);
    }
  } finally {
    await target.close();
  }
  return hash.digest('hex') === expected.sha256;
}

/** The bytes of a file, as far as it can be read. */
async function* readable(file: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) yield chunk as Buffer;
  } catch (error) {
    if (!UNREADABLE.includes(systemErrorCode(error) ?? '')) throw error;
  }
}
