/** Text that is HTML (or SVG in it). Only `markup` and `trusted` make it, and `markup` escapes all that is put into it. */
export interface Markup {
  readonly html: string;
}

/** What may stand in a template: text is escaped, lists are put one after the other, nothing gives nothing. */
export type Part = Markup | string | number | undefined | readonly Part[];

/**
 * A template of HTML. Values may stand between tags and inside of quoted attributes; they cannot end either.
 * Not for the inside of `<script>` and `<style>`, which no value should reach.
 */
export function markup(texts: TemplateStringsArray, ...values: Part[]): Markup {
  let html = texts[0] ?? '';
  values.forEach((value, index) => {
    html += htmlOf(value) + (texts[index + 1] ?? '');
  });
  return { html };
}

/** HTML of this package's own making, such as its stylesheet. Never a value from outside. */
export function trusted(html: string): Markup {
  return { html };
}

/** Text as it stands between tags and in quoted attributes. What HTML cannot hold becomes U+FFFD. */
export function escapeText(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd').replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Control characters but tab and line feed, halves of surrogate pairs, and code points that are not characters. */
const UNPRINTABLE = /[^\P{Cc}\t\n]|\p{Cs}|\p{Noncharacter_Code_Point}/gu;

function htmlOf(value: Part): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return escapeText(String(value));
  return 'html' in value ? value.html : value.map(htmlOf).join('');
}
