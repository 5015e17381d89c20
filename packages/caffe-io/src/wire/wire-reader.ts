import {
  BYTES,
  fieldNumber,
  FIXED32,
  FIXED64,
  GROUP_END,
  GROUP_START,
  MAX_FIELD_NUMBER,
  VARINT,
  WireError,
  wireTypeIn,
} from './wire-format.ts';

const MAX_GROUP_DEPTH = 100;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads wire values from bytes that lie in memory. Positions and errors count from the start of the file, of which
 * `bytes` begins at `base`. Every method throws a `WireError` rather than read past the end.
 *
 * Its members are private to TypeScript only: where `#` fields are transpiled, a call costs many times as much.
 */
export class WireReader {
  private readonly source: Uint8Array;
  private readonly base: number;
  private end: number;
  private at = 0;
  private view: DataView | undefined;

  constructor(bytes: Uint8Array, base = 0) {
    this.source = bytes;
    this.base = base;
    this.end = bytes.length;
  }

  /** Offset in the file of the next byte. */
  get position(): number {
    return this.base + this.at;
  }

  get atEnd(): boolean {
    return this.at >= this.end;
  }

  /** Goes back, or on, to an offset in the file. */
  seek(position: number): void {
    this.at = position - this.base;
  }

  /** The bytes from an offset in the file to here, as a view. */
  since(position: number): Uint8Array {
    return this.source.subarray(position - this.base, this.at);
  }

  /** The next field's tag, see `fieldNumber` and `wireTypeIn`. */
  tag(): number {
    const start = this.at;
    const tag = this.varint();
    const number = Math.floor(tag / 8);
    if (number === 0 || number > MAX_FIELD_NUMBER) this.fail(`${number} is not a field number`, start);
    if (wireTypeIn(tag) > FIXED32) this.fail(`${wireTypeIn(tag)} is not a wire type`, start);
    return tag;
  }

  /** Reads over a field's tag if it is `tag` that comes next; true where it was. For fields of numbers below 16. */
  takeTag(tag: number): boolean {
    if (this.at >= this.end || this.source[this.at] !== tag) return false;
    this.at++;
    return true;
  }

  /** An unsigned varint; exact below 2^53. */
  varint(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    let scale = 128;
    for (let i = 1; i < 10; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    return this.fail('a number of more than ten bytes', this.at - 10);
  }

  /** A varint as a signed integer of 64 bits; exact between -2^53 and 2^53. */
  int64(): number {
    const start = this.at;
    const value = this.varint();
    if (value <= Number.MAX_SAFE_INTEGER) return value;
    this.at = start;
    return Number(BigInt.asIntN(64, this.varint64()));
  }

  /** A varint as its 64 bits. */
  varint64(): bigint {
    const start = this.at;
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return this.fail('a number of more than ten bytes', start);
  }

  /** The low 32 bits of a varint, signed. */
  int32(): number {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.byte();
      if (i < 5) value |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return value;
    }
    return this.fail('a number of more than ten bytes', this.at - 10);
  }

  /** Varints in the bytes that are left, if there is nothing else in them. */
  countVarints(): number {
    let count = 0;
    for (let at = this.at; at < this.end; at++) if ((this.source[at] ?? 0) < 0x80) count++;
    return count;
  }

  float(): number {
    return this.numbersView().getFloat32(this.take(4), true);
  }

  double(): number {
    return this.numbersView().getFloat64(this.take(8), true);
  }

  /** A length-delimited value, as a view. */
  bytes(): Uint8Array {
    const length = this.announced();
    const at = this.take(length);
    return this.source.subarray(at, at + length);
  }

  /** Begins a length-delimited value: until `leave` is given what this returns, the reader ends where the value does. */
  enter(): number {
    const length = this.announced();
    const outerEnd = this.end;
    this.end = this.at + length;
    return outerEnd;
  }

  /** Goes on after the value that `enter` began. */
  leave(outerEnd: number): void {
    this.at = this.end;
    this.end = outerEnd;
  }

  /** A string; bytes that are not UTF-8 become U+FFFD. */
  string(): string {
    return utf8.decode(this.bytes());
  }

  /** Reads over the value that follows a tag. */
  skip(tag: number): void {
    const open: number[] = [];
    let [number, type] = [fieldNumber(tag), wireTypeIn(tag)];
    for (;;) {
      if (type === VARINT) this.varint();
      else if (type === FIXED64) this.take(8);
      else if (type === FIXED32) this.take(4);
      else if (type === BYTES) this.bytes();
      else if (type === GROUP_START) open.push(number);
      else if (type === GROUP_END && open.pop() !== number) {
        this.fail(`the end of a group ${number} that was not begun`, this.at);
      }
      if (open.length === 0) return;
      if (open.length > MAX_GROUP_DEPTH) this.fail('groups nested too deep', this.at);
      const next = this.tag();
      [number, type] = [fieldNumber(next), wireTypeIn(next)];
    }
  }

  /** A length that fits into what is left. */
  private announced(): number {
    const start = this.at;
    const length = this.varint();
    const left = this.end - this.at;
    if (length > left) this.fail(`${length} bytes announced, ${left} there`, start);
    return length;
  }

  private fail(message: string, at: number): never {
    throw new WireError(message, this.base + at);
  }

  /** Few messages hold floats: the view is made for the first. */
  private numbersView(): DataView {
    return (this.view ??= new DataView(this.source.buffer, this.source.byteOffset, this.source.byteLength));
  }

  private byte(): number {
    if (this.at >= this.end) this.fail('the data ends inside a number', this.at);
    return this.source[this.at++]!;
  }

  private take(length: number): number {
    const at = this.at;
    if (length > this.end - at) this.fail('the data ends inside a value', at);
    this.at += length;
    return at;
  }
}
