import { crc32c, maskedCrc32c } from './crc32c.ts';
import { LevelDbBytes, uint32At } from './leveldb-bytes.ts';
import { LevelDbDamage } from './leveldb-damage.ts';
import { unpackSnappy } from './snappy.ts';

/**
 * LevelDB's tables (doc/table_format.md): blocks of entries, blocks about them, an index of the former, and the
 * footer, which says where the index is:
 *
 *   block    content | packing u8: none, Snappy | masked CRC-32C u32 of both
 *   footer   place of the metaindex block, place of the index block, each offset and size as varints | zeros | magic u64
 */
const FOOTER = 48;
const TRAILER = 5;
/** From the low half on. */
const MAGIC = [0x8b80fb57, 0xdb477524] as const;

interface Place {
  readonly offset: number;
  readonly size: number;
}

/**
 * Checks every block of a table.
 *
 * @throws LevelDbDamage with the byte of the block that is damaged
 */
export function checkTable(bytes: Uint8Array): void {
  const footer = bytes.length - FOOTER;
  if (footer < 0 || uint32At(bytes, footer + 40) !== MAGIC[0] || uint32At(bytes, footer + 44) !== MAGIC[1]) {
    throw new LevelDbDamage(`it does not end as a table does (the file has ${bytes.length} bytes)`);
  }
  const [metaindex, index] = orDamage('the footer is broken', footer, () => {
    const places = new LevelDbBytes(bytes, footer, footer + 40);
    return [readPlace(places), readPlace(places)] as const;
  });
  // The footer has no checksum, but the index ends where it begins, and so does the block before that.
  const isWhole = endOf(index) === footer && endOf(metaindex) === index.offset;
  if (!isWhole) throw new LevelDbDamage(`the footer at byte ${footer} gives places where no index is`);
  // Its entries are of the same form: the names and places of blocks that are not of records, such as a filter.
  for (const place of readIndex(bytes, metaindex)) checkBlock(bytes, place);
  let next = 0;
  for (const place of readIndex(bytes, index)) {
    if (place.offset !== next) throw new LevelDbDamage(`the index at byte ${index.offset} leaves out byte ${next}`);
    if (endOf(place) > metaindex.offset) throw new LevelDbDamage(`the index at byte ${index.offset} goes too far`);
    checkBlock(bytes, place);
    next = endOf(place);
  }
}

const endOf = ({ offset, size }: Place): number => offset + size + TRAILER;
const readPlace = (from: LevelDbBytes): Place => ({ offset: from.varint(), size: from.varint() });

function checkBlock(bytes: Uint8Array, { offset, size }: Place): void {
  const end = offset + size + 1;
  if (end > bytes.length) throw new LevelDbDamage(`the block at byte ${offset} (${size} bytes) goes beyond the end`);
  if (maskedCrc32c(crc32c(bytes, offset, end)) === uint32At(bytes, end)) return;
  throw new LevelDbDamage(`the checksum of the block at byte ${offset} (${size} bytes) does not match`);
}

/** An index is a block too; its entries are keys, which share beginnings, and places. */
function readIndex(bytes: Uint8Array, index: Place): Place[] {
  checkBlock(bytes, index);
  return orDamage('the index cannot be read', index.offset, () => {
    const stored = bytes.subarray(index.offset, index.offset + index.size);
    const block = bytes[index.offset + index.size] === 0 ? stored : unpackSnappy(stored);
    const restarts = uint32At(block, block.length - 4);
    const entries = new LevelDbBytes(block, 0, block.length - 4 * (restarts + 1));
    const places: Place[] = [];
    while (!entries.isAtEnd) {
      entries.varint();
      const keySize = entries.varint();
      const valueSize = entries.varint();
      entries.take(keySize);
      places.push(readPlace(new LevelDbBytes(entries.take(valueSize))));
    }
    return places;
  });
}

function orDamage<T>(what: string, at: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LevelDbDamage(`${what} (byte ${at}): ${error.message}`);
  }
}
