import { dataError } from '../data/data-error.ts';
import { readDataFile } from '../data/read-data-file.ts';
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
  const bytes = readDataFile(file, 'the blob');
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
