import type { Position } from './diagnostic.ts';

/**
 * `integer` and `float` are well-formed literals as protobuf's tokenizer knows them, without a sign. `malformed` is a number or
 * string that was reported as broken. `name` is an extension or Any name in brackets, `[caffe.ext]`, as one token.
 * `symbol` is one character; `end` is the empty token at the end of the file.
 */
export type TokenKind = 'identifier' | 'integer' | 'float' | 'string' | 'malformed' | 'name' | 'symbol' | 'end';

/**
 * A token with the blanks and comments around it. `trailing` is what follows on the same line, the line's end included;
 * `leading` is everything else before the token. Concatenating `leading + text + trailing` of all tokens gives the file.
 */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  leading: string;
  trailing: string;
  /** Line in the parsed file from 1; 0 for a token that an edit made, and for colons. */
  readonly line: number;
  readonly column: number;
}

/** `name: value`, `name { … }`, `[extension] { … }`, with the `;` or `,` that may follow. */
export interface FieldNode {
  readonly kind: 'field';
  readonly parent: MessageNode;
  /** The plain name, or for `[a.b]` the name in brackets without blanks and comments. */
  readonly name: string;
  readonly nameToken: Token;
  readonly colon: Token | undefined;
  value: ValueNode;
  separator: Token | undefined;
}

/** A message's fields; `open` and `close` are its braces, both absent for the file's own message. */
export interface MessageNode {
  readonly kind: 'message';
  readonly parent: FieldNode | ListNode | SkippedNode | TextDocument;
  open: Token | undefined;
  /** Absent where the file misses it. */
  close: Token | undefined;
  readonly entries: (FieldNode | SkippedNode)[];
}

/** `[a, b]`. */
export interface ListNode {
  readonly kind: 'list';
  readonly parent: FieldNode | ListNode;
  readonly open: Token;
  close: Token | undefined;
  readonly items: ListItem[];
}

export interface ListItem {
  value: ValueNode;
  comma: Token | undefined;
}

/** A number, name or string. */
export class ScalarNode {
  readonly kind = 'scalar';
  readonly parent: FieldNode | ListNode;
  /** `-` */
  sign: Token | undefined;
  token: Token;
  /** Further strings, which are joined to the first: `"a" "b"`. */
  adjacent: readonly Token[];

  constructor(parent: FieldNode | ListNode, sign: Token | undefined, token: Token, adjacent: readonly Token[]) {
    this.parent = parent;
    this.sign = sign;
    this.token = token;
    this.adjacent = adjacent;
  }

  /** All tokens in their order. */
  get tokens(): readonly Token[] {
    const tokens = [this.token, ...this.adjacent];
    return this.sign === undefined ? tokens : [this.sign, ...tokens];
  }
}

/** Text that is not protobuf text format; it was reported, and is kept. Empty where something is missing. */
export interface SkippedNode {
  readonly kind: 'skipped';
  readonly parent: MessageNode | FieldNode | ListNode;
  readonly parts: (Token | MessageNode)[];
}

export type ValueNode = ScalarNode | MessageNode | ListNode | SkippedNode;

/** A parsed file. */
export interface TextDocument {
  readonly kind: 'document';
  readonly file: string;
  readonly root: MessageNode;
  /** Holds the blanks and comments after the last field. */
  readonly end: Token;
}

export type SyntaxNode = TextDocument | FieldNode | ValueNode;

export function isToken(part: Token | SyntaxNode): part is Token {
  return 'text' in part;
}

/** First token of a node; none for an empty value or an empty file. */
export function firstToken(node: SyntaxNode | Token): Token | undefined {
  if (isToken(node)) return node;
  switch (node.kind) {
    case 'field':
      return node.nameToken;
    case 'message':
      return node.open ?? (node.entries[0] && firstToken(node.entries[0]));
    case 'list':
      return node.open;
    case 'scalar':
      return node.sign ?? node.token;
    case 'skipped':
      return node.parts[0] && firstToken(node.parts[0]);
    case 'document':
      return firstToken(node.root) ?? node.end;
  }
}

/** Last token of a node, a field's separator included. */
export function lastToken(node: SyntaxNode | Token): Token | undefined {
  if (isToken(node)) return node;
  switch (node.kind) {
    case 'field':
      return node.separator ?? lastToken(node.value) ?? node.colon ?? node.nameToken;
    case 'message': {
      const last = node.entries.at(-1);
      return node.close ?? (last && lastToken(last)) ?? node.open;
    }
    case 'list': {
      const last = node.items.at(-1);
      return node.close ?? last?.comma ?? (last && lastToken(last.value)) ?? node.open;
    }
    case 'scalar':
      return node.adjacent.at(-1) ?? node.token;
    case 'skipped': {
      const last = node.parts.at(-1);
      return last && lastToken(last);
    }
    case 'document':
      return node.end;
  }
}

/** Where a node begins in the parsed file; `undefined` for nodes that an edit made. */
export function positionOf(node: SyntaxNode | Token): Position | undefined {
  const token = firstToken(node);
  return token === undefined || token.line === 0 ? undefined : { line: token.line, column: token.column };
}

/** The field that a node is, or that it is the value of; `undefined` for the file itself. */
export function fieldOf(node: SyntaxNode): FieldNode | undefined {
  let current: SyntaxNode = node;
  while (current.kind !== 'field') {
    if (current.kind === 'document') return undefined;
    current = current.parent;
  }
  return current;
}

/** The file that a node stands in. */
export function documentOf(node: SyntaxNode): TextDocument {
  let current = node;
  while (current.kind !== 'document') current = current.parent;
  return current;
}
