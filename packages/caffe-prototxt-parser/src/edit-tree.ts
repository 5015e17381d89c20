import { expandListAround } from './expand-list.ts';
import { hasEmptyLineBefore, indentOf, keepApart, layoutOf, startsLine, tokenAfter, tokenBefore } from './layout.ts';
import { endsOf, isBlock, placeAfter, placeOnLine } from './place-fields.ts';
import { parseBlock } from './snippet.ts';
import type { FieldNode, MessageNode, SyntaxNode, TextDocument } from './syntax-tree.ts';
import { documentOf, lastToken } from './syntax-tree.ts';

export interface RemoveOptions {
  /** Keep the comments directly above the field; default false. Comments that an empty line separates from it always stay. */
  keepComments?: boolean;
}

/**
 * Inserts fields after another, in the file's own newlines and indentation: on lines of their own, or where the other field
 * shares a line with its neighbours, on that line. Everything else stays as it is.
 *
 * @param anchor a field, or the message or value that one holds. A list that it stands in is written as one field for each item.
 * @param snippet fields as text, at any indentation: `layer { name: "relu1" … }`; `formatField` makes one of a message.
 * @returns the new fields.
 * @throws SyntaxError where the snippet is not text format.
 */
export function insertAfter(anchor: SyntaxNode, snippet: string): FieldNode[] {
  const { message, index } = anchorOf(anchor);
  return placeAfter(message, index + 1, snippet);
}

/** As `insertAfter`, before the other field and the comments directly above it. */
export function insertBefore(anchor: SyntaxNode, snippet: string): FieldNode[] {
  const { field, message, index } = anchorOf(anchor);
  if (!startsLine(message, index)) return placeOnLine(message, index, snippet, 'before');
  const layout = layoutOf(documentOf(message));
  const fields = parseBlock(snippet, message, indentOf(field), layout);
  const [start] = endsOf(fields);
  const { nameToken } = field;
  const isApart = index > 0 && hasEmptyLineBefore(nameToken) && isBlock(field) && isBlock(fields[0]);
  const [detached, attached] = splitLeading(nameToken.leading, isFirstOfFile(message, index));
  start.leading = detached + start.leading;
  nameToken.leading = (isApart ? layout.newline : '') + attached;
  message.entries.splice(index, 0, ...fields);
  return fields;
}

/** Adds fields at the end of a message or a file. */
export function appendField(message: MessageNode | TextDocument, snippet: string): FieldNode[] {
  const target = message.kind === 'document' ? message.root : message;
  return placeAfter(target, target.entries.length, snippet);
}

/**
 * Removes a field, with the comment behind it on its line and the comments directly above it; those at the top of the file stay.
 *
 * @param anchor a field, or the message or value that one holds; of a list only that item.
 */
export function removeField(anchor: SyntaxNode, options: RemoveOptions = {}): void {
  const { field, message, index } = anchorOf(anchor);
  const last = lastToken(field) ?? field.nameToken;
  const beganLine = startsLine(message, index);
  const isFirst = isFirstOfFile(message, index);
  const before = tokenBefore(message, index);
  message.entries.splice(index, 1);
  const after = tokenAfter(message, index);
  const endedLine = last.trailing.endsWith('\n') || after?.kind === 'end';
  if (beganLine) {
    const { leading } = field.nameToken;
    const at = options.keepComments === true ? startOfIndent(leading) : splitLeading(leading, isFirst)[0].length;
    const indent = endedLine ? '' : leading.slice(startOfIndent(leading));
    if (after !== undefined) after.leading = leading.slice(0, at) + indent + after.leading;
  } else if (before !== undefined && endedLine) {
    // A comment at the end of a line is the line's as long as other fields stand there.
    const comment = before === message.open ? lineEnd(last.trailing) : last.trailing;
    before.trailing = before.trailing.trimEnd() + comment;
  }
}

/** Puts other fields into the place of a field; the comments above it and behind it stay. */
export function replaceField(anchor: SyntaxNode, snippet: string): FieldNode[] {
  const { field, message, index } = anchorOf(anchor);
  const fields = parseBlock(snippet, message, indentOf(field), layoutOf(documentOf(message)));
  const [start, end] = endsOf(fields);
  const { leading } = field.nameToken;
  start.leading = startsLine(message, index) ? leading.slice(0, startOfIndent(leading)) + start.leading : leading;
  // A comment behind the new field takes the place of one behind the old.
  if (!end.trailing.includes('#')) end.trailing = (lastToken(field) ?? field.nameToken).trailing;
  keepApart(end, tokenAfter(message, index + 1));
  message.entries.splice(index, 1, ...fields);
  return fields;
}

interface Anchor {
  field: FieldNode;
  message: MessageNode;
  index: number;
}

function anchorOf(anchor: SyntaxNode): Anchor {
  const field = expandListAround(anchor);
  if (field === undefined) throw new TypeError('the whole file is not a field: use appendField');
  const index = field.parent.entries.indexOf(field);
  if (index < 0) throw new RangeError(`the field ${field.name} was removed from the tree before`);
  return { field, message: field.parent, index };
}

function isFirstOfFile(message: MessageNode, index: number): boolean {
  return message.open === undefined && index === 0;
}

/**
 * Splits what stands above a field, which begins a line, into what is not its own and what is: the comments since the last empty
 * line, and its indentation. At the top of a file, comments that no empty line parts from the first field belong to the file.
 */
function splitLeading(leading: string, isTop: boolean): [detached: string, attached: string] {
  const indentAt = startOfIndent(leading);
  let at = indentAt;
  // Upwards line by line, to one that holds nothing but blanks.
  while (at > 0) {
    const start = leading.lastIndexOf('\n', at - 2) + 1;
    if (leading.slice(start, at).trim() === '') break;
    at = start;
  }
  if (at === 0 && isTop) at = indentAt;
  return [leading.slice(0, at), leading.slice(at)];
}

function startOfIndent(leading: string): number {
  const at = leading.lastIndexOf('\n') + 1;
  return at === 0 && leading.startsWith('\ufeff') ? 1 : at;
}

function lineEnd(trivia: string): string {
  return /\r?\n$/.exec(trivia)?.[0] ?? '';
}
