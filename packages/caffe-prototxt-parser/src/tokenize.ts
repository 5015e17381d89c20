import type { DiagnosticList } from './diagnostic-list.ts';
import { escapeError } from './unescape-string.ts';
import type { Token, TokenKind } from './syntax-tree.ts';

const BLANK = 1;
const LETTER = 2;
const DIGIT = 4;

const CLASSES = new Uint8Array(128);
for (const character of ' \t\n\v\f\r') CLASSES[character.charCodeAt(0)] = BLANK;
for (let code = 0; code < 128; code++) {
  if (/[A-Za-z_]/.test(String.fromCharCode(code))) CLASSES[code] = LETTER;
  if (/[0-9]/.test(String.fromCharCode(code))) CLASSES[code] = DIGIT;
}

const NEWLINE = 10;
const HASH = 35;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const DOT = 46;
const BACKSLASH = 92;
const BOM = 0xfeff;

const ZERO = 48;
const HEXADECIMAL_START = /^0[xX]/;
const HEXADECIMAL_RUN = /[A-Za-z0-9_.]+/y;
// Everything up to the next character that cannot belong to a number or be glued to one.
const NUMBER_RUN = /(?:[eE][+-]|[A-Za-z0-9_.])+/y;
const INTEGER = /^(?:0|[1-9][0-9]*|0[0-7]+|0[xX][0-9A-Fa-f]+)$/;
const FLOAT = /^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fF]?$/;

/**
 * Splits protobuf text format into tokens, each with its blanks and comments, in time linear in the text. The grammar is that of
 * protobuf's `io::Tokenizer` as `TextFormat` sets it up: `#` comments, `f` after a float, no string across lines, a blank
 * between a number and a name.
 */
export class Tokenizer {
  readonly #text: string;
  readonly #diagnostics: DiagnosticList;
  readonly #maxTokens: number;
  #position = 0;
  #line = 1;
  #lineStart = 0;
  #count = 0;

  constructor(text: string, diagnostics: DiagnosticList, maxTokens: number) {
    this.#text = text;
    this.#diagnostics = diagnostics;
    this.#maxTokens = maxTokens;
  }

