import { formatBytes } from '../format-number.ts';
import type { FileEntry, ReportInput } from '../report-input.ts';
import type { Part } from './markup.ts';
import { code, section, table, type Cell } from './page-parts.ts';

export function filesSection({ files }: ReportInput): Part {
  return files.length === 0 ? undefined : section('files', 'Files written', fileTable('Files written', files));
}

export function inputsSection({ inputs }: ReportInput): Part {
  return inputs.length === 0 ? undefined : section('inputs', 'Made from', fileTable('Files read', inputs));
}

function fileTable(caption: string, files: readonly FileEntry[]): Part {
  const rows = files.map(({ name, role, size, sha256 }): Cell[] => [
    code(name),
    role,
    { number: size === undefined ? undefined : formatBytes(size) },
    code(sha256),
  ]);
  return table(caption, ['file', 'what it is', 'size', 'sha256'], rows);
}
