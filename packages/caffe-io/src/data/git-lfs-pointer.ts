/** What a Git LFS pointer file says of the file it stands for. */
export interface GitLfsPointer {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly size: number;
}

/** Larger files are not pointers (the specification's own limit). */
export const GIT_LFS_POINTER_LIMIT = 1024;

/**
 * Reads a Git LFS pointer from the first bytes of a file (git-lfs, docs/spec.md); `undefined` where they are
 * something else. Needs a pointer's first 150 bytes or so.
 */
export function readGitLfsPointer(head: Uint8Array): GitLfsPointer | undefined {
  const text = Buffer.from(head.subarray(0, GIT_LFS_POINTER_LIMIT)).toString('latin1');
  if (!text.startsWith('version https://git-lfs.github.com/spec/v1\n')) return undefined;
  const sha256 = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = /^size (\d+)$/m.exec(text)?.[1];
  return sha256 === undefined || size === undefined ? undefined : { sha256, size: Number(size) };
}
