import { BYTES, FIXED32, FIXED64, GROUP_END, GROUP_START, MAX_FIELD_NUMBER, VARINT, WireError } from './wire-format.ts';

const MAX_GROUP_DEPTH = 100;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads wire values from bytes that lie in memory. Positions and errors count from the start of the file, of which
 * `bytes` begins at `base`. Every method throws a `WireError` rather than read past the end.
 */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #base: number;
  readonly #end: number;
  #at = 0;

  constructor(bytes: Uint8Array, base = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#base = base;
    this.#end = bytes.length;
  }

  /** Offset in the file of the next byte. */
  get position(): number {
    return this.#base + this.#at;
  }

  get atEnd(): boolean {
    return this.#at >= this.#end;
  }

  /** Next field's number and wire type. */
  tag(): { number: number; wireType: number } {
    const start = this.position;
    const tag = this.varint();
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (number === 0 || number > MAX_FIELD_NUMBER) throw new WireError(`${number} is no field number`, start);
    if (wireType > FIXED32) throw new WireError(`${wireType} is no wire type`, start);
    return { number, wireType };
  }

  /** An unsigned varint; exact below 2^53. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new WireError('a number of more than ten bytes', this.position - 10);
  }

  /** A varint as its 64 bits. */
  varint64(): bigint {
    const start = this.position;
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError('a number of more than ten bytes', start);
  }

  /** The low 32 bits of a varint, signed. */
  int32(): number {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte();
      if (i < 5) value |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return value;
    }
    throw new WireError('a number of more than ten bytes', this.position - 10);
  }

  /** Varints in the bytes that are left, if there is nothing else in them. */
  countVarints(): number {
    let count = 0;
    for (let at = this.#at; at < this.#end; at++) if ((this.#bytes[at] ?? 0) < 0x80) count++;
    return count;
  }

  float(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** A length-delimited value, as a view. */
  bytes(): Uint8Array {
    const start = this.position;
    const length = this.varint();
    if (length > this.#end - this.#at) {
      throw new WireError(`${length} bytes announced, ${this.#end - this.#at} there`, start);
    }
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A string; bytes that are no UTF-8 become U+FFFD. */
  string(): string {
    return utf8.decode(this.bytes());
  }

  /** Reads over the value that follows a tag. */
  skip(number: number, wireType: number): void {
    const open: number[] = [];
    let [fieldNumber, type] = [number, wireType];
    for (;;) {
      if (type === VARINT) this.varint();
      else if (type === FIXED64) this.#take(8);
      else if (type === FIXED32) this.#take(4);
      else if (type === BYTES) this.bytes();
      else if (type === GROUP_START) open.push(fieldNumber);
      else if (type === GROUP_END && open.pop() !== fieldNumber) {
        throw new WireError(`the end of a group ${fieldNumber} that was not begun`, this.position);
      }
      if (open.length === 0) return;
      if (open.length > MAX_GROUP_DEPTH) throw new WireError('groups nested too deep', this.position);
      ({ number: fieldNumber, wireType: type } = this.tag());
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new WireError('the data ends inside a number', this.position);
    this.#at++;
    return byte;
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#end - at) throw new WireError('the data ends inside a value', this.position);
    this.#at += length;
    return at;
  }
}
