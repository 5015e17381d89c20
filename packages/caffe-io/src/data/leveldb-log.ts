import { crc32c, maskedCrc32c } from './crc32c.ts';
import { uint32At } from './leveldb-bytes.ts';
import { LevelDbDamage } from './leveldb-damage.ts';

/**
 * LevelDB's log format (doc/log_format.md), of its `.log` files and its manifest: blocks of 32 KiB, in them
 *
 *   masked CRC-32C u32 of type and content | length u16 | type u8: whole, first, middle, last | content
 *
 * LevelDB itself passes over what does not match, and over a record that the file's end cuts off: a data base that was
 * interrupted is to go on. Records of a data set are all wanted, and a wrong length cannot be told from a cut: each is an error.
 */
const BLOCK = 32768;
const HEADER = 7;
const [NONE, WHOLE, FIRST, MIDDLE, LAST] = [0, 1, 2, 3, 4];

export interface LogRecords {
  readonly records: readonly Uint8Array[];
  /** Where zeros begin that go on to the file's end: memory that a LevelDB before 1.20 mapped and was not to use. */
  readonly zerosFrom?: number;
}

/**
 * The records of a file in log format, all checksums checked.
 *
 * @throws LevelDbDamage with the byte of the part that is damaged
 */
export function readLogRecords(bytes: Uint8Array): LogRecords {
  const records: Uint8Array[] = [];
  /** Of a record that goes on, and where it began. */
  let parts: Uint8Array[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length;) {
    const left = BLOCK - (at % BLOCK);
    if (left < HEADER) {
      at += left;
      continue;
    }
    if (bytes.length - at < HEADER) throw cutOff(at, bytes.length);
    const length = bytes[at + 4]! | (bytes[at + 5]! << 8);
    const type = bytes[at + 6]!;
    if (type === NONE && length === 0 && parts.length === 0 && isZero(bytes, at)) return { records, zerosFrom: at };
    if (HEADER + length > left) throw new LevelDbDamage(`the length of the record at byte ${at} is wrong`);
    if (at + HEADER + length > bytes.length) throw cutOff(at, bytes.length);
    const end = at + HEADER + length;
    if (maskedCrc32c(crc32c(bytes, at + 6, end)) !== uint32At(bytes, at)) {
      throw new LevelDbDamage(`the checksum of the record at byte ${at} (${length} bytes) does not match`);
    }
    const goesOn = type === MIDDLE || type === LAST;
    if (goesOn !== parts.length > 0 || type < WHOLE || type > LAST) {
      throw new LevelDbDamage(`a part of a record is missing before byte ${at}`);
    }
    if (type === WHOLE || type === FIRST) start = at;
    parts.push(bytes.subarray(at + HEADER, end));
    if (type === WHOLE || type === LAST) {
      records.push(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
      parts = [];
    }
    at = end;
  }
  if (parts.length > 0) throw cutOff(start, bytes.length);
  return { records };
}

/**
 * Checks a log that holds records.
 *
 * @throws LevelDbDamage
 */
export function checkLog(bytes: Uint8Array): void {
  const { records, zerosFrom } = readLogRecords(bytes);
  if (zerosFrom !== undefined) {
    throw new LevelDbDamage(`from byte ${zerosFrom} on it has zeros only: records were lost, or never written`, true);
  }
  // Sequence number u64 of the first entry, entries u32: each batch goes on where the one before ended.
  let expected: bigint | undefined;
  records.forEach((record, i) => {
    if (record.length < 12)
      throw new LevelDbDamage(`record ${i} has ${record.length} bytes, which is no batch of entries`);
    const view = new DataView(record.buffer, record.byteOffset);
    const sequence = view.getBigUint64(0, true);
    if (expected !== undefined && sequence !== expected) {
      throw new LevelDbDamage(`records are missing before record ${i}: it has the number ${sequence}, not ${expected}`);
    }
    expected = sequence + BigInt(view.getUint32(8, true));
  });
}

const cutOff = (at: number, size: number): LevelDbDamage =>
  new LevelDbDamage(
    `its last record, from byte ${at} on, is cut off (the file has ${size} bytes): the program that wrote it was ` +
      'interrupted, or the file was not copied whole',
    true,
  );

function isZero(bytes: Uint8Array, from: number): boolean {
  for (let i = from; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}
