import { appendField } from './edit-tree.ts';
import { escapeString } from './escape-string.ts';
import { fieldsOf, valuesOf } from './find-fields.ts';
import { formatDouble, formatFloat } from './format-float.ts';
import { keepApart, tokenAfter } from './layout.ts';
import { parseSnippet } from './snippet.ts';
import type { FieldNode, MessageNode, ScalarNode, TextDocument } from './syntax-tree.ts';
import { fieldOf, firstToken, lastToken } from './syntax-tree.ts';

/** A value for `setScalar`. A string is written in quotes; the name of an enum value is given as `{ name: 'MAX' }`. */
export type ScalarInput = string | number | bigint | boolean | Uint8Array | { readonly name: string };

/**
 * Sets a field to a value: the tokens of the value are replaced and nothing else. Without such a field one is added at the end.
 *
 * @param index which element of a repeated field; one behind the last adds an element. Without it the last value is set, which
 *   of a single field given several times is the one that counts.
 * @throws TypeError where the field holds a message, RangeError for an index beyond the elements.
 */
export function setScalar(
  message: MessageNode | TextDocument,
  name: string,
  value: ScalarInput,
  index?: number,
): FieldNode {
  const values = fieldsOf(message, name).flatMap(valuesOf);
  const node = index === undefined ? values.at(-1) : values[index];
  const text = scalarText(value);
  if (node === undefined) {
    if (index !== undefined && index !== values.length) {
      throw new RangeError(`${name} has ${values.length} values: none with the index ${index}`);
    }
    const [added] = appendField(message, `${name}: ${text}`);
    if (added === undefined) throw new Error(`${name} was not added`);
    return added;
  }
  const field = fieldOf(node);
  if (node.kind !== 'scalar' || field === undefined) throw new TypeError(`${name} holds no scalar`);
  replaceTokens(node, text, field);
  return field;
}

function replaceTokens(node: ScalarNode, text: string, field: FieldNode): void {
  const [parsed] = parseSnippet(`${field.nameToken.kind === 'name' ? 'x' : field.name}: ${text}`, field.parent);
  if (parsed?.value.kind !== 'scalar') throw new SyntaxError(`no scalar: ${text}`);
  const { value } = parsed;
  const [first, last] = [firstToken(value), lastToken(value)];
  if (first === undefined || last === undefined) throw new SyntaxError(`no scalar: ${text}`);
  first.leading = firstToken(node)?.leading ?? '';
  last.trailing = lastToken(node)?.trailing ?? '';
  const { entries } = field.parent;
  if (field.value === node) keepApart(last, field.separator ?? tokenAfter(field.parent, entries.indexOf(field) + 1));
  node.sign = value.sign;
  node.token = value.token;
  node.adjacent = value.adjacent;
}

function scalarText(value: ScalarInput): string {
  switch (typeof value) {
    case 'string':
      return escapeString(value, true);
    case 'number':
      // A float32 value is written as short as float32 allows: 0.1, not 0.10000000149011612.
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
      return Math.fround(value) === value || Number.isNaN(value) ? formatFloat(value) : formatDouble(value);
    case 'object':
      return 'name' in value ? value.name : escapeString(value);
    default:
      return String(value);
  }
}
