import type { ListNode, MessageNode, SyntaxNode, TextDocument, Token } from './syntax-tree.ts';
import { isToken } from './syntax-tree.ts';

/** The text of a tree; of one that no edit has changed, the parsed text byte for byte, whatever it was. */
export function printText(document: TextDocument): string {
  return printSyntax(document);
}

/** The text of a part of a tree, with the blanks and comments around its tokens. */
export function printSyntax(node: SyntaxNode): string {
  const printer = new Printer();
  printer.node(node);
  return printer.text;
}

class Printer {
  text = '';

  node(node: SyntaxNode): void {
    switch (node.kind) {
      case 'document':
        this.#message(node.root);
        return this.#token(node.end);
      case 'message':
        return this.#message(node);
      case 'field':
        this.#token(node.nameToken);
        this.#token(node.colon);
        this.node(node.value);
        return this.#token(node.separator);
      case 'list':
        return this.#list(node);
      case 'scalar':
        this.#token(node.sign);
        this.#token(node.token);
        for (const token of node.adjacent) this.#token(token);
        return;
      case 'skipped':
        for (const part of node.parts) {
          if (isToken(part)) this.#token(part);
          else this.#message(part);
        }
    }
  }

  #message(message: MessageNode): void {
    this.#token(message.open);
    for (const entry of message.entries) this.node(entry);
    this.#token(message.close);
  }

  #list(list: ListNode): void {
    this.#token(list.open);
    for (const item of list.items) {
      this.node(item.value);
      this.#token(item.comma);
    }
    this.#token(list.close);
  }

  #token(token: Token | undefined): void {
    if (token === undefined) return;
    if (token.leading !== '') this.text += token.leading;
    this.text += token.text;
    if (token.trailing !== '') this.text += token.trailing;
  }
}
