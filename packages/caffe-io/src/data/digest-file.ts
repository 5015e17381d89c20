import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { dataError, systemErrorCode, unreadable } from './data-error.ts';
import { GIT_LFS_POINTER_LIMIT, readGitLfsPointer } from './git-lfs-pointer.ts';

/** The content of one file. */
export interface FileDigest {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly size: number;
  /** The file is a Git LFS pointer, and this is the digest of what it stands for. */
  readonly isPointer: boolean;
}

/** What a file is looked at for when its digest is made; as the digest, it is not made again of an unchanged file. */
export interface FileCheck {
  /** With a number that goes up when it finds more. */
  readonly name: string;
  /** @throws DiagnosticsError where the file is damaged */
  readonly run: (file: string) => Promise<void>;
}

export interface DigestOptions {
  /**
   * Folder of the memo that keeps digests of unchanged files; `false`: none. Default: the environment variable
   * CAFFE_QUANT_CACHE_DIR, else `caffe-quant` in the user's cache folder.
   */
  readonly cacheDir?: string | false | undefined;
}

/**
 * SHA-256 of a file, read as a stream. A memo spares reading a file again whose path, size, modification time,
 * change time and inode are as they were; the memo is a shortcut only, and no trouble with it is an error.
 *
 * @param check of what is in the file; not of a Git LFS pointer
 * @throws DiagnosticsError where the file cannot be read, changes meanwhile, or does not stand the check
 */
export async function digestFile(file: string, options: DigestOptions = {}, check?: FileCheck): Promise<FileDigest> {
  const cacheDir = options.cacheDir ?? defaultCacheDir();
  try {
    const before = await identify(file);
    const memo = cacheDir === false ? undefined : memoFile(cacheDir, before.path);
    const known = memo && (await readMemo(memo, before, check?.name));
    if (known !== undefined) return { sha256: known, size: before.size, isPointer: false };
    if (before.size <= GIT_LFS_POINTER_LIMIT) {
      const pointer = readGitLfsPointer(await readFile(file));
      if (pointer !== undefined) return { ...pointer, isPointer: true };
    }
    const sha256 = await hashFile(file);
    await check?.run(file);
    const after = await identify(file);
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      throw dataError('data-changing', file, 'the file changed while it was read');
    }
    if (memo !== undefined && isSettled(after))
      await writeMemo(memo, after, { sha256, ...(check && { check: check.name }) });
    return { sha256, size: after.size, isPointer: false };
  } catch (error) {
    if (systemErrorCode(error) !== undefined) throw unreadable(file, error);
    throw error;
  }
}

/** What tells a file from a changed one without reading it. */
export interface FileIdentity {
  readonly path: string;
  readonly size: number;
  /** Nanoseconds, as decimal text. */
  readonly mtime: string;
  readonly ctime: string;
  readonly inode: string;
}

async function identify(file: string): Promise<FileIdentity> {
  return identityOf(file, await stat(file, { bigint: true }));
}

/** @param found `stat` of the file, with numbers of any size */
export function identityOf(file: string, found: BigIntStats): FileIdentity {
  return {
    path: resolve(file),
    size: Number(found.size),
    mtime: String(found.mtimeNs),
    ctime: String(found.ctimeNs),
    inode: `${found.dev}:${found.ino}`,
  };
}

/** A file changed just now can change again within one tick of a coarse clock, unseen; it is not remembered. */
export function isSettled({ mtime, ctime }: FileIdentity): boolean {
  const twoSecondsAgo = BigInt(Date.now() - 2000) * 1_000_000n;
  return BigInt(mtime) < twoSecondsAgo && BigInt(ctime) < twoSecondsAgo;
}

export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export function defaultCacheDir(): string {
  const own = process.env['CAFFE_QUANT_CACHE_DIR'];
  if (own) return own;
  const home = homedir();
  if (process.platform === 'win32')
    return join(process.env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'caffe-quant');
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'caffe-quant');
  return join(process.env['XDG_CACHE_HOME'] || join(home, '.cache'), 'caffe-quant');
}

function memoFile(cacheDir: string, path: string): string {
  return join(cacheDir, 'digests', `${createHash('sha256').update(path).digest('hex')}.json`);
}

/** What is known of a file of some identity. */
interface Known {
  readonly sha256: string;
  /** The check that it stood; absent: it was only read. */
  readonly check?: string;
}

async function readMemo(memo: string, identity: FileIdentity, check?: string): Promise<string | undefined> {
  try {
    const { sha256, check: stood, ...remembered } = JSON.parse(await readFile(memo, 'utf8')) as FileIdentity & Known;
    const same = JSON.stringify(remembered) === JSON.stringify(identity) && (check === undefined || check === stood);
    return same && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined;
  } catch {
    return undefined;
  }
}

async function writeMemo(memo: string, identity: FileIdentity, known: Known): Promise<void> {
  const draft = `${memo}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(memo), { recursive: true });
    await writeFile(draft, JSON.stringify({ ...identity, ...known }));
    await rename(draft, memo);
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
