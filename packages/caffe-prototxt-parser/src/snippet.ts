import { fieldsOf } from './find-fields.ts';
import { formatDiagnostics } from './format-diagnostics.ts';
import { parseText } from './parse-text.ts';
import type { FieldNode, MessageNode, SyntaxNode, Token } from './syntax-tree.ts';
import { isToken, lastToken, tokensOf } from './syntax-tree.ts';

/**
 * The fields of a snippet that a program wants to insert; their tokens have no position.
 *
 * @throws SyntaxError where the snippet is no text format or empty: a mistake in the program, not in a user's file.
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
      return tokensOf(part).forEach(forgetPositions);
  }
}
