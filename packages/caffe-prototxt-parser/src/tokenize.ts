import type { DiagnosticList } from './diagnostic-list.ts';
import { escapeError } from './unescape-string.ts';
import { FLOAT, GLUED_NUMBER, INTEGER, explainNumber } from './number-literal.ts';
import type { Token, TokenKind } from './syntax-tree.ts';

const BLANK = 1;
const LETTER = 2;
const DIGIT = 4;
/** `.` and `/`, which with letters, digits and blanks make up a name in brackets. */
const NAME_MARK = 8;

const CLASSES = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[ \t\n\v\f\r]/.test(character)) CLASSES[code] = BLANK;
  if (/[A-Za-z_]/.test(character)) CLASSES[code] = LETTER;
  if (/[0-9]/.test(character)) CLASSES[code] = DIGIT;
  if (/[./-]/.test(character)) CLASSES[code] = NAME_MARK;
}

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const BACKSLASH = 92;
const CLOSING_BRACKET = 93;
const DELETE = 127;
const BOM = 0xfeff;

const NAME_SLOTS = 256;

/**
 * Splits protobuf text format into tokens, each with its blanks and comments, in time linear in the text. The grammar is that of
 * protobuf's `io::Tokenizer` as `TextFormat` sets it up: `#` comments, `f` after a float, no string across lines, a blank
 * between a number and a name. Loops over character codes, not regular expressions: these would need a stack as deep as the
 * text is long.
 */
export class Tokenizer {
  readonly #text: string;
  readonly #diagnostics: DiagnosticList;
  readonly #maxTokens: number;
  #position = 0;
  #line = 1;
  #lineStart = 0;
  #count = 0;
  #lastLeading = '';
  readonly #names: (string | undefined)[] = new Array<string | undefined>(NAME_SLOTS).fill(undefined);

  constructor(text: string, diagnostics: DiagnosticList, maxTokens: number) {
    this.#text = text;
    this.#diagnostics = diagnostics;
    this.#maxTokens = maxTokens;
  }

