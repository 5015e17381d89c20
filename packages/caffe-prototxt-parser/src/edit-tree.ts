import { escapeString } from './escape-string.ts';
import { fieldsOf, valuesOf } from './find-fields.ts';
import { formatDiagnostics } from './format-diagnostics.ts';
import { formatDouble, formatFloat } from './format-float.ts';
import type { Layout } from './indentation.ts';
import { indentOf, indentOfMessage, layoutOf, reindent, startsLine, tokenBefore } from './indentation.ts';
import { parseText } from './parse-text.ts';
import type {
  FieldNode,
  MessageNode,
  ScalarNode,
  SkippedNode,
  SyntaxNode,
  TextDocument,
  Token,
} from './syntax-tree.ts';
import { fieldOf, firstToken, lastToken } from './syntax-tree.ts';

/** A value for `setScalar`: a string is written in quotes, a name (enum value) as `{ name: 'MAX' }`. */
export type ScalarInput = string | number | bigint | boolean | Uint8Array | { readonly name: string };

type Entry = FieldNode | SkippedNode;

/**
 * Inserts fields after another, on lines of their own and in the file's own newlines and indentation, or, where the other stands
 * on one line with its neighbours, on that line.
 *
 * @param anchor a field, or the message or value that one holds.
 * @param snippet fields as text, at any indentation: `layer { name: "relu1" … }`.
 * @throws SyntaxError where the snippet is no text format.
 */
export function insertAfter(anchor: SyntaxNode, snippet: string): FieldNode[] {
  const { field, message } = anchorField(anchor);
  return insertAt(message, message.entries.indexOf(field) + 1, snippet);
}

/** As `insertAfter`, before the other field and before the comments directly above it. */
export function insertBefore(anchor: SyntaxNode, snippet: string): FieldNode[] {
  const { field, message } = anchorField(anchor);
  const index = message.entries.indexOf(field);
  const first = field.nameToken;
  const layout = layoutOf(documentOf(message));
  if (!startsLine(message, index)) return insertInline(message, index, snippet, layout, 'before');
  const [detached, attached] = splitLeading(first.leading);
  const fields = parseLines(reindent(snippet, indentOf(field), layout), layout, message);
  place(message, index, fields);
  const start = fields[0]?.nameToken;
  const bom = detached === '' && attached.startsWith('\ufeff') ? '\ufeff' : '';
  if (start === undefined) return fields;
  start.leading = bom + detached + start.leading;
  first.leading = attached.slice(bom.length);
  return fields;
}

/** Adds fields at the end of a message or a file. */
export function appendField(message: MessageNode | TextDocument, snippet: string): FieldNode[] {
  const target = message.kind === 'document' ? message.root : message;
  return insertAt(target, target.entries.length, snippet);
}

/**
 * Removes a field with the comment behind it and, unless `keepComments`, the comments directly above it (those that no empty line
 * separates from it).
 */
export function removeField(anchor: SyntaxNode, options: { keepComments?: boolean } = {}): void {
  const { field, message } = anchorField(anchor);
  const index = message.entries.indexOf(field);
  const first = field.nameToken;
  const last = lastToken(field) ?? first;
  const startedLine = startsLine(message, index);
  const before = tokenBefore(message, index);
  message.entries.splice(index, 1);
  const after = tokenAfter(message, index);
  const endedLine = last.trailing.endsWith('\n') || (after?.kind === 'end' && after.leading === '');
  if (startedLine) {
    const [detached, attached] = splitLeading(first.leading);
    const indent = /[ \t]*$/.exec(attached)?.[0] ?? '';
    const kept =
      options.keepComments === true
        ? attached.slice(0, attached.length - indent.length)
        : attached.startsWith('\ufeff')
          ? '\ufeff'
          : '';
    if (after !== undefined) after.leading = detached + kept + (endedLine ? '' : indent) + after.leading;
  } else if (before !== undefined && endedLine) {
    before.trailing =
      before.trailing.trimEnd() +
      (before.trailing.trim() === '' ? last.trailing.trimEnd() : '') +
      (newlineOf(last.trailing) ?? '');
  }
}

/** Puts other fields into the place of a field; comments above it stay. */
export function replaceField(anchor: SyntaxNode, snippet: string): FieldNode[] {
  const fields = insertAfter(anchor, snippet);
  removeField(anchor, { keepComments: true });
  return fields;
}

