import { crc32 } from 'node:zlib';
import { ImageError } from './image-error.ts';

/** The signature that every PNG begins with. */
const SIGNATURE = 8;
/** Of a chunk: length u32, type; after its data, CRC-32 u32 of type and data. */
const HEAD = 8;
const TAIL = 4;

/**
 * Checks all chunks of a PNG by their checksums (PNG specification, section 5.3). Decoders leave out a chunk that is not
 * needed for pixels where it is damaged; what it said, such as a transparent colour, changes the image all the same.
 *
 * @throws ImageError with the byte of the chunk
 */
export function checkPng(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE; ;) {
    const end = at + HEAD + TAIL <= bytes.length ? at + HEAD + view.getUint32(at) : Infinity;
    if (end + TAIL > bytes.length)
      throw new ImageError(`is a PNG that is cut off, or damaged, in the chunk at byte ${at}`);
    const type = Buffer.from(bytes.subarray(at + 4, at + HEAD)).toString('latin1');
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      const name = /^[A-Za-z]{4}$/.test(type) ? ` '${type}'` : '';
      throw new ImageError(`is a damaged PNG: the checksum of the chunk${name} at byte ${at} does not match`);
    }
    if (type === 'IEND') return;
    at = end + TAIL;
  }
}
