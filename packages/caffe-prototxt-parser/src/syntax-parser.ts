import type { DiagnosticList } from './diagnostic-list.ts';
import type { Limits } from './limits.ts';
import type {
  FieldNode,
  ListItem,
  ListNode,
  MessageNode,
  ScalarNode,
  SkippedNode,
  TextDocument,
  Token,
  ValueNode,
} from './syntax-tree.ts';
import { Tokenizer } from './tokenize.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
const CLOSING: Readonly<Record<string, string>> = { '{': '}', '<': '>', '[': ']' };

/** Recursive descent over the tokens of one file; see `parseText`. */
export class SyntaxParser {
  readonly #tokenizer: Tokenizer;
  readonly #diagnostics: DiagnosticList;
  readonly #maxDepth: number;
  #token: Token;
  /** The line on which the last consumed token stands. */
  #previousLine = 0;
  #depth = 0;
  /** How many open messages and lists wait for each closing mark: decides whether a stray one closes something outside. */
  readonly #awaited: Record<string, number> = { '}': 0, '>': 0, ']': 0 };
  /** Above 0 inside text that was already reported as a whole. */
  #quiet = 0;

  constructor(text: string, diagnostics: DiagnosticList, limits: Required<Limits>) {
    this.#diagnostics = diagnostics;
    this.#tokenizer = new Tokenizer(text, diagnostics, limits.maxTokens);
    this.#maxDepth = limits.maxDepth;
    this.#token = this.#tokenizer.next();
  }

  parseDocument(file: string): TextDocument {
    const document: Partial<Mutable<TextDocument>> = { kind: 'document', file };
    const root: MessageNode = {
      kind: 'message',
      parent: document as TextDocument,
      open: undefined,
      close: undefined,
      entries: [],
    };
    this.#parseEntries(root, '');
    document.root = root;
    document.end = this.#token;
    return document as TextDocument;
  }

  // ---- messages and fields

