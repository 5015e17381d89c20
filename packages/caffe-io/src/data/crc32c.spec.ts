import fc from 'fast-check';
import { crc32c, maskedCrc32c } from './crc32c.ts';

// RFC 3720, appendix B.4; LevelDB's own crc32c_test.cc has them too.
it.each<[string, Uint8Array, number]>([
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes 0xff', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ['nothing', new Uint8Array(0), 0],
  ['123456789', Buffer.from('123456789'), 0xe3069283],
])('of %s', (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

it('of any part is the same byte by byte', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(9), (bytes, from) => {
      let crc = -1;
      for (const byte of bytes.subarray(from)) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
      }
      expect(crc32c(bytes, Math.min(from, bytes.length))).toBe(~crc >>> 0);
    }),
  );
});

it('is masked as LevelDB masks it', () => {
  expect(maskedCrc32c(0)).toBe(0xa282ead8);
  expect(maskedCrc32c(0xe3069283)).toBe(0xc78ab0e5);
});
