import fc from 'fast-check';
import { bindMessage, decodeText, encodeText, parseText, printText } from './index.ts';
import { kindsSchema } from './testing/small-net.ts';

it('UTF-8 is read as UTF-8, its byte order mark included', () => {
  expect(decodeText(new TextEncoder().encode('\ufeffa: "é😀"'))).toBe('\ufeffa: "é😀"');
});

it.each<[string, number[]]>([
  ['GBK', [0x23, 0xc4, 0xe3, 0xba, 0xc3, 0x0a]],
  ['Latin-1', [0x22, 0xe9, 0x22]],
  ['an overlong form', [0xc0, 0x80]],
  ['half a character', [0xe2, 0x82]],
  ['half a character before a whole one', [0xf0, 0x9f, 0xc3, 0xa9]],
  ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
  ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ['nothing', []],
])('bytes that are not UTF-8 come back: %s', (_, bytes) => {
  expect([...encodeText(decodeText(Uint8Array.from(bytes)))]).toEqual(bytes);
});

it('any bytes survive reading, parsing and printing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.string({ unit: 'binary' }).map(encodeText)), (bytes) => {
      const { document } = parseText(decodeText(bytes), { file: 'a' });
      expect(encodeText(printText(document))).toEqual(Uint8Array.from(bytes));
    }),
    { numRuns: 1000 },
  );
});

it('bytes fields get the bytes of the file; strings are reported', () => {
  const text = decodeText(
    Uint8Array.from([...Buffer.from('f_bytes: "\\x01'), 0xc4, 0xe3, ...Buffer.from('" f_string: "'), 0xff, 0x22]),
  );
  const { message, diagnostics } = bindMessage(parseText(text, { file: 'a' }).document, kindsSchema);
  expect(message).toMatchObject({ f_bytes: Uint8Array.of(1, 0xc4, 0xe3) });
  expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['invalid-utf8', 'warning']]);
});
