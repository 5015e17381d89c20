import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { dataError, systemErrorCode, unreadable } from './data-error.ts';
import { defaultCacheDir, hashFile, identityOf, isSettled } from './digest-file.ts';
import type { DigestOptions, FileDigest, FileIdentity } from './digest-file.ts';
import { GIT_LFS_POINTER_LIMIT, readGitLfsPointer } from './git-lfs-pointer.ts';

/** Files read at a time. */
const AT_ONCE = 8;
/** Larger files are read as streams. */
const IN_ONE_READ = 1 << 22;

/**
 * SHA-256 of many files, with one memo for all of them: the files of unchanged path, size, times and inode are not read,
 * and there is one file to remember them in instead of thousands.
 *
 * @param together what the files belong to; its path names the memo
 * @throws DiagnosticsError where a file cannot be read, or changes meanwhile
 */
export async function digestFiles(
  files: readonly string[],
  together: string,
  options: DigestOptions = {},
): Promise<FileDigest[]> {
  const cacheDir = options.cacheDir ?? defaultCacheDir();
  const memoFile = cacheDir === false ? undefined : memoFileOf(cacheDir, together);
  const known = memoFile === undefined ? new Map<string, string>() : await readMemo(memoFile);
  const remembered = new Map<string, string>();
  const digests = new Map<string, FileDigest>();
  const unread: string[] = [];
  for (const file of new Set(files)) {
    const identity = identify(file);
    const key = keyOf(identity);
    const sha256 = known.get(key);
    if (sha256 === undefined) unread.push(file);
    else {
      digests.set(file, { sha256, size: identity.size, isPointer: false });
      remembered.set(key, sha256);
    }
  }
  const read = async () => {
    for (let file = unread.pop(); file !== undefined; file = unread.pop()) {
      const { digest, identity } = await readDigest(file);
      digests.set(file, digest);
      if (!digest.isPointer && isSettled(identity)) remembered.set(keyOf(identity), digest.sha256);
    }
  };
  const isChanged = unread.length > 0 || remembered.size !== known.size;
  await Promise.all(Array.from({ length: AT_ONCE }, read));
  if (memoFile !== undefined && isChanged) await writeMemo(memoFile, remembered);
  return files.map((file) => digests.get(file)!);
}

/** Synchronous: tens of thousands of these are several times as fast so. */
function identify(file: string): FileIdentity {
  try {
    return identityOf(file, statSync(file, { bigint: true }));
  } catch (error) {
    throw unreadable(file, error);
  }
}

const keyOf = ({ path, size, mtime, ctime, inode }: FileIdentity): string =>
  [size, mtime, ctime, inode, path].join(' ');

async function readDigest(file: string): Promise<{ digest: FileDigest; identity: FileIdentity }> {
  const before = identify(file);
  let digest: FileDigest;
  try {
    digest = await digestOf(file, before.size);
  } catch (error) {
    throw systemErrorCode(error) === undefined ? error : unreadable(file, error);
  }
  const identity = identify(file);
  if (keyOf(identity) !== keyOf(before)) throw dataError('data-changing', file, 'the file changed while it was read');
  return { digest, identity };
}

async function digestOf(file: string, size: number): Promise<FileDigest> {
  if (size > IN_ONE_READ) return { sha256: await hashFile(file), size, isPointer: false };
  const bytes = await readFile(file);
  const pointer = size <= GIT_LFS_POINTER_LIMIT ? readGitLfsPointer(bytes) : undefined;
  if (pointer !== undefined) return { ...pointer, isPointer: true };
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size, isPointer: false };
}

function memoFileOf(cacheDir: string, together: string): string {
  const name = createHash('sha256').update(resolve(together)).digest('hex');
  return join(cacheDir, 'digests', `${name}-files.txt`);
}

/** Lines of digest and identity. A path with a line end does not come back as it was, and is read again. */
async function readMemo(memoFile: string): Promise<Map<string, string>> {
  try {
    const lines = (await readFile(memoFile, 'utf8')).split('\n');
    return new Map(
      lines.filter((line) => /^[0-9a-f]{64} /.test(line)).map((line) => [line.slice(65), line.slice(0, 64)]),
    );
  } catch {
    return new Map();
  }
}

async function writeMemo(memoFile: string, remembered: ReadonlyMap<string, string>): Promise<void> {
  const draft = `${memoFile}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(memoFile), { recursive: true });
    await writeFile(draft, [...remembered].map(([key, sha256]) => `${sha256} ${key}\n`).join(''));
    await rename(draft, memoFile);
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
