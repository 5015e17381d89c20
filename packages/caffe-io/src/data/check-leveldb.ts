import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataError, systemErrorCode, unreadable } from './data-error.ts';
import { damaged, LevelDbDamage } from './leveldb-damage.ts';
import { levelDbFiles } from './leveldb-folder.ts';
import { checkLog } from './leveldb-log.ts';
import { readManifest } from './leveldb-manifest.ts';
import type { LevelDbManifest } from './leveldb-manifest.ts';
import { checkTable } from './leveldb-table.ts';

/** A file of a LevelDB that holds records, and how its bytes are checked. */
export interface LevelDbPart {
  readonly name: string;
  readonly check: (bytes: Uint8Array) => void;
}

/**
 * Checks all that a LevelDB's records are read from. The library reads on where a checksum does not match, and leaves the
 * records out that it could not make out.
 *
 * @param shown the folder as messages call it, where `folder` is a copy
 * @throws DiagnosticsError that names the file and the byte
 */
export async function checkLevelDb(folder: string, shown: string = folder): Promise<void> {
  for (const part of await levelDbParts(folder, shown)) await checkPart(folder, part, shown);
}

/** @throws DiagnosticsError where the file cannot be read, or is damaged */
export async function checkPart(folder: string, { name, check }: LevelDbPart, shown: string = folder): Promise<void> {
  const bytes = await readPart(folder, name, shown);
  orDamaged(join(shown, name), () => check(bytes));
}

/**
 * The tables and logs that count, by the manifest, which is checked. What a broken-off run left behind is not among them.
 *
 * @throws DiagnosticsError where the manifest is damaged, or one of the files is missing or has another size
 */
export async function levelDbParts(folder: string, shown: string = folder): Promise<LevelDbPart[]> {
  const manifest = await currentManifest(folder, shown);
  const tables = [...manifest.tables].map(([number, size]) => {
    const name = tableName(folder, number);
    const file = join(shown, name);
    if (!existsSync(join(folder, name))) throw damaged(file, new LevelDbDamage('it is missing: it holds records'));
    const { size: found } = statSync(join(folder, name));
    if (found !== size) throw damaged(file, new LevelDbDamage(`it has ${found} bytes, but the manifest says ${size}`));
    return { name, check: checkTable };
  });
  return [...tables, ...liveLogs(folder, manifest, shown).map((name) => ({ name, check: checkLog }))];
}

async function currentManifest(folder: string, shown: string): Promise<LevelDbManifest> {
  const current = Buffer.from(await readPart(folder, 'CURRENT', shown)).toString('latin1');
  const name = /^(MANIFEST-\d+)\n$/.exec(current)?.[1];
  if (name === undefined || !existsSync(join(folder, name))) {
    const missing = name === undefined ? 'no manifest' : `${name}, which is not there`;
    throw damaged(join(shown, 'CURRENT'), new LevelDbDamage(`the LevelDB cannot be read: this file names ${missing}`));
  }
  const bytes = await readPart(folder, name, shown);
  return orDamaged(join(shown, name), () => readManifest(bytes));
}

const numbered = (number: number, ending: string): string => `${String(number).padStart(6, '0')}${ending}`;

/** `.sst` before LevelDB 1.14. */
function tableName(folder: string, number: number): string {
  const [now, before] = [numbered(number, '.ldb'), numbered(number, '.sst')];
  return !existsSync(join(folder, now)) && existsSync(join(folder, before)) ? before : now;
}

function liveLogs(folder: string, { logNumber, previousLog }: LevelDbManifest, shown: string): string[] {
  const logs = levelDbFiles(folder).logs.filter((name) => {
    const number = Number.parseInt(name, 10);
    return number >= logNumber || number === previousLog;
  });
  // 0 where the library's repair has put all records into tables.
  if (logNumber === 0 || logs.some((name) => Number.parseInt(name, 10) >= logNumber)) return logs;
  // LevelDB would take the records in it for never written.
  const hint =
    'bring it here too: ignore rules such as *.log leave it out; if it was empty (0 bytes), make it anew as an empty file';
  const message = 'it is missing: the records that were written last are in it';
  throw dataError('leveldb-corrupt', join(shown, numbered(logNumber, '.log')), message, hint);
}

async function readPart(folder: string, name: string, shown: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    throw systemErrorCode(error) === undefined ? error : unreadable(join(shown, name), error);
  }
}

function orDamaged<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof LevelDbDamage ? damaged(file, error) : error;
  }
}
