import fc from 'fast-check';
import { escapeText, markup, trusted } from './markup.ts';

it('escapes what it is given, and nothing of its own', () => {
  expect(markup`<b title="${'"a"'}">${"<i> & 'b' `c`"}</b>`.html).toBe(
    '<b title="&#34;a&#34;">&#60;i&#62; &#38; &#39;b&#39; &#96;c&#96;</b>',
  );
});

it('takes markup as it is, lists one after the other, and nothing for nothing', () => {
  const items = ['a', '<'].map((text) => markup`<li>${text}`);
  expect(markup`<ul>${items}${undefined}${[1, [2]]}</ul>${trusted('<br>')}`.html).toBe('<ul><li>a<li>&#60;12</ul><br>');
});

it('replaces what no HTML text can hold', () => {
  expect(escapeText('a\u0000b\u001b\u0085\ud800c\ufffe\ttab\nline \u{1f600} \u00e9')).toBe(
    'a\ufffdb\ufffd\ufffd\ufffdc\ufffd\ttab\nline \u{1f600} \u00e9',
  );
});

it('gives text that ends no tag and no attribute, and reads back as it was', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", '`', '/', '--', '</style>', '&#60;', '&lt', ';') }),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const escaped = escapeText(text);
      expect(escaped).not.toMatch(/[<>"'`]/);
      const back = escaped.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
      expect(back.replaceAll('\ufffd', '')).toBe(withoutReplaced(text));
    }),
  );
});

function withoutReplaced(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]|\p{Cs}|\p{Noncharacter_Code_Point}|\ufffd/gu, '');
}
