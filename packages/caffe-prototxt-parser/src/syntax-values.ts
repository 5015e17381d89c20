import type { FieldNode, ListNode, MessageNode, SkippedNode, Token } from './syntax-tree.ts';
import { ScalarNode } from './syntax-tree.ts';
import type { TokenCursor } from './token-cursor.ts';
import { CLOSING, describe } from './token-cursor.ts';

const NO_TOKENS: readonly Token[] = Object.freeze([]);

/** Whether a number, a name or a string begins with the token. */
export function startsScalar(token: Token): boolean {
  return token.kind === 'symbol' ? token.text === '-' : token.kind !== 'end' && token.kind !== 'name';
}

/** A scalar; the current token starts one. */
export function parseScalar(cursor: TokenCursor, parent: FieldNode | ListNode): ScalarNode | SkippedNode {
  const token = cursor.take();
  if (token.kind === 'symbol') return parseSigned(cursor, parent, token);
  if (!isString(token) || !isString(cursor.token)) {
    return new ScalarNode(parent, undefined, token, NO_TOKENS);
  }
  const adjacent: Token[] = [];
  while (isString(cursor.token)) adjacent.push(cursor.take());
  return new ScalarNode(parent, undefined, token, adjacent);
}

function parseSigned(cursor: TokenCursor, parent: FieldNode | ListNode, sign: Token): ScalarNode | SkippedNode {
  const { token } = cursor;
  const isNumber =
    token.kind === 'integer' || token.kind === 'float' || (token.kind === 'malformed' && !isString(token));
  if (isNumber || (token.kind === 'identifier' && /^(?:inf|infinity|nan)$/i.test(token.text))) {
    return new ScalarNode(parent, sign, cursor.take(), NO_TOKENS);
  }
  cursor.report('expected-value', `expected a number after \`-\`, got ${describe(token)}`);
  const parts = [sign];
  if (!cursor.startsLine() && (token.kind === 'identifier' || isString(token))) parts.push(cursor.take());
  return { kind: 'skipped', parent, parts };
}

function isString(token: Token): boolean {
  return token.kind === 'string' || (token.kind === 'malformed' && /^["']/.test(token.text));
}

/**
 * Takes tokens up to where a field can begin again: a name or `[` at the beginning of a line, or a mark that closes something.
 * At least one token is taken, so that the parser always moves on. `parseBlock` takes a message in braces.
 */
export function skipRest(cursor: TokenCursor, skipped: SkippedNode, parseBlock: () => MessageNode): void {
  do {
    skipped.parts.push(cursor.is('{') ? parseBlock() : cursor.take());
  } while (!endsSkipped(cursor));
}

function endsSkipped(cursor: TokenCursor): boolean {
  const { kind } = cursor.token;
  if (kind === 'end' || cursor.closesSomething()) return true;
  return cursor.startsLine() && (kind === 'identifier' || cursor.is('['));
}

/** Takes tokens up to the mark that closes what was just opened, however deep the text goes on. */
export function skipBalanced(cursor: TokenCursor, parent: MessageNode | ListNode, closer: string): SkippedNode {
  const skipped: SkippedNode = { kind: 'skipped', parent, parts: [] };
  for (let open = 0; cursor.token.kind !== 'end';) {
    if (cursor.token.kind === 'symbol') {
      if (open === 0 && cursor.token.text === closer) break;
      if (CLOSING[cursor.token.text] === closer) open++;
      else if (cursor.token.text === closer) open--;
    }
    skipped.parts.push(cursor.take());
  }
  return skipped;
}
