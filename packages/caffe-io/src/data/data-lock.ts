import { readFile, rename, writeFile } from 'node:fs/promises';
import { dataError, systemErrorCode, unreadable } from './data-error.ts';
import type { FileFingerprint, SourceFingerprint } from './source-fingerprint.ts';

/**
 * `data.lock.json`, committed with a project: the fingerprint of each of its data sources, by name. It lets a
 * clone without the data use cached results, and shows a change of data in the project's history.
 *
 *   { "version": 1, "sources": { "<name>": { "files": [{ "name", "size", "sha256" }], "records": 4000 } } }
 */
export type DataLock = Readonly<Record<string, SourceFingerprint>>;

const VERSION = 1;

/**
 * @returns `undefined` where there is no such file
 * @throws DiagnosticsError where it is not data lock
 */
export async function readDataLock(file: string): Promise<DataLock | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw badLock(file, String(error));
  }
  if (!isObject(json) || !isObject(json['sources'])) throw badLock(file, 'it has no "sources"');
  if (json['version'] !== VERSION)
    throw badLock(file, `its version is ${JSON.stringify(json['version'])}, not ${VERSION}`);
  return Object.fromEntries(
    Object.entries(json['sources']).map(([name, source]) => {
      const fingerprint = asFingerprint(source);
      if (fingerprint === undefined) throw badLock(file, `the entry of '${name}' is not as this program writes it`);
      return [name, fingerprint];
    }),
  );
}

/** Writes the lock, sources by name, with a final newline; the same fingerprints make the same bytes. */
export async function writeDataLock(file: string, sources: DataLock): Promise<void> {
  const names = Object.keys(sources).sort();
  const entries = names.map((name) => {
    const { files, records } = sources[name]!;
    const canonical = [...files]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, size, sha256 }) => ({ name, size, sha256 }));
    return [name, { files: canonical, ...(records === undefined ? {} : { records }) }];
  });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify({ version: VERSION, sources: Object.fromEntries(entries) }, null, 2)}\n`);
  await rename(draft, file);
}

/** In words, the first thing in which a source differs from what the lock says; `undefined` where they agree. */
export function describeDifference(present: SourceFingerprint, locked: SourceFingerprint): string | undefined {
  const lockedFiles = new Map(locked.files.map((file) => [file.name, file]));
  for (const file of present.files) {
    const expected = lockedFiles.get(file.name);
    if (expected === undefined) return `${file.name} is not in the lock`;
    if (file.size !== expected.size) return `${file.name} has ${file.size} bytes, not ${expected.size}`;
    if (file.sha256 !== expected.sha256) return `${file.name} has the sha256 ${short(file)}, not ${short(expected)}`;
    lockedFiles.delete(file.name);
  }
  const [missing] = lockedFiles.keys();
  if (missing !== undefined) return `${missing} is missing`;
  // A Git LFS pointer tells digests, but not what is in the file.
  if (present.records === undefined || present.records === locked.records) return undefined;
  return `it has ${present.records} records, not ${locked.records}`;
}

const short = ({ sha256 }: FileFingerprint) => `${sha256.slice(0, 12)}...`;

function badLock(file: string, why: string) {
  return dataError('data-lock', file, `is not a data lock: ${why}`, 'write it anew from the data');
}

function asFingerprint(value: unknown): SourceFingerprint | undefined {
  if (!isObject(value) || !Array.isArray(value['files'])) return undefined;
  const files = value['files'].map(asFile);
  if (files.length === 0 || files.includes(undefined)) return undefined;
  const records = value['records'];
  if (records !== undefined && !isCount(records)) return undefined;
  return { files: files as FileFingerprint[], ...(records === undefined ? {} : { records }) };
}

function asFile(value: unknown): FileFingerprint | undefined {
  if (!isObject(value)) return undefined;
  const { name, size, sha256 } = value;
  if (typeof name !== 'string' || !isCount(size)) return undefined;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  return { name, size, sha256 };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
