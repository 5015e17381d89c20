/** What several sections of the page share: sections, sources, names of files. */
import type { ValueSource } from '@caffe-quant/resolver';
import { sourcePlace } from '../float-layers.ts';
import { markup, type Markup, type Part } from './markup.ts';

const LEVELS: Readonly<Record<ValueSource['level'], string>> = {
  layer: 'override by name',
  type: 'override by type',
  global: 'global settings',
  default: 'default',
};

export function section(id: string, title: string, content: Part): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}</section>
`;
}

/** A table that scrolls by itself where the page is narrow. The first cell of a row is its head. */
export function table(caption: string, head: readonly Part[], rows: readonly (readonly Cell[])[]): Markup {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell, i) => markup`<th scope="col"${numberClass(i, rows)}>${cell}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => markup`<tr>${row.map(cellOf)}</tr>\n`)}</tbody>
</table></div>
`;
}

/** A cell: its content, or a number, which is set to the right. */
export type Cell = Part | { number: Part };

/** `global settings, quant.cfg:2`, and the note. */
export function sourceText(source: ValueSource): Markup {
  const place = sourcePlace(source);
  const at = place === undefined ? '' : markup`, <code>${place}</code>`;
  const note = source.note === undefined ? '' : markup`<br><span class="quiet">${source.note}</span>`;
  return markup`${LEVELS[source.level]}${at}${note}`;
}

export function code(text: string | undefined): Part {
  return text === undefined ? undefined : markup`<code>${text}</code>`;
}

function cellOf(cell: Cell, index: number): Markup {
  const isNumber = isNumberCell(cell);
  const content = isNumber ? cell.number : cell;
  if (index === 0) return markup`<th scope="row">${content}</th>`;
  return isNumber ? markup`<td class="number">${content}</td>` : markup`<td>${content}</td>`;
}

function numberClass(column: number, rows: readonly (readonly Cell[])[]): Part {
  return rows.length > 0 && rows.every((row) => isNumberCell(row[column])) ? markup` class="number"` : '';
}

function isNumberCell(cell: Cell): cell is { number: Part } {
  return typeof cell === 'object' && 'number' in cell;
}
