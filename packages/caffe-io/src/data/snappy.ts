import { LevelDbBytes } from './leveldb-bytes.ts';

/**
 * Unpacks a block of Snappy's raw format (format_description.txt of google/snappy): the length, then literals and copies
 * of what is unpacked already.
 *
 * @throws RangeError where it is no such block
 */
export function unpackSnappy(packed: Uint8Array): Uint8Array {
  const input = new LevelDbBytes(packed);
  const length = input.varint();
  // The best that it can do is a copy of 64 bytes in 3.
  if (length > 64 * packed.length) throw new RangeError('the length of a packed block is wrong');
  const output = new Uint8Array(length);
  let to = 0;
  while (!input.isAtEnd) {
    const tag = input.take(1)[0]!;
    const kind = tag & 3;
    if (kind === 0) {
      const size = tag >> 2;
      const literal = input.take((size < 60 ? size : littleEndian(input.take(size - 59))) + 1);
      if (to + literal.length > length) throw new RangeError('a packed block is longer than it says');
      output.set(literal, to);
      to += literal.length;
      continue;
    }
    const count = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const distance = kind === 1 ? ((tag >> 5) << 8) + input.take(1)[0]! : littleEndian(input.take(kind === 2 ? 2 : 4));
    if (distance === 0 || distance > to || to + count > length)
      throw new RangeError('a copy in a packed block is wrong');
    // Byte by byte: a copy may reach into what it writes.
    for (const end = to + count; to < end; to++) output[to] = output[to - distance]!;
  }
  if (to !== length) throw new RangeError('a packed block is shorter than it says');
  return output;
}

const littleEndian = (bytes: Uint8Array): number => bytes.reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
