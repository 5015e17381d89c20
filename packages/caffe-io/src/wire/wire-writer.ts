import { BYTES, varintLength } from './wire-format.ts';

/** Values of fewer bytes are copied. */
const LARGE = 256;

/**
 * Collects a message. Large values are taken over as views, never copied, so that a message costs no more memory than the
 * numbers it is made of; all else lies one after the other in one buffer.
 */
export class WireWriter {
  private buffer = new Uint8Array(1024);
  private view = new DataView(this.buffer.buffer);
  private used = 0;
  /** Large values, each with the place in the buffer before which it comes. */
  private readonly large: { at: number; bytes: Uint8Array }[] = [];
  private largeLength = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.used + this.largeLength;
  }

  /** The message in parts; they stay valid as long as the values that were given are not changed. */
  chunks(): readonly Uint8Array[] {
    const chunks: Uint8Array[] = [];
    let start = 0;
    const takeUntil = (end: number) => {
      if (end > start) chunks.push(this.buffer.subarray(start, end));
      start = end;
    };
    for (const { at, bytes } of this.large) {
      takeUntil(at);
      chunks.push(bytes);
    }
    takeUntil(this.used);
    return chunks;
  }

  /** The message in one array, a copy. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.chunks()) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  tag(number: number, wireType: number): void {
    this.varint(number * 8 + wireType);
  }

  /** An unsigned integer below 2^53. */
  varint(value: number): void {
    if (value < 128) this.byte(value);
    else this.putVarint(this.reserve(varintLength(value)), value);
  }

  /** The 64 bits of an integer, negative ones in two's complement as protobuf's int32 and int64. */
  varint64(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 128n; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80);
    this.byte(Number(rest));
  }

  float(value: number): void {
    const at = this.reserve(4);
    this.view.setFloat32(at, value, true);
  }

  double(value: number): void {
    const at = this.reserve(8);
    this.view.setFloat64(at, value, true);
  }

  /** Bytes as they are, without a length. */
  raw(bytes: Uint8Array): void {
    if (bytes.length < LARGE) {
      const at = this.reserve(bytes.length);
      this.buffer.set(bytes, at);
      return;
    }
    this.large.push({ at: this.used, bytes });
    this.largeLength += bytes.length;
  }

  /** An integer of any of protobuf's plain integer types. */
  integer(value: number): void {
    if (value < 0 || !Number.isSafeInteger(value)) this.varint64(BigInt(value));
    else this.varint(value);
  }

  /** A blob's value. */
  lengthAndBytes(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** A string's value, in UTF-8. */
  lengthAndString(text: string): void {
    const { used } = this;
    const length = text.length;
    this.varint(length);
    const start = this.reserve(length);
    const { buffer } = this;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 128) {
        this.used = used;
        this.lengthAndBytes(utf8.encode(text));
        return;
      }
      buffer[start + i] = code;
    }
  }

  bytesField(number: number, bytes: Uint8Array): void {
    this.tag(number, BYTES);
    this.lengthAndBytes(bytes);
  }

  /** A sub-message, or a packed field: what `write` writes here, after its length. */
  messageField(number: number, write: () => void): void {
    this.tag(number, BYTES);
    // Most messages are short: one byte is left for the length, and a longer one moves what follows it.
    const start = this.reserve(1);
    const firstLarge = this.large.length;
    const before = this.length;
    write();
    const length = this.length - before;
    const more = varintLength(length) - 1;
    if (more > 0) {
      const end = this.reserve(more);
      this.buffer.copyWithin(start + 1 + more, start + 1, end);
      for (let i = firstLarge; i < this.large.length; i++) this.large[i]!.at += more;
    }
    this.putVarint(start, length);
  }

  private byte(value: number): void {
    const at = this.reserve(1);
    this.buffer[at] = value;
  }

  private putVarint(at: number, value: number): void {
    let rest = value;
    let i = at;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.buffer[i++] = (rest % 128) | 0x80;
    this.buffer[i] = rest;
  }

  /** Makes room; it may put another buffer in place, and so comes before the buffer is looked up. */
  private reserve(length: number): number {
    const at = this.used;
    this.used += length;
    if (this.used > this.buffer.length) {
      const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.used));
      larger.set(this.buffer.subarray(0, at));
      this.buffer = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }
}

const utf8 = new TextEncoder();
