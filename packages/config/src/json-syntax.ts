/**
 * JSON (RFC 8259) with the place of every value, with numbers as they were written, and with an eye on keys given twice:
 * what `JSON.parse` throws away and a message about a config file needs.
 */
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { Location } from './retrain-config.ts';

export type JsonNode = Location &
  (
    | { kind: 'object'; members: JsonMember[] }
    | { kind: 'array'; items: JsonNode[] }
    | { kind: 'string'; value: string }
    /** `integer`: written without a fraction and without an exponent, as Python tells int from float. */
    | { kind: 'number'; value: number; integer: boolean }
    | { kind: 'boolean'; value: boolean }
    | { kind: 'null' }
  );

/** A key and its value; the place is the key's. */
export interface JsonMember extends Location {
  key: string;
  value: JsonNode;
}

const MAX_DEPTH = 100;
const BLANKS = /[ \t\r\n]*/y;
const TOKEN =
  /([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)/y;

/** The tree, or the first place where the text is no JSON; duplicate keys are reported and both kept. */
export function parseJson(text: string, file: string): { root?: JsonNode; diagnostics: Diagnostic[] } {
  const parser = new JsonParser(text.replace(/^\ufeff/, ''), file);
  try {
    return { root: parser.document(), diagnostics: parser.diagnostics };
  } catch (error) {
    if (!(error instanceof NoJson)) throw error;
    return { diagnostics: [...parser.diagnostics, error.diagnostic] };
  }
}

class NoJson extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

interface JsonToken extends Location {
  text: string;
  kind: 'symbol' | 'string' | 'number' | 'word' | 'end';
  integer: boolean;
}

class JsonParser {
  readonly diagnostics: Diagnostic[] = [];
  readonly #text: string;
  readonly #file: string;
  #offset = 0;
  #line = 1;
  #lineStart = 0;
  #token: JsonToken;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
    this.#token = { text: '', kind: 'end', integer: false, file, line: 1, column: 1 };
  }

  document(): JsonNode {
    this.#next();
    const root = this.#value(0);
    if (this.#token.kind !== 'end') this.#fail('the end of the file');
    return root;
  }

  #next(): void {
    BLANKS.lastIndex = this.#offset;
    const start = this.#offset + (BLANKS.exec(this.#text)?.[0].length ?? 0);
    this.#countLines(start);
    TOKEN.lastIndex = start;
    const [text = '', symbol, string, number] = TOKEN.exec(this.#text) ?? [];
    const kind = symbol ? 'symbol' : string ? 'string' : number ? 'number' : text ? 'word' : 'end';
    const integer = kind === 'number' && /^-?\d+$/.test(text);
    this.#token = { text, kind, integer, file: this.#file, line: this.#line, column: start - this.#lineStart + 1 };
    this.#offset = start + text.length;
    if (kind === 'end' && start < this.#text.length) this.#fail('a value');
  }

  #countLines(until: number): void {
    for (let at = this.#text.indexOf('\n', this.#lineStart); at !== -1 && at < until;) {
      this.#line++;
      this.#lineStart = at + 1;
      at = this.#text.indexOf('\n', this.#lineStart);
    }
  }

  #value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) this.#fail(`at most ${MAX_DEPTH} levels`);
    const { text, kind, integer, file, line, column } = this.#token;
    const place = { file, line, column };
    if (kind === 'symbol' && text === '{') return { ...place, kind: 'object', members: this.#members(depth) };
    if (kind === 'symbol' && text === '[') return { ...place, kind: 'array', items: this.#items(depth) };
    if (kind === 'symbol' || kind === 'end') this.#fail('a value');
    this.#next();
    if (kind === 'string') return { ...place, kind, value: JSON.parse(text) as string };
    if (kind === 'number') return { ...place, kind, value: Number(text), integer };
    return text === 'null' ? { ...place, kind: 'null' } : { ...place, kind: 'boolean', value: text === 'true' };
  }

  #members(depth: number): JsonMember[] {
    const members: JsonMember[] = [];
    const lines = new Map<string, number>();
    this.#next();
    while (!this.#at('}')) {
      if (members.length > 0) this.#take(',');
      const { text, kind, file, line, column } = this.#token;
      if (kind !== 'string') this.#fail('a key in double quotes');
      const key = JSON.parse(text) as string;
      const first = lines.get(key);
      if (first !== undefined) {
        const message = `the key \`${key}\` is given twice, first on line ${first}`;
        this.diagnostics.push({ code: 'duplicate-key', severity: 'error', message, file, line, column });
      } else lines.set(key, line);
      this.#next();
      this.#take(':');
      members.push({ key, value: this.#value(depth + 1), file, line, column });
    }
    this.#next();
    return members;
  }

  #items(depth: number): JsonNode[] {
    const items: JsonNode[] = [];
    this.#next();
    while (!this.#at(']')) {
      if (items.length > 0) this.#take(',');
      items.push(this.#value(depth + 1));
    }
    this.#next();
    return items;
  }

  #at(symbol: string): boolean {
    return this.#token.kind === 'symbol' && this.#token.text === symbol;
  }

  #take(symbol: string): void {
    if (!this.#at(symbol)) this.#fail(`\`${symbol}\``);
    this.#next();
  }

  #fail(expected: string): never {
    const { text, file, line, column } = this.#token;
    const rest = text || this.#text.slice(this.#offset).split('\n', 1)[0] || '';
    const got = rest === '' ? 'the end of the file' : `\`${rest.slice(0, 20)}\``;
    const message = `this is no JSON: expected ${expected}, got ${got}`;
    throw new NoJson({ code: 'no-json', severity: 'error', message, file, line, column });
  }
}
