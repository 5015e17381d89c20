import { encodeText } from './source-bytes.ts';

const NAMED: Readonly<Record<number, string>> = {
  9: '\\t',
  10: '\\n',
  13: '\\r',
  34: '\\"',
  39: "\\'",
  92: '\\\\',
};

/**
 * A string or bytes as a quoted literal, as protobuf's `CEscape` writes it: control characters and everything that is not ASCII
 * become octal escapes of their bytes.
 *
 * @param keepUnicode leaves printable characters of a string beyond ASCII as they are.
 */
export function escapeString(value: string | Uint8Array, keepUnicode = false): string {
  if (typeof value === 'string' && keepUnicode) {
    return `"${value.replace(/[\u0000-\u001f"'\\\u007f-\u009f\u2028\u2029]|[\ud800-\udfff]/gu, (c) => escapeBytes(encodeText(c)))}"`;
  }
  return `"${escapeBytes(typeof value === 'string' ? encodeText(value) : value)}"`;
}

function escapeBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const named = NAMED[byte];
    if (named !== undefined) text += named;
    else if (byte >= 32 && byte < 127) text += String.fromCharCode(byte);
    else text += `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return text;
}
