/** Numbers as LevelDB's files have them (coding.h): little-endian, or 7 bits a byte from the lowest on. */
export class LevelDbBytes {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  /** @throws RangeError beyond the end, and where the number has more than 53 bits: no file has such a size */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 56; scale *= 128) {
      if (this.isAtEnd) throw new RangeError('a number is cut off');
      const byte = this.bytes[this.at++]!;
      value += (byte & 127) * scale;
      if (byte < 128 && Number.isSafeInteger(value)) return value;
    }
    throw new RangeError('a number is too large');
  }

  /** @throws RangeError beyond the end */
  take(length: number): Uint8Array {
    if (length > this.end - this.at) throw new RangeError('bytes are cut off');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** Bytes after their number. */
  sized(): Uint8Array {
    return this.take(this.varint());
  }
}

export const uint32At = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
