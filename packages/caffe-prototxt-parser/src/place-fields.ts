import type { Layout } from './layout.ts';
import {
  hasEmptyLineBefore,
  indentInside,
  indentOf,
  indentOfMessage,
  keepApart,
  layoutOf,
  tokenAfter,
  tokenBefore,
} from './layout.ts';
import { parseBlock, parseSnippet } from './snippet.ts';
import type { FieldNode, MessageNode } from './syntax-tree.ts';
import { documentOf, lastToken } from './syntax-tree.ts';

/**
 * Puts the fields of a snippet behind the first `index` entries of a message: on lines of their own, or on the line of the
 * neighbours where these stand on one.
 */
export function placeAfter(message: MessageNode, index: number, snippet: string): FieldNode[] {
  const layout = layoutOf(documentOf(message));
  const before = tokenBefore(message, index);
  const after = tokenAfter(message, index);
  const sharesLine = before !== undefined && !before.trailing.endsWith('\n');
  if (sharesLine && after !== undefined && after.kind !== 'end') return placeOnLine(message, index, snippet, 'after');
  const previous = message.entries[index - 1];
  const base = previous === undefined ? indentInside(message, layout) : indentOf(previous);
  const fields = parseBlock(snippet, message, base, layout);
  const [start, end] = endsOf(fields);
  if (wantsEmptyLine(message, index, fields)) start.leading = layout.newline + start.leading;
  message.entries.splice(index, 0, ...fields);
  if (before === undefined) {
    // A file without fields: its comments stay above.
    if (after?.kind !== 'end') return fields;
    const hasOpenLine = after.leading.trim() !== '' && after.leading !== '\ufeff' && !after.leading.endsWith('\n');
    start.leading = after.leading + (hasOpenLine ? layout.newline : '') + start.leading;
    after.leading = '';
  } else if (sharesLine) {
    // The file's last line has no line end; so it is with the new last line.
    before.trailing = before.trailing.trimEnd() === '' ? layout.newline : before.trailing + layout.newline;
    end.trailing = end.trailing.replace(/\r?\n$/, '');
  }
  return fields;
}

/** Puts the fields of a snippet on a line that other fields share, or breaks that line where the snippet needs several. */
export function placeOnLine(
  message: MessageNode,
  index: number,
  snippet: string,
  side: 'before' | 'after',
): FieldNode[] {
  const layout = layoutOf(documentOf(message));
  const before = tokenBefore(message, index);
  const after = tokenAfter(message, index);
  const line = snippet.trim();
  if (line.includes('\n') || hasComment(line)) return breakLine(message, index, line, layout);
  const fields = parseSnippet(line, message);
  const [, end] = endsOf(fields);
  message.entries.splice(index, 0, ...fields);
  if (side === 'before') {
    end.trailing = ' ';
  } else if (before !== undefined) {
    const isFirst = before === message.open;
    end.trailing = isFirst && before.trailing === '' && after === message.close ? ' ' : before.trailing;
    if (before.trailing === '') before.trailing = ' ';
    keepApart(end, after);
  }
  return fields;
}

function breakLine(message: MessageNode, index: number, snippet: string, layout: Layout): FieldNode[] {
  const before = tokenBefore(message, index);
  const after = tokenAfter(message, index);
  const inside = indentInside(message, layout);
  const fields = parseBlock(snippet, message, inside, layout);
  message.entries.splice(index, 0, ...fields);
  if (before !== undefined) before.trailing = layout.newline;
  if (after !== undefined && after.kind !== 'end') {
    after.leading = after === message.close ? indentOfMessage(message) : inside;
  }
  return fields;
}

/** First and last token of inserted fields. */
export function endsOf(fields: readonly FieldNode[]) {
  const [first, last] = [fields[0], fields.at(-1)];
  const end = last && lastToken(last);
  if (first === undefined || end === undefined) throw new Error('a snippet without fields');
  return [first.nameToken, end] as const;
}

/** Whether messages stand apart here, so that a new one does too: by the empty line before the next one, or before the last. */
function wantsEmptyLine(message: MessageNode, index: number, fields: readonly FieldNode[]): boolean {
  const [previous, next] = [message.entries[index - 1], message.entries[index]];
  if (!isBlock(fields[0]) || !isBlock(previous)) return false;
  if (next === undefined) return index > 1 && previous.kind === 'field' && hasEmptyLineBefore(previous.nameToken);
  return isBlock(next) && next.kind === 'field' && hasEmptyLineBefore(next.nameToken);
}

/** Whether an entry is a message over several lines. */
export function isBlock(entry: MessageNode['entries'][number] | undefined): entry is MessageNode['entries'][number] {
  return (
    entry?.kind === 'field' && entry.value.kind === 'message' && entry.value.open?.trailing.endsWith('\n') === true
  );
}

function hasComment(line: string): boolean {
  return line.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '').includes('#');
}
