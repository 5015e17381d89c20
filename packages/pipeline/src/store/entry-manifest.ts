import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** What an entry of the store holds; written last, so that an entry with a manifest is complete. */
export interface EntryManifest {
  readonly version: 1;
  /** What the key was made of, for people who wonder why a stage ran again. */
  readonly key: unknown;
  readonly files: readonly EntryFile[];
}

export interface EntryFile {
  /** Relative to the entry's files, with `/`. */
  readonly name: string;
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

const FILE = 'manifest.json';

/** Describes the files of an entry that was just written, and writes its manifest. */
export async function writeManifest(entry: string, filesFolder: string, key: unknown): Promise<EntryManifest> {
  const files: EntryFile[] = [];
  for (const name of await filesIn(filesFolder)) {
    const path = join(filesFolder, name);
    files.push({ name, size: (await stat(path)).size, sha256: await sha256Of(path) });
  }
  const manifest: EntryManifest = { version: 1, key, files };
  await writeFile(join(entry, FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** @returns `undefined` where there is no entry, or none that can be understood */
export async function readManifest(entry: string): Promise<EntryManifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(entry, FILE), 'utf8')) as EntryManifest;
    const isSound = manifest.version === 1 && Array.isArray(manifest.files) && manifest.files.every(isEntryFile);
    return isSound ? manifest : undefined;
  } catch {
    return undefined;
  }
}

export function manifestFile(entry: string): string {
  return join(entry, FILE);
}

export function sizeOf({ files }: EntryManifest): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

/** All files in a folder and those below it, relative with `/`, in order; none where there is no such folder. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function isEntryFile(value: unknown): value is EntryFile {
  const { name, size, sha256 } = (value ?? {}) as Partial<EntryFile>;
  const isInside = typeof name === 'string' && name !== '' && !name.split(/[\\/]/).includes('..');
  return isInside && Number.isSafeInteger(size) && typeof sha256 === 'string';
}
