import type { DiagnosticList } from './diagnostic-list.ts';
import type { Token } from './syntax-tree.ts';
import type { Tokenizer } from './tokenize.ts';

/** What closes each opening mark. */
export const CLOSING: Readonly<Record<string, string>> = { '{': '}', '<': '>', '[': ']' };

/** The parser's place in the tokens: the current token, and what is open around it. */
export class TokenCursor {
  token: Token;
  /** Line of the last token taken: a current token on another line begins a line. */
  previousLine = 0;
  depth = 0;
  readonly #tokenizer: Tokenizer;
  readonly #diagnostics: DiagnosticList;
  readonly #awaited: Record<string, number> = { '}': 0, '>': 0, ']': 0 };
  #quiet = 0;

  constructor(tokenizer: Tokenizer, diagnostics: DiagnosticList) {
    this.#tokenizer = tokenizer;
    this.#diagnostics = diagnostics;
    this.token = tokenizer.next();
  }

  take(): Token {
    const token = this.token;
    this.previousLine = token.line;
    this.token = this.#tokenizer.next();
    return token;
  }

  takeIf(symbol: string): Token | undefined {
    return this.is(symbol) ? this.take() : undefined;
  }

  is(symbol: string): boolean {
    return this.token.kind === 'symbol' && this.token.text === symbol;
  }

  startsLine(): boolean {
    return this.token.line !== this.previousLine;
  }

  /** First character of the token after the current one. */
  peekCharacter(): string {
    return this.#tokenizer.peekCharacter();
  }

  /** Where the current `[` begins a name in brackets, makes that name the current token. */
  scanName(): boolean {
    this.token = this.#tokenizer.rescanName(this.token);
    return this.token.kind === 'name';
  }

  /** Makes the current token and the rest of its line one token. */
  scanLine(): void {
    this.token = this.#tokenizer.rescanLine(this.token);
  }

  enter(closer: string): void {
    this.depth++;
    this.#awaited[closer] = this.#awaiting(closer) + 1;
  }

  leave(closer: string): void {
    this.depth--;
    this.#awaited[closer] = this.#awaiting(closer) - 1;
  }

  /** Whether the current token closes something that is open, however far outside. */
  closesSomething(): boolean {
    return this.token.kind === 'symbol' && this.#awaiting(this.token.text) > 0;
  }

  #awaiting(closer: string): number {
    return this.#awaited[closer] ?? 0;
  }

  /** Runs `parse` without reports: what it reads was already reported as a whole. */
  quietly<T>(parse: () => T): T {
    this.#quiet++;
    const result = parse();
    this.#quiet--;
    return result;
  }

  report(code: string, message: string, hint?: string, token: Token = this.token): void {
    if (this.#quiet > 0) return;
    this.#diagnostics.add({ code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) }, token);
  }
}

/** A token as a message names it. */
export function describe(token: Token): string {
  if (token.kind === 'end') return 'the end of the file';
  return `\`${token.text.length > 40 ? `${token.text.slice(0, 40)}…` : token.text}\``;
}