  next(): Token {
    const text = this.#text;
    const leadingStart = this.#position;
    if (leadingStart === 0 && text.charCodeAt(0) === BOM) this.#lineStart = this.#position = 1;
    this.#skipBlanks(false);
    const start = this.#position;
    const line = this.#line;
    const column = start - this.#lineStart + 1;
    let kind: TokenKind;
    if (start >= text.length) kind = 'end';
    else if (++this.#count > this.#maxTokens) kind = this.#giveUp(line, column);
    else kind = this.#scan(text.charCodeAt(start), line, column);
    const end = this.#position;
    this.#skipBlanks(true);
    return {
      kind,
      text: kind === 'identifier' ? this.#internName(start, end) : text.slice(start, end),
      leading: leadingStart === start ? '' : this.#internLeading(leadingStart, start),
      trailing: end === this.#position ? '' : text.slice(end, this.#position),
      line,
      column,
    };
  }

  /** The text of a name; the same string object as for the last equal name, mostly: less memory, and quicker to look up. */
  #internName(start: number, end: number): string {
    const text = this.#text;
    const slot = (text.charCodeAt(start) * 31 + text.charCodeAt(end - 1) * 7 + (end - start)) & (NAME_SLOTS - 1);
    const known = this.#names[slot];
    if (known !== undefined && known.length === end - start && text.startsWith(known, start)) return known;
    return (this.#names[slot] = text.slice(start, end));
  }

  /** Likewise for the blanks before a token, which are often those of the line before. */
  #internLeading(start: number, end: number): string {
    const known = this.#lastLeading;
    if (known.length === end - start && this.#text.startsWith(known, start)) return known;
    return (this.#lastLeading = this.#text.slice(start, end));
  }

  /**
   * Makes one token of a name in brackets (`[caffe.ext]`, `[type.googleapis.com/caffe.Datum]`) whose `[` was the last token;
   * gives that token back where no such name is there.
   */
  rescanName(bracket: Token): Token {
    const text = this.#text;
    let position = this.#position;
    for (; ; position++) {
      const code = text.charCodeAt(position);
      if (code === CLOSING_BRACKET) break;
      if (code === HASH) {
        const end = text.indexOf('\n', position);
        if (end < 0) return bracket;
        position = end;
      } else if ((CLASSES[code] ?? 0) === 0) {
        return bracket;
      }
    }
    const start = this.#position - bracket.trailing.length - 1;
    for (let i = this.#position; i < position; i++) if (text.charCodeAt(i) === NEWLINE) this.#startLine(i + 1);
    return this.#extend(bracket, start, position + 1, 'name');
  }

  /** Makes one token of the last token and the rest of its line. */
  rescanLine(token: Token): Token {
    if (token.trailing.endsWith('\n')) return token;
    const start = this.#position - token.trailing.length - token.text.length;
    const newline = this.#text.indexOf('\n', this.#position);
    let end = newline < 0 ? this.#text.length : newline;
    if (newline > 0 && this.#text.charCodeAt(end - 1) === RETURN) end--;
    return this.#extend(token, start, Math.max(end, this.#position), 'malformed');
  }

  #extend(token: Token, start: number, end: number, kind: TokenKind): Token {
    this.#position = end;
    this.#skipBlanks(true);
    const trailing = this.#text.slice(end, this.#position);
    return { ...token, kind, text: this.#text.slice(start, end), trailing };
  }

  /** The character that the next token begins with, or '' at the end. */
  peekCharacter(): string {
    const text = this.#text;
    for (let position = this.#position; ; position++) {
      const code = text.charCodeAt(position);
      if (code === HASH) {
        const end = text.indexOf('\n', position);
        if (end < 0) return '';
        position = end;
      } else if (CLASSES[code] !== BLANK) {
        return text.charAt(position);
      }
    }
  }

  #startLine(position: number): void {
    this.#line++;
    this.#lineStart = position;
  }

  /** Skips blanks and comments: all of them, or those up to the end of the line. */
  #skipBlanks(toLineEnd: boolean): void {
    const text = this.#text;
    let position = this.#position;
    for (;;) {
      const code = text.charCodeAt(position);
      if (code === SPACE || code === TAB) {
        position++;
      } else if (code === NEWLINE) {
        position++;
        this.#startLine(position);
        if (toLineEnd) break;
      } else if (code === HASH) {
        const end = text.indexOf('\n', position);
        position = end < 0 ? text.length : end;
      } else if (CLASSES[code] === BLANK) {
        position++;
      } else {
        break;
      }
    }
    this.#position = position;
  }

  #scan(code: number, line: number, column: number): TokenKind {
    const text = this.#text;
    const kind = CLASSES[code];
    if (kind === LETTER) {
      let position = this.#position + 1;
      while (((CLASSES[text.charCodeAt(position)] ?? 0) & (LETTER | DIGIT)) !== 0) position++;
      this.#position = position;
      return 'identifier';
    }
    if (kind === DIGIT || (code === DOT && CLASSES[text.charCodeAt(this.#position + 1)] === DIGIT)) {
      return this.#scanNumber(line, column);
    }
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) return this.#scanString(code, line, column);
    this.#position++;
    return code > SPACE && code < DELETE ? 'symbol' : this.#scanForeign(line, column);
  }

  #scanNumber(line: number, column: number): TokenKind {
    const text = this.#text;
    const start = this.#position;
    let position = start;
    while (CLASSES[text.charCodeAt(position)] === DIGIT) position++;
    const after = text.charCodeAt(position);
    const isPlain = after !== DOT && CLASSES[after] !== LETTER && position > start;
    if (isPlain && (position === start + 1 || text.charCodeAt(start) !== ZERO)) {
      this.#position = position;
      return 'integer';
    }
    // Everything up to the next character that can neither belong to a number nor be glued to one.
    const isHexadecimal = text.charCodeAt(start) === ZERO && (after | 32) === 0x78 && position === start + 1;
    for (; ; position++) {
      const code = text.charCodeAt(position);
      if (((CLASSES[code] ?? 0) & (LETTER | DIGIT)) !== 0 || code === DOT) continue;
      const isSign = code === PLUS || code === MINUS;
      if (!isSign || isHexadecimal || (text.charCodeAt(position - 1) | 32) !== 0x65) break;
    }
    this.#position = position;
    const number = text.slice(start, position);
    if (INTEGER.test(number)) return 'integer';
    if (!isPlain && FLOAT.test(number)) return 'float';
    this.#diagnostics.add({ code: 'bad-number', severity: 'error', ...explainNumber(number) }, { line, column });
    // `test_iter: 100layer {`: what is glued to the number is the next field.
    const glued = GLUED_NUMBER.exec(number)?.[0];
    if (glued === undefined || !':{'.includes(this.peekCharacter() || ' ')) return 'malformed';
    this.#position = start + glued.length;
    return INTEGER.test(glued) ? 'integer' : 'float';
  }

  #scanString(quote: number, line: number, column: number): TokenKind {
    const text = this.#text;
    const start = this.#position;
    let intact = true;
    let position = start + 1;
    for (; position < text.length; position++) {
      const code = text.charCodeAt(position);
      if (code === quote) {
        this.#position = position + 1;
        return intact ? 'string' : 'malformed';
      }
      if (code === NEWLINE) break;
      if (code !== BACKSLASH) continue;
      const message = escapeError(text, position);
      if (message !== undefined) {
        intact = false;
        const place = { line, column: column + position - start };
        this.#diagnostics.add({ code: 'bad-escape', severity: 'error', message }, place);
      }
      const next = text.charCodeAt(position + 1);
      if (next === quote || next === BACKSLASH) position++;
    }
    if (text.charCodeAt(position - 1) === RETURN && position < text.length) position--;
    this.#position = position;
    this.#diagnostics.add(
      {
        code: 'unterminated-string',
        severity: 'error',
        message: 'this string does not end on its line',
        hint: `close it with ${String.fromCharCode(quote)}; a long string can be written as several, one after the other`,
      },
      { line, column },
    );
    return 'malformed';
  }

  /** Control characters and what is not ASCII, outside strings and comments: one token for the whole run. */
  #scanForeign(line: number, column: number): TokenKind {
    const text = this.#text;
    const start = this.#position - 1;
    for (; this.#position < text.length; this.#position++) {
      const code = text.charCodeAt(this.#position);
      if (code < DELETE && (code >= SPACE || CLASSES[code] === BLANK)) break;
    }
    const code = text.codePointAt(start) ?? 0;
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    const what =
      code < SPACE || code === DELETE ? `control character ${name}` : `character ${name}, which is not ASCII,`;
    const message = `unexpected ${what} outside of a string or comment`;
    this.#diagnostics.add({ code: 'bad-character', severity: 'error', message }, { line, column });
    return 'malformed';
  }

  #giveUp(line: number, column: number): TokenKind {
    const text = this.#text;
    for (let at = text.indexOf('\n', this.#position); at >= 0; at = text.indexOf('\n', at + 1)) this.#startLine(at + 1);
    this.#position = text.length;
    // Nothing at all is read of a file that is too large, which was reported as such.
    if (this.#maxTokens === 0) return 'malformed';
    const message = `the file has more than ${this.#maxTokens} tokens; what follows is not read`;
    this.#diagnostics.add({ code: 'too-many-tokens', severity: 'error', message }, { line, column });
    return 'malformed';
  }
}
