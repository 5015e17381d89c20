import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { WireError } from './wire-format.ts';

/** Where a binary file's bytes come from: memory, or a file that is read piece by piece and never held whole. */
export interface ByteSource {
  /** Bytes in all. */
  readonly length: number;
  /** The bytes from `offset` on, at most `length` of them and fewer only at the end; valid until the next call. */
  peek(offset: number, length: number): Uint8Array;
  /** Fills `target` with the bytes from `offset` on. */
  copyTo(target: Uint8Array, offset: number): void;
  /** `count` float32 numbers: a view where the bytes are aligned in memory, else the only copy. */
  float32(offset: number, count: number): Float32Array;
}

/** A source over bytes in memory. Arrays that it hands out may be views of them. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    length: bytes.length,
    peek: (offset, length) => bytes.subarray(offset, Math.min(offset + length, bytes.length)),
    copyTo(target, offset) {
      target.set(bytes.subarray(offset, offset + target.length));
    },
    float32(offset, count) {
      const at = bytes.byteOffset + offset;
      if (at % 4 === 0) return new Float32Array(bytes.buffer, at, count);
      const copy = new Float32Array(count);
      new Uint8Array(copy.buffer).set(bytes.subarray(offset, offset + 4 * count));
      return copy;
    },
  };
}

/** The bytes in [start, end) as a buffer of their own. */
export function sliceOf(source: ByteSource, start: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  source.copyTo(bytes, start);
  return bytes;
}

const WINDOW = 64 * 1024;
/** One read call takes less than 2 GiB. */
const MAX_READ = 1 << 30;

/** A source over a file. Throws the system's error where it cannot be opened; `close` it in the end. */
export function fileSource(path: string): ByteSource & { close(): void } {
  const file = openSync(path, 'r');
  const length = fstatSync(file).size;
  const window = new Uint8Array(WINDOW);
  let windowStart = 0;
  let windowLength = 0;

  function copyTo(target: Uint8Array, offset: number): void {
    let done = 0;
    while (done < target.length) {
      const read = readSync(file, target, done, Math.min(target.length - done, MAX_READ), offset + done);
      if (read === 0) throw new WireError('the file became shorter while it was read', offset + done);
      done += read;
    }
  }

  return {
    length,
    peek(offset, wanted) {
      const there = Math.min(wanted, length - offset);
      if (there > WINDOW) {
        const bytes = new Uint8Array(there);
        copyTo(bytes, offset);
        return bytes;
      }
      if (offset < windowStart || offset + there > windowStart + windowLength) {
        windowStart = offset;
        windowLength = Math.min(WINDOW, length - offset);
        copyTo(window.subarray(0, windowLength), offset);
      }
      return window.subarray(offset - windowStart, offset - windowStart + there);
    },
    copyTo,
    float32(offset, count) {
      const numbers = new Float32Array(count);
      copyTo(new Uint8Array(numbers.buffer), offset);
      return numbers;
    },
    close: () => closeSync(file),
  };
}
