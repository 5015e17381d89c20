import type { ClassicLevel } from 'classic-level';
import { checkLevelDb } from './check-leveldb.ts';
import { dataError, systemErrorCode, unreadable } from './data-error.ts';
import type { Database, DatabaseRecord } from './datum-records.ts';
import { copyLevelDb } from './leveldb-copy.ts';
import type { LevelDbCopy } from './leveldb-copy.ts';
import { findGitLfsPointer, isLevelDb } from './leveldb-folder.ts';

type Level = ClassicLevel<Uint8Array, Uint8Array>;

/** Keys kept in memory: one of so many. A read starts at one of them. */
const STRIDE = 16;
const KEYS_AT_ONCE = 1000;

/**
 * Read-only access to a LevelDB by record number, in key order, through Google's library on a private copy of the
 * folder. Opening checks all checksums, which the library does not, and walks all keys once, since a LevelDB does not
 * know how many it has.
 */
export class LevelDbReader implements Database {
  readonly file: string;
  readonly recordCount: number;
  readonly #level: Level;
  readonly #copy: LevelDbCopy;
  readonly #keys: readonly Uint8Array[];

  private constructor(file: string, level: Level, copy: LevelDbCopy, walk: KeyWalk) {
    this.file = file;
    this.#level = level;
    this.#copy = copy;
    this.#keys = walk.keys;
    this.recordCount = walk.count;
  }

  /**
   * @param copyIn folder that the private copy is made in, instead of the operating system's
   * @throws DiagnosticsError where the folder is missing, holds no LevelDB, or one with a damaged file
   */
  static async open(folder: string, copyIn?: string): Promise<LevelDbReader> {
    checkFolder(folder);
    const copy = await attempt(folder, () => copyLevelDb(folder, copyIn));
    let level: Level | undefined;
    try {
      await checkLevelDb(copy.folder, folder);
      // Loaded here alone: few projects have a LevelDB, and every command that reads a net would wait for it.
      const { ClassicLevel: LevelDb } = await import('classic-level');
      level = new LevelDb(copy.folder, { createIfMissing: false, keyEncoding: 'view', valueEncoding: 'view' });
      await level.open();
      return new LevelDbReader(folder, level, copy, await walkKeys(level));
    } catch (error) {
      await level?.close().catch(() => undefined);
      await copy.remove();
      throw broken(folder, error);
    }
  }

  async records(ordinals: readonly number[]): Promise<DatabaseRecord[]> {
    const records: DatabaseRecord[] = [];
    for (let from = 0; from < ordinals.length;) {
      let to = from + 1;
      while (to < ordinals.length && ordinals[to] === ordinals[to - 1]! + 1) to++;
      records.push(...(await this.#run(ordinals[from]!, to - from)));
      from = to;
    }
    return records;
  }

  async close(): Promise<void> {
    try {
      await this.#level.close();
    } finally {
      await this.#copy.remove();
    }
  }

  async #run(start: number, count: number): Promise<DatabaseRecord[]> {
    if (!Number.isInteger(start) || start < 0 || start + count > this.recordCount) {
      throw new RangeError(`records ${start} to ${start + count - 1} of ${this.recordCount}`);
    }
    const skipped = start % STRIDE;
    const gte = this.#keys[(start - skipped) / STRIDE]!;
    try {
      const entries = await this.#level.iterator({ gte, limit: skipped + count, fillCache: false }).all();
      if (entries.length === skipped + count) return entries.slice(skipped).map(([key, value]) => ({ key, value }));
    } catch (error) {
      throw broken(this.file, error);
    }
    throw dataError('leveldb-corrupt', this.file, `the LevelDB is corrupt: record ${start} cannot be read`);
  }
}

interface KeyWalk {
  /** Each STRIDE-th key. */
  readonly keys: readonly Uint8Array[];
  readonly count: number;
}

async function walkKeys(level: Level): Promise<KeyWalk> {
  const keys: Uint8Array[] = [];
  let count = 0;
  const iterator = level.keys({ fillCache: false });
  try {
    for (let part = await iterator.nextv(KEYS_AT_ONCE); part.length > 0; part = await iterator.nextv(KEYS_AT_ONCE)) {
      for (const key of part) if (count++ % STRIDE === 0) keys.push(key.slice());
    }
  } finally {
    await iterator.close();
  }
  return { keys, count };
}

function checkFolder(folder: string): void {
  let pointer: string | undefined;
  try {
    pointer = findGitLfsPointer(folder);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOTDIR') throw unreadable(folder, error);
    throw dataError('leveldb-format', folder, 'is a file; a LevelDB is a folder');
  }
  if (!isLevelDb(folder)) {
    throw dataError('leveldb-format', folder, 'is not a LevelDB: it has no CURRENT and MANIFEST');
  }
  if (pointer === undefined) return;
  throw dataError('git-lfs-pointer', pointer, 'is a Git LFS pointer, not the data', 'run `git lfs pull`');
}

async function attempt<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw systemErrorCode(error) === undefined ? error : unreadable(folder, error);
  }
}

/** What LevelDB's own error about a folder means to a user. */
function broken(folder: string, error: unknown): unknown {
  const { cause = error } = error instanceof Error ? error : {};
  const code = systemErrorCode(cause) ?? '';
  if (!code.startsWith('LEVEL_')) return error;
  const why = cause instanceof Error ? cause.message : String(cause);
  // The library names files of the private copy.
  const reason = why.replace(/\S*caffe-quant-leveldb-\w+[/\\]?/g, '').trim();
  return dataError('leveldb-corrupt', folder, `the LevelDB cannot be read: ${reason}`);
}
