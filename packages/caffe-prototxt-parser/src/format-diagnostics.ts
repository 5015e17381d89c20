import type { Diagnostic } from './diagnostic.ts';

const MAX_SHOWN_COLUMNS = 120;

/**
 * The text of diagnostics, one after the other in the given order:
 *
 *     net.prototxt:7:3: error: unknown field `clip_mx` in ULQuantize
 *         clip_mx: 6.0
 *         ^
 *       hint: did you mean `clip_max`?
 *
 * @param sources texts of the files by name; without the text of a file, its diagnostics are printed without a source line.
 */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], sources?: ReadonlyMap<string, string>): string {
  const lines = new SourceLines(sources);
  return diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, lines)).join('\n');
}

function formatDiagnostic(diagnostic: Diagnostic, lines: SourceLines): string {
  const { file, line, column, layer, hint } = diagnostic;
  const place = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':');
  const subject = layer === undefined ? '' : `layer \`${shownName(layer)}\`: `;
  let text = `${place === '' ? '' : `${place}: `}${diagnostic.severity}: ${subject}${diagnostic.message}`;
  const source = file !== undefined && line !== undefined ? lines.line(file, line) : undefined;
  if (source !== undefined) text += formatSourceLine(source, column);
  if (hint !== undefined) text += `\n  hint: ${hint}`;
  return text;
}

function formatSourceLine(source: string, column: number | undefined): string {
  const caret = column === undefined ? 0 : Math.min(Math.max(column - 1, 0), source.length);
  // A line of a megabyte (weights in text) must not be printed whole: show what is around the caret.
  const start = source.length <= MAX_SHOWN_COLUMNS ? 0 : Math.max(0, caret - MAX_SHOWN_COLUMNS / 2);
  const end = Math.min(source.length, start + MAX_SHOWN_COLUMNS);
  const shown = (start > 0 ? '…' : '') + printable(source.slice(start, end)) + (end < source.length ? '…' : '');
  if (shown.trim() === '') return '';
  const text = `\n    ${shown.trimEnd()}`;
  if (column === undefined) return text;
  return `${text}\n    ${start > 0 ? ' ' : ''}${blanks(source.slice(start, caret))}^`;
}

/** Control characters would move the terminal's cursor or change its colours; a tab only takes the place it takes in the file. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** The most of a layer's name that a line tells. */
const MAX_NAME = 200;

/** On one line, and no longer than a reader can take in. */
const shownName = (name: string): string =>
  printable(name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name).replaceAll('\t', ' ');

/** Blanks as wide as the text: a tab stays a tab, so that the caret stands right for every tab width. */
function blanks(text: string): string {
  let result = '';
  for (const character of text) {
    if (character === '\t') result += '\t';
    else if (/\p{Mark}/u.test(character)) continue;
    else result += isWide(character.codePointAt(0) ?? 0) ? '  ' : ' ';
  }
  return result;
}

/** East Asian wide and fullwidth characters and emoji take two columns of a terminal. */
function isWide(codePoint: number): boolean {
  return (
    (codePoint >= 0x1100 && codePoint <= 0x115f) ||
    (codePoint >= 0x2e80 && codePoint <= 0xa4cf) ||
    (codePoint >= 0xac00 && codePoint <= 0xd7a3) ||
    (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
    (codePoint >= 0xfe30 && codePoint <= 0xfe6f) ||
    (codePoint >= 0xff00 && codePoint <= 0xff60) ||
    (codePoint >= 0xffe0 && codePoint <= 0xffe6) ||
    (codePoint >= 0x1f300 && codePoint <= 0x1faff) ||
    (codePoint >= 0x20000 && codePoint <= 0x3fffd)
  );
}

/** Lines of the sources, each file split once and only if a diagnostic names it. */
class SourceLines {
  readonly #sources: ReadonlyMap<string, string> | undefined;
  readonly #lines = new Map<string, string[]>();

  constructor(sources: ReadonlyMap<string, string> | undefined) {
    this.#sources = sources;
  }

  line(file: string, line: number): string | undefined {
    const text = this.#sources?.get(file);
    if (text === undefined) return undefined;
    let lines = this.#lines.get(file);
    if (lines === undefined) {
      lines = (text.startsWith('\ufeff') ? text.slice(1) : text).split('\n');
      this.#lines.set(file, lines);
    }
    return lines[line - 1]?.replace(/\r$/, '');
  }
}
