import { nearest } from './nearest.ts';
import type { EnumSchema, ScalarType } from './schema.ts';
import type { ScalarNode } from './syntax-tree.ts';
import { unescapeToBytes, unescapeToString } from './unescape-string.ts';

export type ScalarValue = string | number | bigint | boolean | Uint8Array;

/** A value read from its tokens, or what is wrong with it; a warning comes beside the value. */
export interface ScalarReading {
  value?: ScalarValue;
  problem?: { code: string; severity: 'error' | 'warning'; message: string; hint?: string };
}

const INTEGER_BITS: Partial<Record<ScalarType, { bits: number; signed: boolean }>> = {
  int32: { bits: 32, signed: true },
  sint32: { bits: 32, signed: true },
  sfixed32: { bits: 32, signed: true },
  uint32: { bits: 32, signed: false },
  fixed32: { bits: 32, signed: false },
  int64: { bits: 64, signed: true },
  sint64: { bits: 64, signed: true },
  sfixed64: { bits: 64, signed: true },
  uint64: { bits: 64, signed: false },
  fixed64: { bits: 64, signed: false },
};
const BOOLS: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  t: true,
  false: false,
  False: false,
  f: false,
};

/** Whether the tokenizer already reported the value as broken. */
export function isMalformed(node: ScalarNode): boolean {
  return node.token.kind === 'malformed' || node.adjacent.some((token) => token.kind === 'malformed');
}

/** The value of a well-formed scalar as a field of the given type reads it, by the rules of protobuf's `TextFormat`. */
export function readScalar(node: ScalarNode, type: ScalarType): ScalarReading {
  switch (type) {
    case 'string':
    case 'bytes':
      return readString(node, type);
    case 'bool':
      return readBool(node);
    case 'float':
    case 'double':
      return readFloat(node, type);
    default:
      return readInteger(node, type);
  }
}

/**
 * An enum value by name, or by a number that the enum has; the value is its name.
 *
 * @param explain whether to look for what was meant; costs time, so not for what nobody will read.
 */
export function readEnum(node: ScalarNode, schema: EnumSchema, explain: boolean): ScalarReading {
  const { sign, token } = node;
  if (token.kind === 'identifier') {
    if (sign === undefined && schema.values.has(token.text)) return { value: token.text };
    const message = `unknown value ${show(node)} of enum ${schema.name}`;
    return wrong('unknown-enum-value', message, explain ? hintForEnum(token.text, schema) : undefined);
  }
  if (token.kind === 'integer') {
    const number = Number(sign !== undefined ? -parseInteger(token.text) : parseInteger(token.text));
    const name = schema.names.get(number);
    if (name !== undefined) return { value: name };
    const message = `enum ${schema.name} has no value with the number ${show(node)}`;
    return wrong('unknown-enum-value', message, explain ? listValues(schema) : undefined);
  }
  const message = `expected a value of enum ${schema.name}, got ${show(node)}`;
  if (!explain) return wrong('wrong-type', message);
  const unquoted = token.kind === 'string' ? token.text.slice(1, -1) : token.text;
  const hint = schema.values.has(unquoted) ? `write ${unquoted} without quotes` : hintForEnum(unquoted, schema);
  return wrong('wrong-type', message, hint);
}

function hintForEnum(word: string, schema: EnumSchema): string {
  const near = nearest(word, schema.values.keys());
  return near === undefined ? listValues(schema) : `did you mean \`${near}\`?`;
}

function listValues(schema: EnumSchema): string {
  const names = [...schema.values.keys()];
  const shown = names.slice(0, 12).join(', ');
  return `the values are ${shown}${names.length > 12 ? ', …' : ''}`;
}

function readString(node: ScalarNode, type: 'string' | 'bytes'): ScalarReading {
  const { token } = node;
  if (token.kind !== 'string') {
    const hint = token.kind === 'identifier' || token.kind === 'integer' ? `write "${shorten(token.text)}"` : undefined;
    return wrong('wrong-type', `expected a quoted string, got ${show(node)}`, hint);
  }
  const literals = [token, ...node.adjacent].map(({ text }) => text);
  if (type === 'bytes') return { value: unescapeToBytes(literals) };
  const { value, valid } = unescapeToString(literals);
  if (valid) return { value };
  const message = 'the escapes of this string make no valid UTF-8';
  return { value, problem: { code: 'invalid-utf8', severity: 'warning', message } };
}

