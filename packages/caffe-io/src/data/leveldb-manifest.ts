import { LevelDbBytes } from './leveldb-bytes.ts';
import { LevelDbDamage } from './leveldb-damage.ts';
import { readLogRecords } from './leveldb-log.ts';

/** What a LevelDB's manifest says of the files that hold its records. */
export interface LevelDbManifest {
  /** Size in bytes of each table, by its number. */
  readonly tables: ReadonlyMap<number, number>;
  /** Logs from this number on have records that are in no table; one of this number always exists. */
  readonly logNumber: number;
  /** So has this one; 0: none. LevelDBs of Caffe's first years write it. */
  readonly previousLog: number;
}

/** Tags of version_edit.cc. */
const COMPARATOR = 1;
const LOG_NUMBER = 2;
const NEXT_FILE = 3;
const LAST_SEQUENCE = 4;
const COMPACT_POINTER = 5;
const DELETED_FILE = 6;
const NEW_FILE = 7;
const PREVIOUS_LOG = 9;

/**
 * Reads a manifest: changes to the set of tables, one after the other, in log format.
 *
 * @throws LevelDbDamage
 */
export function readManifest(bytes: Uint8Array): LevelDbManifest {
  const tables = new Map<number, number>();
  let logNumber = 0;
  let previousLog = 0;
  readLogRecords(bytes).records.forEach((record, i) => {
    try {
      const edit = readEdit(new LevelDbBytes(record));
      logNumber = edit.logNumber ?? logNumber;
      previousLog = edit.previousLog ?? previousLog;
      // One that moves to another level is deleted and new in the same change.
      for (const table of edit.deleted) tables.delete(table);
      for (const [table, size] of edit.added) tables.set(table, size);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new LevelDbDamage(`record ${i} is no change of tables: ${error.message}`);
    }
  });
  return { tables, logNumber, previousLog };
}

interface Edit {
  logNumber?: number;
  previousLog?: number;
  readonly deleted: number[];
  readonly added: [table: number, size: number][];
}

function readEdit(bytes: LevelDbBytes): Edit {
  const edit: Edit = { deleted: [], added: [] };
  while (!bytes.isAtEnd) {
    const tag = bytes.varint();
    if (tag === COMPARATOR) bytes.sized();
    else if (tag === LOG_NUMBER) edit.logNumber = bytes.varint();
    else if (tag === PREVIOUS_LOG) edit.previousLog = bytes.varint();
    else if (tag === NEXT_FILE || tag === LAST_SEQUENCE) bytes.varint();
    else if (tag === COMPACT_POINTER) {
      bytes.varint();
      bytes.sized();
    } else if (tag === DELETED_FILE) {
      bytes.varint();
      edit.deleted.push(bytes.varint());
    } else if (tag === NEW_FILE) {
      bytes.varint();
      edit.added.push([bytes.varint(), bytes.varint()]);
      bytes.sized();
      bytes.sized();
    } else throw new RangeError(`the tag ${tag} is not known`);
  }
  return edit;
}