  next(): Token {
    const text = this.#text;
    const leadingStart = this.#position;
    if (leadingStart === 0 && text.charCodeAt(0) === BOM) this.#lineStart = this.#position = 1;
    this.#skipLeading();
    const start = this.#position;
    const line = this.#line;
    const column = start - this.#lineStart + 1;
    let kind: TokenKind;
    if (start >= text.length) kind = 'end';
    else if (++this.#count > this.#maxTokens) kind = this.#giveUp(line, column);
    else kind = this.#scan(text.charCodeAt(start), line, column);
    const end = this.#position;
    this.#skipTrailing();
    return {
      kind,
      text: text.slice(start, end),
      leading: leadingStart === start ? '' : text.slice(leadingStart, start),
      trailing: end === this.#position ? '' : text.slice(end, this.#position),
      line,
      column,
    };
  }

  /** Makes one token of a bracketed name whose `[` was the last token; gives that token back where it is no such name. */
  rescanName(bracket: Token): Token {
    // Blanks and comments may stand between the parts of a name, but the closing bracket must come before anything else.
    const pattern = /(?:[A-Za-z0-9_./-]|[ \t\r\n\v\f]|#[^\n]*\n)*\]/y;
    const start = this.#position - bracket.trailing.length - 1;
    pattern.lastIndex = start + 1;
    if (!pattern.test(this.#text)) return bracket;
    const end = pattern.lastIndex;
    const text = this.#text.slice(start, end);
    for (let i = start + 1 + bracket.trailing.length; i < end; i++) {
      if (this.#text.charCodeAt(i) === NEWLINE) this.#startLine(i + 1);
    }
    this.#position = end;
    this.#skipTrailing();
    const trailing = this.#text.slice(end, this.#position);
    return { kind: 'name', text, leading: bracket.leading, trailing, line: bracket.line, column: bracket.column };
  }

  /** The character that the next token begins with, or '' at the end. */
  peekCharacter(): string {
    const pattern = /(?:[ \t\r\n\v\f]|#[^\n]*(?:\n|$))*/y;
    pattern.lastIndex = this.#position;
    pattern.test(this.#text);
    return this.#text.charAt(pattern.lastIndex);
  }

  #startLine(position: number): void {
    this.#line++;
    this.#lineStart = position;
  }

  #skipLeading(): void {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#position);
      if (code === HASH) {
        const end = text.indexOf('\n', this.#position);
        this.#position = end < 0 ? text.length : end;
      } else if (CLASSES[code] === BLANK) {
        this.#position++;
        if (code === NEWLINE) this.#startLine(this.#position);
      } else {
        return;
      }
    }
  }

  #skipTrailing(): void {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#position);
      if (code === HASH) {
        const end = text.indexOf('\n', this.#position);
        this.#position = end < 0 ? text.length : end;
      } else if (CLASSES[code] === BLANK) {
        this.#position++;
        if (code === NEWLINE) return this.#startLine(this.#position);
      } else {
        return;
      }
    }
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
    if (code > 32 && code < 127) return 'symbol';
    return this.#scanForeign(code, line, column);
  }

  #scanNumber(line: number, column: number): TokenKind {
    const text = this.#text;
    const start = this.#position;
    let position = start;
    while (CLASSES[text.charCodeAt(position)] === DIGIT) position++;
    const after = text.charCodeAt(position);
    const plain = after !== DOT && CLASSES[after] !== LETTER && position > start;
    if (plain && (position === start + 1 || text.charCodeAt(start) !== ZERO)) {
      this.#position = position;
      return 'integer';
    }
    const run = HEXADECIMAL_START.test(text.slice(start, start + 2)) ? HEXADECIMAL_RUN : NUMBER_RUN;
    run.lastIndex = start;
    run.test(text);
    this.#position = run.lastIndex;
    const number = text.slice(start, this.#position);
    if (INTEGER.test(number)) return 'integer';
    if (FLOAT.test(number) && !/^[0-9]+$/.test(number)) return 'float';
    const shown = number.length > 40 ? `${number.slice(0, 40)}…` : number;
    this.#diagnostics.add({ code: 'bad-number', severity: 'error', ...explainNumber(shown) }, { line, column });
    return 'malformed';
  }

  #scanString(quote: number, line: number, column: number): TokenKind {
    const text = this.#text;
    let position = this.#position + 1;
    let intact = true;
    for (; position < text.length; position++) {
      const code = text.charCodeAt(position);
      if (code === quote) {
        this.#position = position + 1;
        return intact ? 'string' : 'malformed';
      }
      if (code === NEWLINE) break;
      if (code === BACKSLASH) {
        const message = escapeError(text, position);
        if (message !== undefined) {
          intact = false;
          const place = { line, column: column + position - this.#position };
          this.#diagnostics.add({ code: 'bad-escape', severity: 'error', message }, place);
        }
        if (text.charCodeAt(position + 1) !== NEWLINE) position++;
      }
    }
    if (position > text.length) position = text.length;
    if (text.charCodeAt(position - 1) === 13 && position < text.length) position--;
    this.#position = position;
    const closing = String.fromCharCode(quote);
    this.#diagnostics.add(
      {
        code: 'unterminated-string',
        severity: 'error',
        message: 'this string does not end on its line',
        hint: `close it with ${closing}, or split it: adjacent strings are joined`,
      },
      { line, column },
    );
    return 'malformed';
  }

  /** Control characters and what is not ASCII, outside strings and comments: one token for the whole run. */
  #scanForeign(code: number, line: number, column: number): TokenKind {
    const text = this.#text;
    for (; this.#position < text.length; this.#position++) {
      const next = text.charCodeAt(this.#position);
      if (next < 127 && (next > 31 || CLASSES[next] === BLANK)) break;
    }
    const name = `U+${(text.codePointAt(this.#position - 1) ?? code).toString(16).toUpperCase().padStart(4, '0')}`;
    const shown =
      code < 32 || code === 127 ? `control character U+${code.toString(16).toUpperCase().padStart(4, '0')}` : '';
    const message = shown !== '' ? `unexpected ${shown}` : `unexpected character that is not ASCII (${name})`;
    this.#diagnostics.add(
      { code: 'bad-character', severity: 'error', message, hint: 'only strings and comments may hold such characters' },
      { line, column },
    );
    return 'malformed';
  }

  #giveUp(line: number, column: number): TokenKind {
    this.#position = this.#text.length;
    const message = `the file has more than ${this.#maxTokens} tokens; what follows is not read`;
    this.#diagnostics.add({ code: 'too-many-tokens', severity: 'error', message }, { line, column });
    return 'malformed';
  }
}

function explainNumber(number: string): { message: string; hint?: string } {
  if (/^0[0-9]+$/.test(number)) {
    return { message: `\`${number}\` is no number: a leading 0 makes it octal`, hint: 'remove the leading zeros' };
  }
  if (/^0[xX]$/.test(number)) return { message: `\`${number}\` has no hexadecimal digits` };
  const name = /^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?=[A-Za-z_])/.exec(number);
  if (name !== null) {
    return { message: `\`${number}\` is no number`, hint: `a blank must follow \`${name[0]}\`, or the name be quoted` };
  }
  return { message: `\`${number}\` is no number` };
}