  #parseMessage(parent: MessageNode['parent']): MessageNode {
    const open = this.#take();
    const message: MessageNode = { kind: 'message', parent, open, close: undefined, entries: [] };
    const closer = CLOSING[open.text] ?? '}';
    if (this.#depth >= this.#maxDepth) {
      this.#report('too-deep', `more than ${this.#maxDepth} messages inside each other`, open);
      const skipped = this.#skipBalanced(message, closer);
      if (skipped.parts.length > 0) message.entries.push(skipped);
      if (this.#is(closer)) message.close = this.#take();
      return message;
    }
    this.#enter(closer);
    this.#parseEntries(message, closer);
    this.#leave(closer);
    if (this.#is(closer)) message.close = this.#take();
    else this.#reportUnclosed(open, closer);
    return message;
  }

  #parseEntries(message: MessageNode, closer: string): void {
    for (;;) {
      const token = this.#token;
      switch (token.kind) {
        case 'end':
          return;
        case 'identifier':
          message.entries.push(this.#parseField(message));
          continue;
        case 'symbol':
          if (token.text === closer) return;
          if (token.text === '[') {
            this.#token = this.#tokenizer.rescanName(token);
            if (this.#token.kind === 'name') {
              message.entries.push(this.#parseField(message));
              continue;
            }
          } else if (this.#closesSomethingOutside(token)) {
            return;
          }
      }
      message.entries.push(this.#parseStray(message));
    }
  }

  /** What cannot begin a field. */
  #parseStray(message: MessageNode): SkippedNode {
    const token = this.#token;
    const skipped: SkippedNode = { kind: 'skipped', parent: message, parts: [] };
    if (token.kind === 'symbol' && (token.text === '}' || token.text === '>' || token.text === ']')) {
      this.#report('unexpected-closing', `\`${token.text}\` closes nothing that is open`, token);
      skipped.parts.push(this.#take());
      return skipped;
    }
    if (token.kind === 'symbol' && (token.text === ';' || token.text === ',')) {
      this.#report('unexpected-separator', `\`${token.text}\` stands where a field name is expected`, token);
      skipped.parts.push(this.#take());
      return skipped;
    }
    if (token.kind !== 'malformed') {
      this.#report('expected-field-name', `expected a field name, got ${describe(token)}`, token);
    }
    this.#skipRest(skipped);
    return skipped;
  }

  #parseField(parent: MessageNode): FieldNode {
    const nameToken = this.#take();
    const field: Mutable<FieldNode> = {
      kind: 'field',
      parent,
      name: nameToken.kind === 'name' ? nameToken.text.replace(/#[^\n]*\n|\s/g, '') : nameToken.text,
      nameToken,
      colon: undefined,
      value: undefined as unknown as ValueNode,
      separator: undefined,
    };
    if (this.#is(':')) field.colon = this.#take();
    field.value = this.#parseFieldValue(field);
    if (this.#is(';') || this.#is(',')) field.separator = this.#take();
    return field;
  }

  #parseFieldValue(field: FieldNode): ValueNode {
    const token = this.#token;
    if (token.kind === 'symbol') {
      if (token.text === '{' || token.text === '<') return this.#parseMessage(field);
      if (token.text === '[') {
        if (field.colon === undefined && !this.#holdsMessages()) this.#reportMissingColon(field);
        return this.#parseList(field);
      }
    }
    const sameLine = token.line === this.#previousLine;
    if (!this.#startsScalar() || (!sameLine && this.#startsField())) return this.#reportMissingValue(field);
    if (field.colon === undefined) {
      // `layer "conv1" …` on the same line is a value without its colon; in the next line something else begins.
      if (!sameLine) return this.#reportMissingValue(field);
      this.#reportMissingColon(field);
    }
    return this.#parseScalar(field);
  }

  #reportMissingColon(field: FieldNode): void {
    const message = `expected \`:\` or \`{\` after \`${field.name}\`, got ${describe(this.#token)}`;
    this.#report('expected-colon', message, this.#token);
  }

  /** After `name:` or a bare `name`: what follows is no value. Takes what belongs to the attempt. */
  #reportMissingValue(field: FieldNode): SkippedNode {
    const token = this.#token;
    const skipped: SkippedNode = { kind: 'skipped', parent: field, parts: [] };
    const onLine = field.nameToken.line === token.line ? '' : ` of line ${field.nameToken.line}`;
    const subject = `\`${field.name}\`${onLine}`;
    if (token.kind === 'malformed') {
      this.#skipRest(skipped);
      return skipped;
    }
    const message =
      field.colon === undefined
        ? `expected \`:\` or \`{\` after ${subject}, got ${describe(token)}`
        : `expected a value for ${subject}, got ${describe(token)}`;
    const hint = token.text === '/' || token.text === '.' ? { hint: 'put the text into quotes' } : {};
    this.#report(field.colon === undefined ? 'expected-colon' : 'expected-value', message, token, hint);
    if (token.line === this.#previousLine && token.kind === 'symbol' && !'}>];,'.includes(token.text)) {
      this.#skipRest(skipped);
    }
    return skipped;
  }

  // ---- values

  #startsScalar(): boolean {
    const { kind, text } = this.#token;
    return kind === 'symbol' ? text === '-' : kind !== 'end' && kind !== 'name';
  }

  /** Whether the current token, a name at the beginning of a line, is the name of a field and not a value. */
  #startsField(): boolean {
    if (this.#token.kind !== 'identifier') return false;
    if (this.#token.trailing === '' || !this.#token.trailing.includes('\n')) {
      const next = this.#tokenizer.peekCharacter();
      return next === ':' || next === '{';
    }
    return false;
  }

  #holdsMessages(): boolean {
    return '{<]'.includes(this.#tokenizer.peekCharacter() || ' ');
  }

  #parseScalar(parent: FieldNode | ListNode): ScalarNode | SkippedNode {
    const tokens: Token[] = [];
    const first = this.#take();
    tokens.push(first);
    if (first.kind === 'symbol') {
      const number = this.#token;
      const isNumber = number.kind === 'integer' || number.kind === 'float' || number.kind === 'malformed';
      if (isNumber || (number.kind === 'identifier' && /^(?:inf|infinity|nan)$/i.test(number.text))) {
        tokens.push(this.#take());
      } else {
        this.#report('expected-value', `expected a number after \`-\`, got ${describe(number)}`, number);
        const skipped: SkippedNode = { kind: 'skipped', parent, parts: tokens };
        const stays = number.line === this.#previousLine && (number.kind === 'identifier' || number.kind === 'string');
        if (stays) tokens.push(this.#take());
        return skipped;
      }
    } else if (isString(first)) {
      while (isString(this.#token)) tokens.push(this.#take());
    }
    return { kind: 'scalar', parent, tokens };
  }

  #parseList(parent: FieldNode | ListNode): ListNode {
    const open = this.#take();
    const list: ListNode = { kind: 'list', parent, open, close: undefined, items: [] };
    if (this.#depth >= this.#maxDepth) {
      this.#report('too-deep', `more than ${this.#maxDepth} lists inside each other`, open);
      const value = this.#skipBalanced(list, ']');
      if (value.parts.length > 0) list.items.push({ value, comma: undefined });
      if (this.#is(']')) list.close = this.#take();
      return list;
    }
    this.#enter(']');
    this.#parseItems(list);
    this.#leave(']');
    if (this.#is(']')) list.close = this.#take();
    else this.#reportUnclosed(open, ']');
    return list;
  }

  #parseItems(list: ListNode): void {
    while (!this.#is(']')) {
      const token = this.#token;
      const startsMessage = token.kind === 'symbol' && (token.text === '{' || token.text === '<');
      const startsList = token.kind === 'symbol' && token.text === '[';
      const last = list.items.at(-1);
      if (startsMessage || startsList || (this.#startsScalar() && !this.#startsField())) {
        if (last !== undefined && last.comma === undefined) {
          this.#report('expected-comma', `expected \`,\` or \`]\`, got ${describe(token)}`, token);
        }
        if (startsList) this.#report('nested-list', 'a list cannot hold lists', token);
        const value = startsMessage
          ? this.#parseMessage(list as unknown as ListNode)
          : startsList
            ? this.#parseList(list)
            : this.#parseScalar(list);
        const item: ListItem = { value, comma: undefined };
        if (this.#is(',')) item.comma = this.#take();
        list.items.push(item);
        continue;
      }
      const isComma = token.kind === 'symbol' && (token.text === ',' || token.text === ';');
      if (!isComma) {
        // Whatever else comes next, the list ends before it; `#reportUnclosed` says so.
        if (last?.comma !== undefined && token.kind === 'end') return;
        return;
      }
      this.#report('expected-value', `expected a value, got ${describe(token)}`, token);
      const skipped: SkippedNode = { kind: 'skipped', parent: list, parts: [this.#take()] };
      list.items.push({ value: skipped, comma: undefined });
    }
    const last = list.items.at(-1);
    if (last?.comma !== undefined) {
      this.#report('expected-value', 'expected a value after `,`, got `]`', this.#token);
    }
  }

  // ---- recovery

  /** Takes tokens up to where a field can begin again: a name or `[` at the beginning of a line, or a closing mark. */
  #skipRest(skipped: SkippedNode): void {
    let first = true;
    for (;;) {
      const token = this.#token;
      if (token.kind === 'end') return;
      if (!first && token.line !== this.#previousLine) {
        if (token.kind === 'identifier' || (token.kind === 'symbol' && token.text === '[')) return;
      }
      if (token.kind === 'symbol') {
        if (this.#closesSomethingOutside(token)) return;
        if (token.text === '{') {
          this.#quiet++;
          skipped.parts.push(this.#parseMessage(skipped));
          this.#quiet--;
          first = false;
          continue;
        }
      }
      skipped.parts.push(this.#take());
      first = false;
    }
  }

  /** Takes tokens up to the mark that closes what was just opened, however deep the text goes on. */
  #skipBalanced(parent: MessageNode | ListNode, closer: string): SkippedNode {
    const skipped: SkippedNode = { kind: 'skipped', parent, parts: [] };
    let open = 0;
    for (;;) {
      const { kind, text } = this.#token;
      if (kind === 'end') return skipped;
      if (kind === 'symbol') {
        if (text === closer && open === 0) return skipped;
        if (CLOSING[text] === closer) open++;
        else if (text === closer) open--;
      }
      skipped.parts.push(this.#take());
    }
  }

  #closesSomethingOutside(token: Token): boolean {
    return token.kind === 'symbol' && (this.#awaited[token.text] ?? 0) > 0;
  }

  #reportUnclosed(open: Token, closer: string): void {
    const token = this.#token;
    const message = `expected \`${closer}\` to close \`${open.text}\` of line ${open.line}, got ${describe(token)}`;
    this.#report('unclosed', message, token);
  }

  // ---- tokens

  #enter(closer: string): void {
    this.#depth++;
    this.#awaited[closer] = (this.#awaited[closer] ?? 0) + 1;
  }

  #leave(closer: string): void {
    this.#depth--;
    this.#awaited[closer] = (this.#awaited[closer] ?? 0) - 1;
  }

  #is(symbol: string): boolean {
    return this.#token.kind === 'symbol' && this.#token.text === symbol;
  }

  #take(): Token {
    const token = this.#token;
    this.#previousLine = token.line;
    this.#token = this.#tokenizer.next();
    return token;
  }

  #report(code: string, message: string, token: Token, more: { hint?: string } = {}): void {
    if (this.#quiet === 0) this.#diagnostics.add({ code, severity: 'error', message, ...more }, token);
  }
}

function isString(token: Token): boolean {
  return token.kind === 'string' || (token.kind === 'malformed' && /^["']/.test(token.text));
}

function describe(token: Token): string {
  if (token.kind === 'end') return 'the end of the file';
  const text = token.text.length > 40 ? `${token.text.slice(0, 40)}…` : token.text;
  return `\`${text}\``;
}
