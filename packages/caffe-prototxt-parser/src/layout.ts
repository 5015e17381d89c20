import type { MessageNode, SkippedNode, FieldNode, TextDocument, Token } from './syntax-tree.ts';
import { firstToken, lastToken } from './syntax-tree.ts';

/** How a file is laid out, as its own text shows it. */
export interface Layout {
  /** `\n` or `\r\n`. */
  newline: string;
  /** The blanks of one level of indentation. */
  unit: string;
}

const layouts = new WeakMap<TextDocument, Layout>();

/** Newlines and indentation of a file: those of its first line end and its first indented field; else `\n` and two blanks. */
export function layoutOf(document: TextDocument): Layout {
  let layout = layouts.get(document);
  if (layout === undefined) {
    const newline = firstNewline(document.root) ?? newlineIn(document.end.leading) ?? '\n';
    layout = { newline, unit: firstUnit(document.root, '') ?? '  ' };
    layouts.set(document, layout);
  }
  return layout;
}

function newlineIn(trivia: string): string | undefined {
  const at = trivia.indexOf('\n');
  return at < 0 ? undefined : trivia[at - 1] === '\r' ? '\r\n' : '\n';
}

function firstNewline(message: MessageNode): string | undefined {
  const afterOpen = message.open && newlineIn(message.open.trailing);
  if (afterOpen !== undefined) return afterOpen;
  for (const entry of message.entries) {
    const found =
      newlineIn(firstToken(entry)?.leading ?? '') ??
      (entry.kind === 'field' && entry.value.kind === 'message' ? firstNewline(entry.value) : undefined) ??
      newlineIn(lastToken(entry)?.trailing ?? '');
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstUnit(message: MessageNode, outer: string): string | undefined {
  for (const entry of message.entries) {
    if (entry.kind !== 'field') continue;
    const indent = indentBefore(entry.nameToken);
    const isInner = message.open !== undefined && indent !== undefined && indent.length > outer.length;
    if (isInner && indent.startsWith(outer)) return indent.slice(outer.length);
    if (entry.value.kind !== 'message' || !entry.value.open?.trailing.endsWith('\n')) continue;
    const unit = firstUnit(entry.value, indent ?? outer);
    if (unit !== undefined) return unit;
  }
  return undefined;
}

/** The blanks before a token that begins its line, as far as what stands before it tells; else `undefined`. */
function indentBefore(token: Token): string | undefined {
  return /(?:^\ufeff?|\n)([ \t]*)$/.exec(token.leading)?.[1];
}

/** The blanks at the beginning of the line on which an entry begins. */
export function indentOf(entry: FieldNode | SkippedNode): string {
  const message = entry.parent as MessageNode;
  for (let i = message.entries.indexOf(entry); i >= 0; i--) {
    const current = message.entries[i];
    const first = current && firstToken(current);
    if (first !== undefined && startsLine(message, i)) return indentBefore(first) ?? '';
  }
  return indentOfMessage(message);
}

/** The blanks at the beginning of the line on which a message's field begins; '' for the file's own message. */
export function indentOfMessage(message: MessageNode): string {
  let { parent } = message;
  while (parent.kind === 'list') parent = parent.parent;
  return parent.kind === 'field' ? indentOf(parent) : '';
}

/** The indentation of fields in a message. */
export function indentInside(message: MessageNode, layout: Layout): string {
  return message.open === undefined ? '' : indentOfMessage(message) + layout.unit;
}

/** Whether nothing but blanks stands before an entry on its line. */
export function startsLine(message: MessageNode, index: number): boolean {
  const entry = message.entries[index];
  const first = entry && firstToken(entry);
  if (first === undefined) return false;
  if (first.leading.includes('\n')) return true;
  const before = tokenBefore(message, index);
  return before === undefined ? message.open === undefined : before.trailing.endsWith('\n');
}

/** Last token before an entry in its message, the opening brace included. */
export function tokenBefore(message: MessageNode, index: number): Token | undefined {
  for (let i = index - 1; i >= 0; i--) {
    const entry = message.entries[i];
    const token = entry && lastToken(entry);
    if (token !== undefined) return token;
  }
  return message.open;
}

/** First token of the entry at `index` or of what follows, the closing brace and the file's end included. */
export function tokenAfter(message: MessageNode, index: number): Token | undefined {
  for (let i = index; i < message.entries.length; i++) {
    const entry = message.entries[i];
    const token = entry && firstToken(entry);
    if (token !== undefined) return token;
  }
  return message.close ?? (message.parent.kind === 'document' ? message.parent.end : undefined);
}

/** Whether an empty line stands directly before a token that begins a line. */
export function hasEmptyLineBefore(token: Token): boolean {
  return /^[ \t]*\r?\n/.test(token.leading);
}

/** Puts a blank between two tokens that would be read as one: `"x"b: 2` needs none, `5b: 2` does. */
export function keepApart(token: Token, next: Token | undefined): void {
  const touch = token.trailing === '' && next?.leading === '';
  if (touch && /[\w.]$/.test(token.text) && /^[\w.]/.test(next.text)) token.trailing = ' ';
}
