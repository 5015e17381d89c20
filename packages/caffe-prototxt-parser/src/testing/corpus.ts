import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonDescriptor, JsonField, JsonNode } from '../index.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The reference material beside the checkout, which the repository does not hold. */
export const SHARED = join(process.cwd(), '..', 'shared');
export const hasCorpus = existsSync(join(SHARED, 'corpus', 'prototxt-corpus.tar.xz'));

/** One file of the corpus as its manifest describes it. */
export interface CorpusFile {
  file: string;
  bytes: Uint8Array;
  /** `NetParameter`, `SolverParameter`, or `UNPARSED`. */
  kind: string;
  /** Which caffe.proto reads it. */
  proto: string;
  /** Of a file that none reads: protobuf's own error, `input:LINE:COLUMN: …`. */
  error: string;
}

/** Real prototxts of 118 repositories, unpacked for the time of a test run. */
export function readCorpus(): CorpusFile[] {
  const folder = mkdtempSync(join(tmpdir(), 'prototxt-corpus-'));
  try {
    execFileSync('tar', ['-xJf', join(SHARED, 'corpus', 'prototxt-corpus.tar.xz'), '-C', folder]);
    const rows = readFileSync(join(SHARED, 'corpus', 'manifest.tsv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1);
    return rows.map((row) => {
      const [file = '', , , , , , , kind = '', proto = '', , , error = ''] = row.split('\t');
      return { file, bytes: readFileSync(join(folder, 'prototxt-corpus', file)), kind, proto, error };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A caffe.proto's descriptor, made of the table of its fields; `undefined` where there is no such table. */
export function readFieldTable(variant: string): JsonDescriptor | undefined {
  const path = join(SHARED, 'spec', 'caffe-fields', `${variant}.tsv`);
  if (!existsSync(path)) return undefined;
  const root: Mutable<JsonNode> = { nested: {} };
  const nodeAt = (
    name: string,
    isEnum: boolean,
  ): { fields?: Record<string, JsonField>; values?: Record<string, number> } => {
    let node = root;
    for (const part of name.split('.')) {
      const nested = (node.nested ??= {}) as Record<string, JsonNode>;
      node = nested[part] ??= {};
    }
    if (isEnum) node.values ??= {};
    else node.fields ??= {};
    return node as ReturnType<typeof nodeAt>;
  };
  for (const row of readFileSync(path, 'utf8').trimEnd().split('\n').slice(1)) {
    const [message = '', field = '', number = '', rule = '', type = ''] = row.split('\t');
    const node = nodeAt(message, rule === 'enum');
    if (node.values !== undefined && rule === 'enum') node.values[field] = Number(number);
    else if (node.fields !== undefined) node.fields[field] = { type, id: Number(number), rule: rule.split(' ')[0] };
  }
  return { nested: { caffe: root } };
}
