import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataParameter_DB } from '../generated/caffe.ts';
import { dataError } from './data-error.ts';
import type { Database } from './datum-records.ts';
import { isLevelDb } from './leveldb-folder.ts';
import { LevelDbReader } from './leveldb.ts';
import { LmdbReader } from './lmdb.ts';

/**
 * Opens the data base of a Data layer for reading; nothing is written into it.
 *
 * @throws DiagnosticsError where it cannot be read, is of the other kind, or holds no record
 */
export async function openDatabase(source: string, backend: DataParameter_DB): Promise<Database> {
  const isOther = backend === 'LMDB' ? isLevelDb(source) : existsSync(join(source, 'data.mdb'));
  if (isOther) {
    const other = backend === 'LMDB' ? 'LEVELDB' : 'LMDB';
    throw dataError('data-backend', source, `is of the kind ${other}, not ${backend}`, `write \`backend: ${other}\``);
  }
  const database = backend === 'LMDB' ? openLmdb(source) : await LevelDbReader.open(source);
  if (database.recordCount > 0) return database;
  await database.close();
  throw dataError('data-empty', database.file, 'the data set has no records');
}

function openLmdb(source: string): Database {
  const lmdb = new LmdbReader(source);
  return {
    file: lmdb.file,
    recordCount: lmdb.recordCount,
    records: async (ordinals) => ordinals.map((ordinal) => lmdb.record(ordinal)),
    close: async () => lmdb.close(),
  };
}
