import { indentOf, keepApart, tokenAfter } from './layout.ts';
import type { FieldNode, ListNode, SyntaxNode, Token } from './syntax-tree.ts';
import { firstToken, lastToken } from './syntax-tree.ts';

/**
 * Where a node stands in a list (`bottom: ["a", "b"]`), writes that list as one field for each item, so that an edit can put
 * something between them; comments between the items stay. Gives the field that now holds the node.
 */
export function expandListAround(node: SyntaxNode): FieldNode | undefined {
  let list: ListNode | undefined;
  let current = node;
  while (current.kind !== 'field') {
    if (current.kind === 'document') return undefined;
    if (current.kind === 'list') list = current;
    current = current.parent;
  }
  if (list === undefined || node === list) return current;
  const at = list.items.findIndex((item) => item.value === node || contains(item.value, node));
  return expandList(current, list)[at];
}

function contains(outer: SyntaxNode, node: SyntaxNode): boolean {
  let current = node;
  while (current.kind !== 'document' && current !== outer) current = current.parent;
  return current === outer;
}

function expandList(field: FieldNode, list: ListNode): FieldNode[] {
  const { entries } = field.parent;
  const indent = indentOf(field);
  const fields: FieldNode[] = [];
  let between = list.open.leading + list.open.trailing;
  for (const { value, comma } of list.items) {
    const previous = fields.at(-1);
    const before = previous && lastToken(previous);
    if (before !== undefined && isBlank(before.trailing))
      before.trailing = before.trailing.includes('\n') ? lineEnd(before.trailing) : ' ';
    const first = firstToken(value);
    if (first !== undefined) {
      first.leading = withoutBlanks(between + first.leading);
      between = '';
    }
    const startsLine = before?.trailing.endsWith('\n') === true;
    const expanded: FieldNode =
      previous === undefined
        ? { ...field, value, separator: undefined }
        : {
            ...field,
            nameToken: made(field.nameToken, startsLine ? indent : '', field.colon === undefined ? ' ' : ''),
            colon: field.colon && made(field.colon, '', ' '),
            value,
            separator: undefined,
          };
    (value as { parent: FieldNode }).parent = expanded;
    const last = lastToken(value);
    if (last !== undefined && comma !== undefined) last.trailing += comma.leading + comma.trailing;
    fields.push(expanded);
  }
  const lastField = fields.at(-1);
  const last = lastField && lastToken(lastField);
  if (lastField !== undefined && last !== undefined) {
    last.trailing = withoutBlanks(last.trailing + (list.close?.leading ?? '')) + (list.close?.trailing ?? '');
    lastField.separator = field.separator;
  }
  const index = entries.indexOf(field);
  entries.splice(index, 1, ...fields);
  if (last !== undefined) keepApart(lastField?.separator ?? last, tokenAfter(field.parent, index + fields.length));
  return fields;
}

function made(token: Token, leading: string, trailing: string): Token {
  return { ...token, leading, trailing, line: 0, column: 0 };
}

function isBlank(trivia: string): boolean {
  return trivia.trim() === '';
}

function withoutBlanks(trivia: string): string {
  return isBlank(trivia) ? '' : trivia;
}

function lineEnd(trivia: string): string {
  return trivia.includes('\r\n') ? '\r\n' : '\n';
}
