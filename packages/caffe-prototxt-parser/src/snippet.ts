import { fieldsOf } from './find-fields.ts';
import { formatDiagnostics } from './format-diagnostics.ts';
import type { Layout } from './layout.ts';
import { parseText } from './parse-text.ts';
import type { FieldNode, MessageNode, SyntaxNode, Token, ValueNode } from './syntax-tree.ts';
import { isToken, lastToken } from './syntax-tree.ts';

/**
 * The fields of a snippet on lines of their own, indented anew by how deep they stand in each other: however the program wrote
 * them, they look like the file. The last line is ended.
 *
 * @param base indentation of the outermost fields.
 */
export function parseBlock(snippet: string, parent: MessageNode, base: string, layout: Layout): FieldNode[] {
  const fields = parseSnippet(snippet, parent);
  const indenter = new Indenter(base, layout);
  for (const field of fields) indenter.indentField(field, 0);
  const last = fields.at(-1);
  const end = last && lastToken(last);
  if (end !== undefined) indenter.endLine(end);
  return fields;
}

/** Rewrites the blanks before the tokens that begin a line, and those before the line ends. */
class Indenter {
  readonly #base: string;
  readonly #layout: Layout;
  #startsLine = true;
  #isFirst = true;

  constructor(base: string, layout: Layout) {
    this.#base = base;
    this.#layout = layout;
  }

  indentField(field: FieldNode, depth: number): void {
    this.#indentToken(field.nameToken, depth);
    if (field.colon !== undefined) this.#indentToken(field.colon, depth + 1);
    this.#indentValue(field.value, depth);
    if (field.separator !== undefined) this.#indentToken(field.separator, depth + 1);
  }

  #indentValue(value: ValueNode, depth: number): void {
    if (value.kind === 'scalar') {
      for (const token of value.tokens) this.#indentToken(token, depth + 1);
    } else if (value.kind !== 'skipped') {
      if (value.open !== undefined) this.#indentToken(value.open, depth);
      if (value.kind === 'message') {
        for (const entry of value.entries) if (entry.kind === 'field') this.indentField(entry, depth + 1);
      } else {
        for (const item of value.items) {
          this.#indentValue(item.value, item.value.kind === 'scalar' ? depth : depth + 1);
          if (item.comma !== undefined) this.#indentToken(item.comma, depth + 1);
        }
      }
      if (value.close !== undefined) this.#indentToken(value.close, depth, depth + 1);
    }
  }

  #indentToken(token: Token, depth: number, commentDepth = depth): void {
    if (Object.isFrozen(token)) return; // The colon that all fields share, on one line with its name.
    if (this.#startsLine) {
      const lines = token.leading.split('\n').slice(0, -1);
      if (this.#isFirst) while (lines[0]?.trim() === '') lines.shift();
      token.leading = this.#indentComments(lines, commentDepth) + this.#base + this.#layout.unit.repeat(depth);
    }
    this.#isFirst = false;
    this.#startsLine = token.trailing.endsWith('\n');
    if (this.#startsLine) token.trailing = token.trailing.trimEnd() + this.#layout.newline;
  }

  #indentComments(lines: readonly string[], depth: number): string {
    const indent = this.#base + this.#layout.unit.repeat(depth);
    return lines.map((line) => (line.trim() === '' ? '' : indent + line.trim()) + this.#layout.newline).join('');
  }

  /** Ends the line of the last token; comments that follow it stay, without empty lines at their end. */
  endLine(end: Token): void {
    const [line = '', ...comments] = end.trailing.trimEnd().split('\n');
    end.trailing = line.trimEnd() + this.#layout.newline + this.#indentComments(comments, 0);
  }
}

/**
 * The fields of a snippet that a program wants to insert; their tokens have no position.
 *
 * @throws SyntaxError where the snippet is not text format or empty: a mistake in the program, not in a user's file.
 */
export function parseSnippet(snippet: string, parent: MessageNode): FieldNode[] {
  const { document, diagnostics } = parseText(snippet, { file: 'snippet' });
  if (diagnostics.length > 0) throw new SyntaxError(formatDiagnostics(diagnostics, new Map([['snippet', snippet]])));
  const fields = fieldsOf(document);
  const last = fields.at(-1);
  const end = last && lastToken(last);
  if (end === undefined) throw new SyntaxError('the snippet has no field');
  end.trailing += document.end.leading;
  for (const field of fields) {
    forgetPositions(field);
    (field as { parent: MessageNode }).parent = parent;
  }
  return fields;
}

function forgetPositions(part: SyntaxNode | Token | undefined): void {
  if (part === undefined) return;
  if (isToken(part)) {
    const token: { line: number; column: number } = part;
    if (token.line !== 0) token.line = token.column = 0;
    return;
  }
  switch (part.kind) {
    case 'message':
      return [part.open, ...part.entries, part.close].forEach(forgetPositions);
    case 'field':
      return [part.nameToken, part.colon, part.value, part.separator].forEach(forgetPositions);
    case 'list':
      return [part.open, ...part.items.flatMap((item) => [item.value, item.comma]), part.close].forEach(
        forgetPositions,
      );
    case 'scalar':
      return part.tokens.forEach(forgetPositions);
  }
}
