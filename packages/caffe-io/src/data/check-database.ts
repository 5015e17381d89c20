import { checkPart, levelDbParts } from './check-leveldb.ts';
import type { LevelDbPart } from './check-leveldb.ts';
import { systemErrorCode, unreadable } from './data-error.ts';
import type { FileCheck } from './digest-file.ts';
import { findGitLfsPointer, isLevelDb } from './leveldb-folder.ts';
import { checkLmdb } from './lmdb.ts';

/**
 * What the files of a data base are looked at for when it is fingerprinted, by their names; of anything else, nothing. They are
 * read whole then, and a damaged one is found before anything is computed from it.
 *
 * @param folder of a LevelDB or an LMDB, or any other
 * @throws DiagnosticsError where a LevelDB's manifest is damaged, or a file that it names is missing
 */
export async function databaseChecks(
  folder: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, FileCheck>> {
  if (names.length === 1 && names[0]!.endsWith('.mdb')) return new Map([[names[0]!, LMDB_CHECK]]);
  try {
    if (!isLevelDb(folder) || findGitLfsPointer(folder) !== undefined) return new Map();
    return new Map((await levelDbParts(folder)).map((part) => [part.name, levelDbCheck(folder, part)]));
  } catch (error) {
    throw systemErrorCode(error) === undefined ? error : unreadable(folder, error);
  }
}

const levelDbCheck = (folder: string, part: LevelDbPart): FileCheck => ({
  name: 'leveldb 1',
  run: () => checkPart(folder, part),
});

const LMDB_CHECK: FileCheck = { name: 'lmdb 1', run: async (file) => checkLmdb(file) };
