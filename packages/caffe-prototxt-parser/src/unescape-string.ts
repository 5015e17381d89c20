const SIMPLE: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '?': 63,
  '\\': 92,
  "'": 39,
  '"': 34,
};
const ESCAPE = /\\(?:([0-7]{1,3})|[xX]([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([abfnrtv?\\'"]))/y;

/** What is wrong with the escape whose backslash is at `position`; `undefined` where nothing is. */
export function escapeError(text: string, position: number): string | undefined {
  ESCAPE.lastIndex = position;
  const match = ESCAPE.exec(text);
  const long = match?.[4];
  if (match !== null && (long === undefined || parseInt(long, 16) <= 0x10ffff)) return undefined;
  const next = text.charAt(position + 1);
  switch (next) {
    case '':
    case '\n':
    case '\r':
      return 'a backslash stands at the end of the line; a string cannot go on in the next line';
    case 'x':
    case 'X':
      return '`\\x` must be followed by one or two hexadecimal digits';
    case 'u':
      return '`\\u` must be followed by four hexadecimal digits';
    case 'U':
      return '`\\U` must be followed by eight hexadecimal digits, at most 0010FFFF';
    default:
      return `\`\\${next}\` is no escape; a backslash itself is written \`\\\\\``;
  }
}

const encoder = new TextEncoder();

/**
 * The bytes that string literals stand for, joined.
 *
 * @param literals with their quotes, well-formed as `Tokenizer` checks it. Characters stand for their UTF-8 bytes, an octal or
 *   hexadecimal escape for one byte, `\u` and `\U` for the UTF-8 bytes of the code point.
 */
export function unescapeToBytes(literals: readonly string[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (const literal of literals) {
    const text = literal.slice(1, -1);
    let start = 0;
    for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', start)) {
      if (at > start) chunks.push(encoder.encode(text.slice(start, at)));
      ESCAPE.lastIndex = at;
      const match = ESCAPE.exec(text);
      if (match === null) throw new Error(`not a well-formed escape: ${text.slice(at, at + 10)}`);
      const [all, octal, hex, short, long, simple] = match;
      let end = at + all.length;
      if (octal !== undefined) chunks.push(Uint8Array.of(parseInt(octal, 8) & 0xff));
      else if (hex !== undefined) chunks.push(Uint8Array.of(parseInt(hex, 16)));
      else if (simple !== undefined) chunks.push(Uint8Array.of(SIMPLE[simple] ?? 0));
      else {
        let character = String.fromCodePoint(parseInt(short ?? long ?? '', 16));
        // Two `\u` escapes may be the halves of one character beyond U+FFFF.
        const low = /^\\u([dD][c-fC-F][0-9A-Fa-f]{2})/.exec(text.slice(end, end + 6))?.[1];
        if (/^[\ud800-\udbff]$/.test(character) && low !== undefined) {
          character += String.fromCharCode(parseInt(low, 16));
          end += 6;
        }
        chunks.push(encoder.encode(character));
      }
      start = end;
    }
    if (start < text.length) chunks.push(encoder.encode(text.slice(start)));
  }
  return concatenate(chunks);
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The string that literals stand for; `valid` is false where the bytes are no UTF-8 and were replaced by U+FFFD. */
export function unescapeToString(literals: readonly string[]): { value: string; valid: boolean } {
  if (literals.every((literal) => !literal.includes('\\'))) {
    const value = literals.map((literal) => literal.slice(1, -1)).join('');
    return { value, valid: true };
  }
  const bytes = unescapeToBytes(literals);
  try {
    return { value: strictDecoder.decode(bytes), valid: true };
  } catch {
    return { value: lenientDecoder.decode(bytes), valid: false };
  }
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    result.set(chunk, offset);
    offset += chunk.length;
  }
  return result;
}