/**
 * Sets a single field to a value: the value's tokens are replaced and nothing else; without such a field one is added at the end.
 * Of a field given several times the last is set, which is the one that counts; with `index` that element of a repeated field.
 */
export function setScalar(
  message: MessageNode | TextDocument,
  name: string,
  value: ScalarInput,
  index?: number,
): FieldNode {
  const values = fieldsOf(message, name).flatMap(valuesOf);
  const node = index === undefined ? values.at(-1) : values[index];
  const text = scalarInputText(value);
  if (node === undefined) {
    if (index !== undefined && index !== values.length)
      throw new RangeError(`${name} has ${values.length} values, not ${index + 1}`);
    const [field] = appendField(message, `${name}: ${text}`);
    if (field === undefined) throw new SyntaxError(`not a field: ${name}`);
    return field;
  }
  const field = fieldOf(node);
  if (node.kind !== 'scalar' || field === undefined) throw new TypeError(`${name} holds no scalar`);
  replaceScalar(node, text);
  return field;
}

function replaceScalar(node: ScalarNode, text: string): void {
  const [field] = parseSnippet(`x: ${text}`);
  if (field?.value.kind !== 'scalar') throw new SyntaxError(`not a scalar: ${text}`);
  const tokens = field.value.tokens;
  const [first, last] = [tokens[0], tokens.at(-1)];
  if (first !== undefined) first.leading = node.tokens[0]?.leading ?? '';
  if (last !== undefined) last.trailing = node.tokens.at(-1)?.trailing ?? '';
  node.tokens = tokens;
}

function scalarInputText(value: ScalarInput): string {
  if (typeof value === 'object' && 'name' in value) return value.name;
  if (typeof value === 'string') return escapeString(value, true);
  if (value instanceof Uint8Array) return escapeString(value);
  if (typeof value !== 'number') return String(value);
  // What is a float32 value is written as short as float32 allows: 0.1, not 0.10000000149011612.
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '-0' : String(value);
  return Math.fround(value) === value || Number.isNaN(value) ? formatFloat(value) : formatDouble(value);
}

// ---- placing new entries

function insertAt(message: MessageNode, index: number, snippet: string): FieldNode[] {
  const document = documentOf(message);
  const layout = layoutOf(document);
  const previous = message.entries[index - 1];
  const before = tokenBefore(message, index);
  const after = tokenAfter(message, index);
  if (
    before !== undefined &&
    !before.trailing.endsWith('\n') &&
    after?.kind !== 'end' &&
    !(after?.leading ?? '').includes('\n')
  ) {
    return insertInline(message, index, snippet, layout, 'after');
  }
  const base =
    previous === undefined
      ? message.open === undefined
        ? ''
        : indentOfMessage(message) + layout.unit
      : indentOf(previous);
  const fields = parseLines(reindent(snippet, base, layout), layout, message);
  const start = fields[0]?.nameToken;
  const end = fields.at(-1) && lastToken(fields.at(-1) as FieldNode);
  place(message, index, fields);
  if (start === undefined || end === undefined) return fields;
  if (before === undefined) {
    // An empty file: what it has of comments stays above.
    if (after !== undefined && after.kind === 'end') {
      const needsBreak =
        after.leading.trim() !== '' && after.leading.trim() !== '\ufeff' && !after.leading.endsWith('\n');
      start.leading = after.leading + (needsBreak ? layout.newline : '') + start.leading;
      after.leading = '';
    }
  } else if (!before.trailing.endsWith('\n')) {
    // The last line of a file without a line end, or a line that the next token's blanks end.
    before.trailing = before.trailing.trimEnd() === '' ? layout.newline : before.trailing + layout.newline;
    if (after?.kind === 'end' && after.leading === '') end.trailing = end.trailing.replace(/\r?\n$/, '');
    else if (after !== undefined) after.leading = after.leading.replace(/^[ \t]*\r?\n/, '');
  }
  return fields;
}

