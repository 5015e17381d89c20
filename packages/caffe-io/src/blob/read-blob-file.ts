import { readFileSync } from 'node:fs';
import { dataError, unreadable } from '../data/data-error.ts';
import { GIT_LFS_POINTER_LIMIT, readGitLfsPointer } from '../data/git-lfs-pointer.ts';
import { memorySource } from '../wire/byte-source.ts';
import type { Blob } from './blob.ts';
import { elementCount } from './blob.ts';
import { decodeBlob } from './decode-blob.ts';

/**
 * Reads a file that holds one BlobProto (`.binaryproto`), such as the matrix of an InfogainLoss.
 *
 * @throws DiagnosticsError where the file is missing or is no BlobProto with as many values as its shape has
 */
export function readBlobFile(file: string): Blob {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw unreadable(file, error);
  }
  if (bytes.length <= GIT_LFS_POINTER_LIMIT && readGitLfsPointer(bytes) !== undefined) {
    throw dataError('git-lfs-pointer', file, 'is a Git LFS pointer, not the blob itself', 'run `git lfs pull`');
  }
  let blob: Blob;
  try {
    blob = decodeBlob(memorySource(bytes), 0, bytes.length);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw dataError('blob-file', file, `is not a BlobProto message (${why})`);
  }
  if (blob.data.length === 0 || elementCount(blob.shape) !== blob.data.length) {
    const message = `has ${blob.data.length} values, but its shape is [${blob.shape.join(', ')}]`;
    throw dataError('blob-file', file, message);
  }
  return blob;
}
