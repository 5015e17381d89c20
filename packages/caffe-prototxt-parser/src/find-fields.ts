import type { FieldNode, MessageNode, ScalarNode, TextDocument, ValueNode } from './syntax-tree.ts';
import { unescapeToString } from './unescape-string.ts';

/** Fields of a message (or of the file itself) in their order; with a name only those called so. */
export function fieldsOf(message: MessageNode | TextDocument, name?: string): FieldNode[] {
  const { entries } = message.kind === 'document' ? message.root : message;
  const fields: FieldNode[] = [];
  for (const entry of entries) {
    if (entry.kind === 'field' && (name === undefined || entry.name === name)) fields.push(entry);
  }
  return fields;
}

/** The field of that name; of several the last, which is the one that counts. */
export function findField(message: MessageNode | TextDocument, name: string): FieldNode | undefined {
  return fieldsOf(message, name).at(-1);
}

/** The messages that fields of that name hold, list shorthand (`layer: [{ … }, { … }]`) included. */
export function messagesOf(message: MessageNode | TextDocument, name: string): MessageNode[] {
  return fieldsOf(message, name)
    .flatMap(valuesOf)
    .filter((value) => value.kind === 'message');
}

/** The values of a field: the items of its list, or the one value. */
export function valuesOf(field: FieldNode): ValueNode[] {
  return field.value.kind === 'list' ? field.value.items.map((item) => item.value) : [field.value];
}

/** The text of a scalar: what a string stands for, or a number or name as it is written. */
export function scalarText(node: ScalarNode): string {
  const text = node.tokens.map((token) => token.text);
  return node.token.kind === 'string' ? unescapeToString(text).value : text.join('');
}
