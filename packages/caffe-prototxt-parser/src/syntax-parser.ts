import { parseScalar, skipBalanced, skipRest, startsScalar } from './syntax-values.ts';
import type {
  FieldNode,
  ListItem,
  ListNode,
  MessageNode,
  SkippedNode,
  TextDocument,
  Token,
  ValueNode,
} from './syntax-tree.ts';
import type { TokenCursor } from './token-cursor.ts';
import { CLOSING, describe } from './token-cursor.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The usual colon; one token for all of them saves memory. */
const COLON: Token = Object.freeze({ kind: 'symbol', text: ':', leading: '', trailing: ' ', line: 0, column: 0 });

/** Recursive descent over the tokens of one file; see `parseText`. */
export class SyntaxParser {
  readonly #cursor: TokenCursor;
  readonly #maxDepth: number;
  #reportedEnd = false;
  /**
   * Entries of all messages that are being parsed, those of the innermost last. A message gets an array of its own when its
   * size is known: arrays that grow would waste half of a tree's memory.
   */
  readonly #entries: (FieldNode | SkippedNode)[] = [];
  #entryCount = 0;

  constructor(cursor: TokenCursor, maxDepth: number) {
    this.#cursor = cursor;
    this.#maxDepth = maxDepth;
  }

  parseDocument(file: string): TextDocument {
    const document: Partial<Mutable<TextDocument>> = { kind: 'document', file };
    const parent = document as TextDocument;
    const root: Mutable<MessageNode> = { kind: 'message', parent, open: undefined, close: undefined, entries: [] };
    root.entries = this.#parseEntries(root, '');
    document.root = root;
    document.end = this.#cursor.token;
    return parent;
  }

  // ---- messages and fields

