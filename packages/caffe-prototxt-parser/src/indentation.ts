import type { FieldNode, MessageNode, SkippedNode, TextDocument, Token } from './syntax-tree.ts';
import { firstToken, lastToken } from './syntax-tree.ts';

/** How a file is laid out, as its own text shows it. */
export interface Layout {
  newline: string;
  /** One level of indentation. */
  unit: string;
}

type Entry = FieldNode | SkippedNode;

/** Newlines and indentation of a file: those of its first line end and its first indented field; else `\n` and two blanks. */
export function layoutOf(document: TextDocument): Layout {
  const newline = firstNewline(document.root) ?? newlineIn(document.end.leading) ?? '\n';
  return { newline, unit: firstUnit(document.root, '') ?? '  ' };
}

function newlineIn(trivia: string): string | undefined {
  const at = trivia.indexOf('\n');
  return at < 0 ? undefined : trivia[at - 1] === '\r' ? '\r\n' : '\n';
}

function firstNewline(message: MessageNode): string | undefined {
  if (message.open !== undefined) {
    const found = newlineIn(message.open.trailing);
    if (found !== undefined) return found;
  }
  for (const entry of message.entries) {
    const nested = entry.kind === 'field' && entry.value.kind === 'message' ? firstNewline(entry.value) : undefined;
    const own = nested ?? newlineIn(firstToken(entry)?.leading ?? '') ?? newlineIn(lastToken(entry)?.trailing ?? '');
    if (own !== undefined) return own;
  }
  return undefined;
}

function firstUnit(message: MessageNode, outer: string): string | undefined {
  for (const entry of message.entries) {
    const first = firstToken(entry);
    if (first === undefined) continue;
    const indent = indentOfToken(first);
    if (
      indent !== undefined &&
      message.open !== undefined &&
      indent.length > outer.length &&
      indent.startsWith(outer)
    ) {
      return indent.slice(outer.length);
    }
    if (entry.kind === 'field' && entry.value.kind === 'message') {
      const unit = firstUnit(entry.value, indent ?? outer);
      if (unit !== undefined) return unit;
    }
  }
  return undefined;
}

/** The blanks before a token that stands first on its line as far as its own trivia tell; else `undefined`. */
function indentOfToken(token: Token): string | undefined {
  return /(?:^|\n)([ \t]*)$/.exec(token.leading.replace(/^\ufeff/, ''))?.[1];
}

/** The blanks at the beginning of the line on which an entry begins. */
export function indentOf(entry: Entry): string {
  const message = entry.parent as MessageNode;
  const at = message.entries.indexOf(entry);
  for (let i = at; i >= 0; i--) {
    const current = message.entries[i];
    const first = current && firstToken(current);
    if (first === undefined) continue;
    if (startsLine(message, i)) return indentOfToken(first) ?? '';
  }
  return indentOfMessage(message);
}

/** The blanks at the beginning of the line on which a message's `{` stands; '' for the file's own message. */
export function indentOfMessage(message: MessageNode): string {
  let parent = message.parent;
  while (parent.kind === 'list') parent = parent.parent;
  if (parent.kind === 'field' || (parent.kind === 'skipped' && parent.parent.kind === 'message'))
    return indentOf(parent);
  return '';
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

/** Lines of a snippet with its own indentation replaced by the given one. */
export function reindent(snippet: string, base: string, layout: Layout): string[] {
  const lines = snippet.split(/\r?\n/).map((line) => line.trimEnd());
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  const indents = lines.filter((line) => line !== '').map((line) => /^[ \t]*/.exec(line)?.[0] ?? '');
  const outer = indents.reduce(
    (shortest, indent) => (indent.length < shortest.length ? indent : shortest),
    indents[0] ?? '',
  );
  const deeper = indents.map((indent) => indent.length - outer.length).filter((length) => length > 0);
  const unit = deeper.length === 0 ? 1 : Math.min(...deeper);
  return lines.map((line) => {
    const text = line.trimStart();
    if (text === '') return '';
    const depth = line.length - text.length - outer.length;
    return base + layout.unit.repeat(Math.floor(depth / unit)) + ' '.repeat(depth % unit) + text;
  });
}
