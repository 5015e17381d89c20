const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * The text of a file's bytes, such that `encodeText` gives exactly these bytes back.
 *
 * That is UTF-8, and where a file is none (old nets have comments in GBK or Latin-1) each byte that fits no UTF-8 sequence becomes a
 * lone surrogate, U+DC80 to U+DCFF, as in Python's `surrogateescape`. A BOM stays in the text.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeEscaping(bytes);
  }
}

/** The bytes of a text; the inverse of `decodeText`. Any other lone surrogate becomes U+FFFD. */
export function encodeText(text: string): Uint8Array {
  const escaped = /\p{Surrogate}/u.exec(text);
  if (escaped === null) return encoder.encode(text);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const piece of text.split(/([\udc80-\udcff]+)/u)) {
    const isBytes = /^[\udc80-\udcff]/u.test(piece);
    const bytes = isBytes ? Uint8Array.from(piece, (byte) => byte.charCodeAt(0) & 0xff) : encoder.encode(piece);
    pieces.push(bytes);
    length += bytes.length;
  }
  return concatenate(pieces, length);
}

function concatenate(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

function decodeEscaping(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let start = 0;
  for (let i = 0; i < bytes.length;) {
    const length = sequenceLength(bytes, i);
    if (length > 0) {
      i += length;
      continue;
    }
    if (i > start) pieces.push(strictDecoder.decode(bytes.subarray(start, i)));
    pieces.push(String.fromCharCode(0xdc00 | (bytes[i] ?? 0)));
    start = ++i;
  }
  pieces.push(strictDecoder.decode(bytes.subarray(start)));
  return pieces.join('');
}

/** Length of the well-formed UTF-8 sequence at a place (Unicode Standard, table 3-7); 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = at + 2; i < at + length; i++) if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