/** Puts fields on the line of their neighbours, or breaks that line where they need several. */
function insertInline(
  message: MessageNode,
  index: number,
  snippet: string,
  layout: Layout,
  side: 'before' | 'after',
): FieldNode[] {
  const before = tokenBefore(message, index);
  const after = tokenAfter(message, index);
  const trimmed = snippet.trim();
  const base = message.open === undefined ? '' : indentOfMessage(message) + layout.unit;
  if (!trimmed.includes('\n') && !/#/.test(trimmed.replace(/"[^"]*"|'[^']*'/g, ''))) {
    const fields = parseSnippet(trimmed);
    const start = fields[0]?.nameToken;
    const end = fields.at(-1) && lastToken(fields.at(-1) as FieldNode);
    place(message, index, fields);
    if (start === undefined || end === undefined || before === undefined) return fields;
    if (side === 'before') end.trailing = ' ';
    else {
      const space = before.trailing;
      if (space === '') before.trailing = ' ';
      end.trailing = message.entries.length === fields.length && space === '' ? ' ' : space;
    }
    return fields;
  }
  const fields = parseLines(reindent(trimmed, base, layout), layout, message);
  place(message, index, fields);
  if (before !== undefined) before.trailing = layout.newline;
  if (after !== undefined && after.kind !== 'end') {
    const closes = after === message.close;
    after.leading = (closes ? indentOfMessage(message) : base) + after.leading.trimStart();
  }
  return fields;
}

/** Parses lines, the last of them ended too. */
function parseLines(lines: readonly string[], layout: Layout, _message: MessageNode): FieldNode[] {
  return parseSnippet(lines.map((line) => line + layout.newline).join(''));
}

function parseSnippet(snippet: string): FieldNode[] {
  const { document, diagnostics } = parseText(snippet, { file: 'snippet' });
  if (diagnostics.length > 0) throw new SyntaxError(formatDiagnostics(diagnostics, new Map([['snippet', snippet]])));
  const fields = fieldsOf(document);
  const last = fields.at(-1) && lastToken(fields.at(-1) as FieldNode);
  if (last === undefined) throw new SyntaxError('the snippet has no field');
  last.trailing += document.end.leading;
  forgetPositions(document.root);
  return fields;
}

/** Positions in a snippet say nothing about the file. */
function forgetPositions(node: SyntaxNode | Token | undefined): void {
  if (node === undefined) return;
  if (!('kind' in node) || 'text' in node) {
    (node as { line: number; column: number }).line = 0;
    (node as { line: number; column: number }).column = 0;
    return;
  }
  switch (node.kind) {
    case 'message':
      [node.open, ...node.entries, node.close].forEach(forgetPositions);
      return;
    case 'field':
      [node.nameToken, node.colon, node.value, node.separator].forEach(forgetPositions);
      return;
    case 'list':
      [node.open, ...node.items.flatMap((item) => [item.value, item.comma]), node.close].forEach(forgetPositions);
      return;
    case 'scalar':
      node.tokens.forEach(forgetPositions);
  }
}

function place(message: MessageNode, index: number, fields: readonly FieldNode[]): void {
  for (const field of fields) (field as { parent: MessageNode }).parent = message;
  message.entries.splice(index, 0, ...fields);
}

// ---- looking around

function anchorField(anchor: SyntaxNode): { field: FieldNode; message: MessageNode } {
  const field = fieldOf(anchor);
  if (field === undefined) throw new TypeError('the whole file is no field: use appendField');
  return { field, message: field.parent };
}

function documentOf(message: MessageNode): TextDocument {
  let current: SyntaxNode = message;
  while (current.kind !== 'document') current = current.parent;
  return current;
}

/** First token behind the place before `index`, the closing brace or the file's end included. */
function tokenAfter(message: MessageNode, index: number): Token | undefined {
  for (const entry of message.entries.slice(index) as Entry[]) {
    const token = firstToken(entry);
    if (token !== undefined) return token;
  }
  if (message.close !== undefined) return message.close;
  return message.parent.kind === 'document' ? message.parent.end : undefined;
}

/** Splits what stands above a field at the last empty line: the comments below it belong to the field. */
function splitLeading(leading: string): [detached: string, attached: string] {
  const match = /^[^]*\n[ \t\r]*\n|^[ \t\r]*\n/.exec(leading);
  return match === null ? ['', leading] : [match[0], leading.slice(match[0].length)];
}

function newlineOf(trivia: string): string | undefined {
  return /\r?\n$/.exec(trivia)?.[0];
}
