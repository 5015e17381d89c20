/** Plain text in columns and lines of a limited width. */

export interface Column {
  head: string;
  align?: 'left' | 'right';
  /** How narrow it may get where the table is too wide; absent: it keeps its width. */
  shrinkTo?: number;
}

/**
 * Lines of a table without borders, two spaces between columns, the head first; none is longer than `width`.
 * Columns that may shrink do so from left to right, their longer cells losing the middle.
 */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const all = [columns.map(({ head }) => head), ...rows];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => lengthOf(row[column] ?? ''))));
  let excess = widths.reduce((sum, each) => sum + each, 2 * (columns.length - 1)) - width;
  columns.forEach(({ shrinkTo }, column) => {
    const now = widths[column]!;
    if (excess <= 0 || shrinkTo === undefined || now <= shrinkTo) return;
    widths[column] = Math.max(shrinkTo, now - excess);
    excess -= now - widths[column]!;
  });
  return all.map((row) => {
    const cells = columns.map(({ align }, column) => {
      const cell = shorten(row[column] ?? '', widths[column]!);
      const space = ' '.repeat(widths[column]! - lengthOf(cell));
      return align === 'right' ? space + cell : cell + space;
    });
    return shorten(cells.join('  ').trimEnd(), width);
  });
}

/** A text cut to `width` by leaving out its middle. */
export function shorten(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  if (width <= 3) return characters.slice(0, width).join('');
  const head = Math.ceil((width - 3) / 2);
  const tail = width - 3 - head;
  return `${characters.slice(0, head).join('')}...${characters.slice(characters.length - tail).join('')}`;
}

/** Words in lines of at most `width`, all but the first indented by `indent` spaces. A longer word is cut in the middle. */
export function wrap(text: string, width: number, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const start = lines.length === 0 ? '' : ' '.repeat(indent);
    const next = line === '' ? start + word : `${line} ${word}`;
    if (line !== '' && lengthOf(next) > width) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else line = next;
    if (lengthOf(line) > width) line = shorten(line, width);
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Control characters, line breaks among them, as spaces: what a user's name cannot break. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function lengthOf(text: string): number {
  return [...text].length;
}
