import { BYTES, varintLength } from './wire-format.ts';

const SMALL = 256;

/**
 * Collects a message as a list of chunks. Large values are taken over as views, never copied, so that a message costs
 * no more memory than the numbers it is made of.
 */
export class WireWriter {
  readonly #chunks: Uint8Array[] = [];
  #current = new Uint8Array(SMALL);
  #used = 0;
  #length = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** The message; views of it stay valid as long as the values that were given are not changed. */
  chunks(): readonly Uint8Array[] {
    this.#flush();
    return this.#chunks;
  }

  tag(number: number, wireType: number): void {
    this.varint(number * 8 + wireType);
  }

  /** An unsigned integer below 2^53. */
  varint(value: number): void {
    const at = this.#reserve(varintLength(value));
    let rest = value;
    let i = at;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#current[i++] = (rest % 128) | 0x80;
    this.#current[i] = rest;
  }

  /** The 64 bits of an integer, negative ones in two's complement as protobuf's int32 and int64. */
  varint64(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 128n; rest >>= 7n) this.#byte(Number(rest & 0x7fn) | 0x80);
    this.#byte(Number(rest));
  }

  #byte(value: number): void {
    // Reserving may put another buffer in place, so it has to come before the buffer is looked up.
    const at = this.#reserve(1);
    this.#current[at] = value;
  }

  float(value: number): void {
    const at = this.#reserve(4);
    new DataView(this.#current.buffer, this.#current.byteOffset).setFloat32(at, value, true);
  }

  double(value: number): void {
    const at = this.#reserve(8);
    new DataView(this.#current.buffer, this.#current.byteOffset).setFloat64(at, value, true);
  }

  /** Bytes as they are, without a length. */
  raw(bytes: Uint8Array): void {
    if (bytes.length <= SMALL / 4) {
      const at = this.#reserve(bytes.length);
      this.#current.set(bytes, at);
      return;
    }
    this.#flush();
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  /** An integer of any of protobuf's plain integer types. */
  integer(value: number): void {
    if (value < 0 || !Number.isSafeInteger(value)) this.varint64(BigInt(value));
    else this.varint(value);
  }

  /** A string's or a blob's value. */
  lengthAndBytes(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  bytesField(number: number, bytes: Uint8Array): void {
    this.tag(number, BYTES);
    this.lengthAndBytes(bytes);
  }

  /** A sub-message; also a packed field, whose values were written without tags. */
  messageField(number: number, message: WireWriter): void {
    this.tag(number, BYTES);
    this.varint(message.length);
    for (const chunk of message.chunks()) this.raw(chunk);
  }

  #reserve(length: number): number {
    if (this.#used + length > this.#current.length) {
      this.#flush();
      this.#current = new Uint8Array(SMALL);
    }
    const at = this.#used;
    this.#used += length;
    this.#length += length;
    return at;
  }

  /** Closes the small chunk being filled; the rest of its buffer serves the next one. */
  #flush(): void {
    if (this.#used === 0) return;
    this.#chunks.push(this.#current.subarray(0, this.#used));
    this.#current = this.#current.subarray(this.#used);
    this.#used = 0;
  }
}