  #parseMessage(parent: MessageNode['parent']): MessageNode {
    const cursor = this.#cursor;
    const open = cursor.take();
    const closer = CLOSING[open.text] ?? '}';
    const message: Mutable<MessageNode> = { kind: 'message', parent, open, close: undefined, entries: [] };
    if (cursor.depth >= this.#maxDepth) {
      cursor.report('too-deep', `more than ${this.#maxDepth} messages or lists inside each other`, undefined, open);
      const skipped = skipBalanced(cursor, message, closer);
      if (skipped.parts.length > 0) message.entries.push(skipped);
    } else {
      cursor.enter(closer);
      message.entries = this.#parseEntries(message, closer);
      cursor.leave(closer);
    }
    message.close = cursor.takeIf(closer);
    if (message.close === undefined) this.#reportUnclosed(open.text, open.line, closer);
    return message;
  }

  #parseEntries(message: MessageNode, closer: string): MessageNode['entries'] {
    const cursor = this.#cursor;
    const start = this.#entryCount;
    for (;;) {
      const { kind, text } = cursor.token;
      if (kind === 'identifier') {
        this.#keep(this.#parseField(message));
      } else if (kind === 'end' || (kind === 'symbol' && (text === closer || cursor.closesSomething()))) {
        const entries = this.#entries.slice(start, this.#entryCount);
        this.#entryCount = start;
        return entries;
      } else if (kind === 'symbol' && text === '[' && cursor.scanName()) {
        this.#keep(this.#parseField(message));
      } else {
        const previous = this.#entryCount > start ? this.#entries[this.#entryCount - 1] : undefined;
        this.#keep(this.#parseStray(message, previous));
      }
    }
  }

  #keep(entry: FieldNode | SkippedNode): void {
    this.#entries[this.#entryCount++] = entry;
  }

  /** What cannot begin a field. */
  #parseStray(message: MessageNode, previous: FieldNode | SkippedNode | undefined): SkippedNode {
    const cursor = this.#cursor;
    const { token } = cursor;
    const skipped: SkippedNode = { kind: 'skipped', parent: message, parts: [] };
    const mark = token.kind === 'symbol' ? token.text : '';
    if (mark === '}' || mark === '>' || mark === ']') {
      cursor.report('unexpected-closing', `\`${mark}\` closes nothing that is open`);
      skipped.parts.push(cursor.take());
      return skipped;
    }
    if (mark === ';' || mark === ',') {
      cursor.report('unexpected-separator', `expected a field name, got a second \`${mark}\``);
      skipped.parts.push(cursor.take());
      return skipped;
    }
    if (mark === '/' && this.#skipForeignComment(skipped)) return skipped;
    if (token.kind !== 'malformed') {
      cursor.report(
        'expected-field-name',
        `expected a field name, got ${describe(token)}`,
        this.#hintForStray(message, previous),
      );
    }
    this.#skipRest(skipped);
    return skipped;
  }

  #hintForStray(message: MessageNode, previous: FieldNode | SkippedNode | undefined): string | undefined {
    const cursor = this.#cursor;
    if (cursor.is('{') && message.open !== undefined && previous === undefined) {
      return 'is this a template (`{{`) that must be filled in first?';
    }
    const isListOf = previous?.kind === 'field' && previous.separator?.text === ',' && startsScalar(cursor.token);
    return isListOf ? `a list is written in brackets: \`${previous.name}: [ …, … ]\`` : undefined;
  }

  /** `// …`: not the text format's comment, but what was meant is clear. */
  #skipForeignComment(skipped: SkippedNode): boolean {
    const cursor = this.#cursor;
    const next = cursor.peekCharacter();
    if (cursor.token.trailing !== '' || (next !== '/' && next !== '*')) return false;
    cursor.report(
      'foreign-comment',
      `\`/${next}\` begins no comment here`,
      'write `#`: a comment goes up to the end of the line',
    );
    cursor.scanLine();
    skipped.parts.push(cursor.take());
    return true;
  }

  #parseField(parent: MessageNode): FieldNode {
    const cursor = this.#cursor;
    const nameToken = cursor.take();
    const field: Mutable<FieldNode> = {
      kind: 'field',
      parent,
      name: nameToken.kind === 'name' ? nameToken.text.replace(/#[^\n]*\n|\s/g, '') : nameToken.text,
      nameToken,
      colon: cursor.takeIf(':'),
      value: undefined as unknown as ValueNode,
      separator: undefined,
    };
    field.value = this.#parseFieldValue(field);
    if (field.colon?.trailing === ' ' && field.colon.leading === '' && field.value.kind !== 'skipped')
      field.colon = COLON;
    field.separator = cursor.takeIf(';') ?? cursor.takeIf(',');
    return field;
  }

  #parseFieldValue(field: FieldNode): ValueNode {
    const cursor = this.#cursor;
    if (cursor.token.kind === 'symbol') {
      const mark = cursor.token.text;
      if (mark === '{' || mark === '<') return this.#parseMessage(field);
      if (mark === '[') {
        if (field.colon === undefined && !'{<]'.includes(cursor.peekCharacter())) this.#reportMissingColon(field);
        return this.#parseList(field);
      }
    }
    // In the next line, `name:` is the next field and no value of this one, which misses its own.
    const isNextField = cursor.startsLine() && (field.colon === undefined || this.#startsField());
    if (!startsScalar(cursor.token) || isNextField) return this.#reportMissingValue(field);
    if (field.colon === undefined) this.#reportMissingColon(field);
    return parseScalar(cursor, field);
  }

  #reportMissingColon(field: FieldNode): void {
    const message = `expected \`:\` or \`{\` after \`${field.name}\`, got ${describe(this.#cursor.token)}`;
    this.#cursor.report('expected-colon', message);
  }

  /** What follows a field's name is not a value; takes what belongs to the attempt. */
  #reportMissingValue(field: FieldNode): SkippedNode {
    const cursor = this.#cursor;
    const { token } = cursor;
    const skipped: SkippedNode = { kind: 'skipped', parent: field, parts: [] };
    const startsLine = cursor.startsLine();
    const subject = `\`${field.name}\`${startsLine ? ` of line ${field.nameToken.line}` : ''}`;
    const expected = field.colon === undefined ? `\`:\` or \`{\` after ${subject}` : `a value for ${subject}`;
    const hint = '/.\\~$'.includes(token.text) ? 'text must stand in quotes' : undefined;
    const code = field.colon === undefined ? 'expected-colon' : 'expected-value';
    cursor.report(code, `expected ${expected}, got ${describe(token)}`, hint);
    const belongs = token.kind === 'symbol' && !startsLine && !'}>];,'.includes(token.text);
    if (belongs) this.#skipRest(skipped);
    return skipped;
  }

  /** Whether the current token is the name of a field and not a value. */
  #startsField(): boolean {
    if (this.#cursor.token.kind !== 'identifier') return false;
    const next = this.#cursor.peekCharacter();
    return next === ':' || next === '{';
  }

  // ---- lists

  #parseList(parent: FieldNode | ListNode): ListNode {
    const cursor = this.#cursor;
    const open = cursor.take();
    const list: ListNode = { kind: 'list', parent, open, close: undefined, items: [] };
    if (cursor.depth >= this.#maxDepth) {
      cursor.report('too-deep', `more than ${this.#maxDepth} messages or lists inside each other`, undefined, open);
      const value = skipBalanced(cursor, list, ']');
      if (value.parts.length > 0) list.items.push({ value, comma: undefined });
    } else {
      cursor.enter(']');
      this.#parseItems(list);
      cursor.leave(']');
    }
    list.close = cursor.takeIf(']');
    if (list.close === undefined) this.#reportUnclosed(open.text, open.line, ']');
    return list;
  }

  #parseItems(list: ListNode): void {
    const cursor = this.#cursor;
    while (!cursor.is(']')) {
      const { token } = cursor;
      const previous = list.items.at(-1);
      const mark = token.kind === 'symbol' ? token.text : '';
      const isValue =
        '{<['.includes(mark || ' ') || (startsScalar(token) && !(cursor.startsLine() && this.#startsField()));
      if (!isValue && mark !== ',') return; // The list ends here without its bracket, which `#parseList` reports.
      if (isValue && previous !== undefined && previous.comma === undefined) {
        cursor.report('expected-comma', `expected \`,\` or \`]\`, got ${describe(token)}`);
      }
      const item: ListItem = { value: this.#parseItem(list), comma: undefined };
      item.comma = cursor.takeIf(',');
      list.items.push(item);
    }
    if (list.items.at(-1)?.comma !== undefined) {
      cursor.report('expected-value', 'expected a value after `,`, got `]`');
    }
  }

  #parseItem(list: ListNode): ValueNode {
    const cursor = this.#cursor;
    if (cursor.is('{') || cursor.is('<')) return this.#parseMessage(list);
    if (cursor.is('[')) {
      cursor.report('nested-list', 'a list cannot hold lists');
      return this.#parseList(list);
    }
    if (!cursor.is(',')) return parseScalar(cursor, list);
    cursor.report('expected-value', 'expected a value, got `,`');
    return { kind: 'skipped', parent: list, parts: [] };
  }

  // ---- recovery

  #skipRest(skipped: SkippedNode): void {
    skipRest(this.#cursor, skipped, () => this.#cursor.quietly(() => this.#parseMessage(skipped)));
  }

  /** At the end of the file only the innermost open mark is reported: the others follow from it. */
  #reportUnclosed(opener: string, line: number, closer: string): void {
    const { token } = this.#cursor;
    if (token.kind === 'end' && this.#reportedEnd) return;
    if (token.kind === 'end') this.#reportedEnd = true;
    const message = `expected \`${closer}\` to close the \`${opener}\` of line ${line}, got ${describe(token)}`;
    this.#cursor.report('unclosed', message);
  }
}
