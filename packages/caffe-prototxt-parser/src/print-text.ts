import type { ListNode, SyntaxNode, TextDocument, Token } from './syntax-tree.ts';
import { isToken } from './syntax-tree.ts';

/** The text of a tree; of one that no edit has changed, the parsed text byte for byte, whatever it was. */
export function printText(document: TextDocument): string {
  const pieces: string[] = [];
  printNode(document, pieces);
  return pieces.join('');
}

/** The text of a part of a tree, with the blanks and comments of its first and last token. */
export function printSyntax(node: SyntaxNode): string {
  const pieces: string[] = [];
  printNode(node, pieces);
  return pieces.join('');
}

function printToken(token: Token | undefined, pieces: string[]): void {
  if (token === undefined) return;
  if (token.leading !== '') pieces.push(token.leading);
  pieces.push(token.text);
  if (token.trailing !== '') pieces.push(token.trailing);
}

function printNode(node: SyntaxNode, pieces: string[]): void {
  switch (node.kind) {
    case 'document':
      printNode(node.root, pieces);
      return printToken(node.end, pieces);
    case 'message':
      printToken(node.open, pieces);
      for (const entry of node.entries) printNode(entry, pieces);
      return printToken(node.close, pieces);
    case 'field':
      printToken(node.nameToken, pieces);
      printToken(node.colon, pieces);
      printNode(node.value, pieces);
      return printToken(node.separator, pieces);
    case 'list':
      return printList(node, pieces);
    case 'scalar':
      printToken(node.sign, pieces);
      printToken(node.token, pieces);
      for (const token of node.adjacent) printToken(token, pieces);
      return;
    case 'skipped':
      for (const part of node.parts) {
        if (isToken(part)) printToken(part, pieces);
        else printNode(part, pieces);
      }
      return;
  }
}

function printList(list: ListNode, pieces: string[]): void {
  printToken(list.open, pieces);
  for (const item of list.items) {
    printNode(item.value, pieces);
    printToken(item.comma, pieces);
  }
  printToken(list.close, pieces);
}