function readBool(node: ScalarNode): ScalarReading {
  const { sign, token } = node;
  if (sign === undefined) {
    const named = token.kind === 'identifier' ? BOOLS[token.text] : undefined;
    if (named !== undefined) return { value: named };
    if (token.kind === 'integer') {
      const number = parseInteger(token.text);
      if (number <= 1n) return { value: number === 1n };
    }
  }
  const text = token.text.toLowerCase().replace(/^["']|["']$/g, '');
  const meant = /^(?:true|yes|on)$/.test(text) ? 'true' : /^(?:false|no|off)$/.test(text) ? 'false' : undefined;
  return wrong('wrong-type', `expected true or false, got ${show(node)}`, meant && `write ${meant}`);
}

function readInteger(node: ScalarNode, type: ScalarType): ScalarReading {
  const { sign, token } = node;
  const { bits, signed } = INTEGER_BITS[type] ?? { bits: 32, signed: true };
  if (token.kind !== 'integer') {
    const whole = token.kind === 'float' ? Number(token.text.replace(/f$/i, '')) * (sign === undefined ? 1 : -1) : NaN;
    const hint = Number.isSafeInteger(whole) ? `write ${whole}` : undefined;
    return wrong('wrong-type', `expected an integer, got ${show(node)}`, hint);
  }
  if (
    token.text.length < 10 &&
    !(token.text.length > 1 && token.text.startsWith('0')) &&
    (signed || sign === undefined)
  ) {
    const small = Number(token.text);
    return { value: sign !== undefined ? 0 - small : small };
  }
  const exact = sign !== undefined ? -parseInteger(token.text) : parseInteger(token.text);
  const min = signed ? -(1n << BigInt(bits - 1)) : 0n;
  const max = signed ? (1n << BigInt(bits - 1)) - 1n : (1n << BigInt(bits)) - 1n;
  if (exact < min || exact > max || (sign !== undefined && !signed)) {
    return wrong('out-of-range', `${show(node)} is out of the range of ${type}, ${min} to ${max}`);
  }
  const number = Number(exact);
  return { value: Number.isSafeInteger(number) ? number : exact };
}

function readFloat(node: ScalarNode, type: 'float' | 'double'): ScalarReading {
  const { sign, token } = node;
  let magnitude: number;
  if (token.kind === 'identifier' && /^(?:inf|infinity)$/i.test(token.text)) magnitude = Infinity;
  else if (token.kind === 'identifier' && /^nan$/i.test(token.text)) magnitude = NaN;
  else if (token.kind === 'integer' || token.kind === 'float') {
    const isDecimal = token.kind === 'float' || token.text === '0' || !token.text.startsWith('0');
    magnitude = isDecimal ? Number(token.text.replace(/f$/i, '')) : Number(parseInteger(token.text));
    const value = type === 'float' ? Math.fround(magnitude) : magnitude;
    if (value === Infinity) {
      const message = `${show(node)} is beyond the range of ${type} and becomes ${sign === undefined ? '' : '-'}inf`;
      return {
        value: sign !== undefined ? -value : value,
        problem: { code: 'float-overflow', severity: 'warning', message },
      };
    }
    if (!isDecimal) {
      const message = `${show(node)} is not decimal and means ${sign === undefined ? value : -value}; newer protobuf refuses it here`;
      return {
        value: sign !== undefined ? -value : value,
        problem: { code: 'not-decimal', severity: 'warning', message },
      };
    }
    magnitude = value;
  } else {
    return wrong('wrong-type', `expected a number, got ${show(node)}`);
  }
  return { value: sign !== undefined ? -magnitude : magnitude };
}

/** Value of an integer literal without sign: decimal, octal with a leading 0, or hexadecimal. */
function parseInteger(text: string): bigint {
  if (/^0[xX]/.test(text)) return BigInt(text);
  // BigInt of decimal digits takes more than linear time; nothing of this length is in any range.
  const digits = text.replace(/^0+/, '');
  if (digits.length > 40) return 1n << 130n;
  return text.length > 1 && text.startsWith('0') ? BigInt(`0o${digits === '' ? '0' : digits}`) : BigInt(text);
}

function show(node: ScalarNode): string {
  const { sign, token } = node;
  return `\`${sign === undefined ? '' : '-'}${shorten(token.text)}\``;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function wrong(code: string, message: string, hint?: string): ScalarReading {
  return { problem: { code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) } };
}
