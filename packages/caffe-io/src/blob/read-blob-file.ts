import { dataError } from '../data/data-error.ts';
import { readDataFile } from '../data/read-data-file.ts';
import { memorySource } from '../wire/byte-source.ts';
import { WireError } from '../wire/wire-format.ts';
import type { Blob } from './blob.ts';
import { elementCount } from './blob.ts';
import { decodeBlob } from './decode-blob.ts';

/**
 * Reads a file that holds one BlobProto (`.binaryproto`), such as the matrix of an InfogainLoss.
 *
 * @throws DiagnosticsError where the file is missing or is not a BlobProto with as many values as its shape has
 */
export function readBlobFile(file: string): Blob {
  const blob = decodeBlobFile(file, 'the blob', 'blob-file');
  if (blob.data.length === 0 || elementCount(blob.shape) !== blob.data.length) {
    const message = `has ${blob.data.length} values, but its shape is [${blob.shape.join(', ')}]`;
    throw dataError('blob-file', file, message);
  }
  return blob;
}

/**
 * The BlobProto of a file, whose values may not fill its shape.
 *
 * @param what the file should be, for errors
 * @param code of the error where it is none
 * @throws DiagnosticsError where the file is missing or is not a BlobProto
 */
export function decodeBlobFile(file: string, what: string, code: string): Blob {
  const bytes = readDataFile(file, what);
  try {
    return decodeBlob(memorySource(bytes), 0, bytes.length);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw dataError(code, file, `is not a BlobProto message (byte ${error.offset}: ${error.message})`);
  }
}
