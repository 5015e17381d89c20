import { statSync } from 'node:fs';
import { join } from 'node:path';
import { BRANCH_PAGE, LEAF_PAGE, LmdbPageFile, PAGE_HEADER } from './lmdb-page-file.ts';

/**
 * Read-only access to an LMDB by record number, in key order.
 *
 * Opening walks the tree once and keeps, for each leaf page, its number and the records before it; a record is
 * then one binary search and one or two reads away. All nodes are checked during that walk.
 *
 *   node   value size u16 low, u16 high (leaf) or child page, 48 bit (branch) | flags u16 | key size u16 | key | value
 *
 * A value with flag BIGDATA is the number of the first of a run of overflow pages.
 */
const NODE_HEADER = 8;
const BIG_DATA = 0x01;
const SUB_DATA = 0x02;
const DUPLICATES = 0x04;

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

/** The number of records by the LMDB's meta page, without a look at the tree. */
export function countLmdbRecords(source: string): number {
  const pages = new LmdbPageFile(lmdbDataFile(source));
  pages.close();
  return pages.meta.entries;
}

/** Visits the leaves from left to right. No file, however broken, makes it visit more pages than the file has. */
function walkLeaves(pages: LmdbPageFile): { leaves: number[]; before: number[]; records: number } {
  const { root, depth, entries, pageSize } = pages.meta;
  const leaves: number[] = [];
  const before: number[] = [];
  let records = 0;
  let pagesLeft = Math.floor(pages.size / pageSize);
  // Levels still under each page waiting to be visited: 1 for a leaf.
  const waiting: { number: number; levels: number }[] = root === undefined ? [] : [{ number: root, levels: depth }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (pagesLeft-- <= 0) throw pages.corrupt('its tree has more pages than the file');
    if (next.levels < 1) throw pages.corrupt('its tree is deeper than its meta page says');
    const page = pages.treePage(next.number, next.levels === 1 ? LEAF_PAGE : BRANCH_PAGE);
    const count = nodeCount(page);
    if (count === 0) throw pages.corrupt(`page ${next.number} is empty`);
    if (next.levels > 1) {
      const levels = next.levels - 1;
      for (let i = count - 1; i >= 0; i--) waiting.push({ number: readChild(pages, page, i), levels });
    } else {
      for (let i = 0; i < count; i++) checkValue(pages, readNode(pages, page, i));
      leaves.push(next.number);
      before.push(records);
      records += count;
    }
  }
  if (records !== entries) throw pages.corrupt(`it has ${records} records, but its meta page says ${entries}`);
  return { leaves, before, records };
}

interface LeafNode {
  /** Offsets in the page; the key ends where the value starts. */
  readonly key: number;
  readonly value: number;
  /** Bytes of the value, wherever it is kept. */
  readonly size: number;
  readonly overflowPage: number | undefined;
  readonly flags: number;
}

function nodeCount(page: Buffer): number {
  return (page.readUInt16LE(12) - PAGE_HEADER) / 2;
}

/** Offset of a node, whose header and key are known to lie in the page. */
function nodeOffset(pages: LmdbPageFile, page: Buffer, index: number): number {
  const offset = page.readUInt16LE(PAGE_HEADER + 2 * index);
  const inside = offset >= page.readUInt16LE(14) && offset + NODE_HEADER <= page.length;
  if (!inside || offset + NODE_HEADER + page.readUInt16LE(offset + 6) > page.length) {
    throw pages.corrupt(`node ${index} of page ${page.readBigUInt64LE(0)} lies outside of the page`);
  }
  return offset;
}

function readNode(pages: LmdbPageFile, page: Buffer, index: number): LeafNode {
  const offset = nodeOffset(pages, page, index);
  const flags = page.readUInt16LE(offset + 4);
  const key = offset + NODE_HEADER;
  const value = key + page.readUInt16LE(offset + 6);
  const size = page.readUInt16LE(offset) + page.readUInt16LE(offset + 2) * 0x10000;
  const isBig = (flags & BIG_DATA) !== 0;
  if (value + (isBig ? 8 : size) > page.length) {
    throw pages.corrupt(`the value of node ${index} of page ${page.readBigUInt64LE(0)} lies outside of the page`);
  }
  return { key, value, size, flags, overflowPage: isBig ? Number(page.readBigUInt64LE(value)) : undefined };
}

function readChild(pages: LmdbPageFile, page: Buffer, index: number): number {
  const offset = nodeOffset(pages, page, index);
  return page.readUInt32LE(offset) + page.readUInt16LE(offset + 4) * 0x1_0000_0000;
}

function checkValue(pages: LmdbPageFile, node: LeafNode): void {
  if ((node.flags & (SUB_DATA | DUPLICATES)) !== 0) {
    throw pages.unsupported('the LMDB holds named sub-databases; Caffe data sets do not');
  }
  if (node.overflowPage !== undefined && !pages.contains(node.overflowPage, PAGE_HEADER + node.size)) {
    throw pages.truncated(`overflow page ${node.overflowPage}`);
  }
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
