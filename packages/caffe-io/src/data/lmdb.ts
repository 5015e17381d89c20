import { statSync } from 'node:fs';
import { join } from 'node:path';
import { LEAF_PAGE, LmdbPageFile } from './lmdb-page-file.ts';
import { readNode, walkLeaves } from './lmdb-tree.ts';

/**
 * Read-only access to an LMDB by record number, in key order.
 *
 * Opening walks the tree once, checks it, and keeps, for each leaf page, its number and the records before it; a record is
 * then one binary search and one or two reads away.
 */

/** One record. Both are views of pages as read; the bytes do not change later. */
export interface LmdbRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** An open LMDB whose whole tree has been checked. */
export class LmdbReader {
  /** The data file, `data.mdb` in the folder that was given. */
  readonly file: string;
  readonly recordCount: number;
  readonly #pages: LmdbPageFile;
  readonly #leaves: readonly number[];
  /** Of each leaf, the number of records in the leaves before it. */
  readonly #before: readonly number[];

  /**
   * @param source the folder of an LMDB environment, or its data file
   * @throws DiagnosticsError where it is missing, truncated, corrupt, or of a kind that Caffe does not write
   */
  constructor(source: string) {
    this.file = lmdbDataFile(source);
    this.#pages = new LmdbPageFile(this.file);
    try {
      const { leaves, before, records } = walkLeaves(this.#pages);
      this.#leaves = leaves;
      this.#before = before;
      this.recordCount = records;
    } catch (error) {
      this.#pages.close();
      throw error;
    }
  }

  /** @param ordinal position in key order, 0 to `recordCount` - 1 */
  record(ordinal: number): LmdbRecord {
    if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal >= this.recordCount) {
      throw new RangeError(`record ${ordinal} of ${this.recordCount}`);
    }
    const leaf = lastNotAfter(this.#before, ordinal);
    const page = this.#pages.treePage(this.#leaves[leaf]!, LEAF_PAGE);
    const node = readNode(this.#pages, page, ordinal - this.#before[leaf]!);
    const key = page.subarray(node.key, node.value);
    if (node.overflowPage !== undefined) {
      return { key, value: this.#pages.overflowValue(node.overflowPage, node.size) };
    }
    return { key, value: page.subarray(node.value, node.value + node.size) };
  }

  close(): void {
    this.#pages.close();
  }
}

/** The data file of an LMDB given as folder or as file; the file need not exist. */
export function lmdbDataFile(source: string): string {
  try {
    return statSync(source).isDirectory() ? join(source, 'data.mdb') : source;
  } catch {
    return source;
  }
}

/**
 * Checks all that can be checked of an LMDB: LMDB has no checksums, so what its values hold is not among it.
 *
 * @throws DiagnosticsError with the page that is damaged
 */
export function checkLmdb(source: string): void {
  new LmdbReader(source).close();
}

/** The number of records by the LMDB's meta page, without a look at the tree. */
export function countLmdbRecords(source: string): number {
  const pages = new LmdbPageFile(lmdbDataFile(source));
  pages.close();
  return pages.meta.entries;
}

/** Index of the last of ascending `values` that is not greater than `value`. */
function lastNotAfter(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (values[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
