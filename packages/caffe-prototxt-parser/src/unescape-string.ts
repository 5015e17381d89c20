import { decodeText, encodeText } from './source-bytes.ts';

/** Escapes of one character, by the code of that character. */
const SIMPLE = new Map<number, number>(
  Object.entries({ a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '?': 63, '\\': 92, "'": 39, '"': 34 }).map(
    ([character, byte]) => [character.charCodeAt(0), byte],
  ),
);
const ESCAPE = /\\(?:[0-7]|[xX][0-9A-Fa-f]|u[0-9A-Fa-f]{4}|U([0-9A-Fa-f]{8})|[abfnrtv?\\'"])/y;

/** What is wrong with the escape whose backslash is at `position`; `undefined` where nothing is. */
export function escapeError(text: string, position: number): string | undefined {
  ESCAPE.lastIndex = position;
  const match = ESCAPE.exec(text);
  if (match !== null && (match[1] === undefined || parseInt(match[1], 16) <= 0x10ffff)) return undefined;
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
      return `\`\\${next}\` is not an escape; a backslash itself is written \`\\\\\``;
  }
}

/**
 * The bytes that string literals stand for, joined.
 *
 * @param literals with their quotes, well-formed as `Tokenizer` checks it. Characters stand for their UTF-8 bytes, an octal or
 *   hexadecimal escape for one byte, `\u` and `\U` for the UTF-8 bytes of the code point.
 */
export function unescapeToBytes(literals: readonly string[]): Uint8Array {
  const sources = literals.map((literal) => encodeText(literal.slice(1, -1)));
  // No escape stands for more bytes than it is written with.
  const bytes = new Uint8Array(sources.reduce((sum, source) => sum + source.length, 0));
  let length = 0;
  for (const source of sources) length = unescapeInto(bytes, length, source);
  return bytes.subarray(0, length);
}

/**
 * The string that literals stand for. Where their bytes are not UTF-8, `valid` is false and the stray bytes are lone surrogates as
 * in `decodeText`, so that nothing is lost.
 */
export function unescapeToString(literals: readonly string[]): { value: string; valid: boolean } {
  const [only] = literals;
  if (literals.length === 1 && only !== undefined && isPlain(only)) return { value: only.slice(1, -1), valid: true };
  const value = decodeText(unescapeToBytes(literals));
  return { value, valid: !/\p{Surrogate}/u.test(value) };
}

/** Whether a literal stands for what it shows: no escapes, no surrogates that may be stray bytes. */
function isPlain(literal: string): boolean {
  for (let i = 0; i < literal.length; i++) {
    const code = literal.charCodeAt(i);
    if (code === BACKSLASH || (code >= 0xd800 && code < 0xe000)) return false;
  }
  return true;
}

const BACKSLASH = 92;

function unescapeInto(bytes: Uint8Array, offset: number, source: Uint8Array): number {
  let to = offset;
  for (let at = 0; at < source.length;) {
    const byte = source[at++] ?? 0;
    if (byte !== BACKSLASH) {
      bytes[to++] = byte;
      continue;
    }
    const code = source[at] ?? 0;
    const kind = String.fromCharCode(code);
    if (kind === 'x' || kind === 'X') {
      const digits = countDigits(source, at + 1, 2, 16);
      bytes[to++] = readDigits(source, at + 1, digits, 16);
      at += 1 + digits;
    } else if (kind === 'u' || kind === 'U') {
      const digits = kind === 'u' ? 4 : 8;
      let codePoint = readDigits(source, at + 1, digits, 16);
      at += 1 + digits;
      if (codePoint >= 0xd800 && codePoint < 0xdc00 && source[at] === BACKSLASH && source[at + 1] === 0x75) {
        // Two escapes may be the halves of one character beyond U+FFFF.
        const low = readDigits(source, at + 2, 4, 16);
        if (low >= 0xdc00 && low < 0xe000) {
          codePoint = 0x10000 + ((codePoint - 0xd800) << 10) + (low - 0xdc00);
          at += 6;
        }
      }
      if (codePoint >= 0xd800 && codePoint < 0xe000) codePoint = 0xfffd;
      const encoded = encodeText(String.fromCodePoint(codePoint));
      bytes.set(encoded, to);
      to += encoded.length;
    } else {
      const simple = SIMPLE.get(code);
      const digits = simple === undefined ? countDigits(source, at, 3, 8) : 1;
      bytes[to++] = simple ?? readDigits(source, at, digits, 8) & 0xff;
      at += digits;
    }
  }
  return to;
}

function countDigits(source: Uint8Array, at: number, max: number, base: number): number {
  let count = 0;
  while (count < max && digit(source[at + count]) < base) count++;
  return count;
}

function readDigits(source: Uint8Array, at: number, count: number, base: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) value = value * base + digit(source[i]);
  return value;
}

function digit(code = 0): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : Infinity;
}
