import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { dataError, unreadable } from './data-error.ts';
import { readGitLfsPointer } from './git-lfs-pointer.ts';

/**
 * The pages of an LMDB file, read on demand. Layout of LMDB 0.9 (`mdb.c` of OpenLDAP's LMDB: MDB_page, MDB_meta,
 * MDB_db) as a 64-bit little-endian machine writes it:
 *
 *   page   pgno u64 | pad u16 | flags u16 | lower u16, upper u16 (or, in a run of overflow pages, its length u32)
 *   meta   page header | magic u32 | version u32 | address u64 | map size u64 | free DB | main DB | last page u64 | txn u64
 *   DB     page size (free DB only) u32 | flags u16 | depth u16 | branch, leaf, overflow pages u64 | entries u64 | root u64
 *
 * Pages 0 and 1 are metas, written in turn; the one of the later transaction counts.
 */
export const PAGE_HEADER = 16;
export const BRANCH_PAGE = 0x01;
export const LEAF_PAGE = 0x02;
export const OVERFLOW_PAGE = 0x04;
const META_PAGE = 0x08;
/** Flags that a page's kind is told by: branch, leaf, overflow, meta, LEAF2 and sub-page. */
const KIND_MASK = 0x6f;

const MAGIC = 0xbeefc0de;
const META_END = PAGE_HEADER + 136;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;
/** DUPSORT, DUPFIXED, INTEGERDUP, REVERSEDUP. */
const DUPLICATES_MASK = 0x74;
/** REVERSEKEY, INTEGERKEY. */
const ORDER_MASK = 0x0a;
/** How deep LMDB itself lets a cursor go (CURSOR_STACK). */
const MAX_DEPTH = 32;
const CACHED_PAGES = 64;

/** What the newest meta page says of the main database. */
export interface LmdbMeta {
  readonly pageSize: number;
  readonly entries: number;
  readonly branchPages: number;
  readonly leafPages: number;
  /** Of values that are not in leaves. */
  readonly overflowPages: number;
  /** The last page that has ever been used. */
  readonly lastPage: number;
  /** Keys are in the order of their bytes, not in one of LMDB's others. */
  readonly isByBytes: boolean;
  /** Levels of the tree; 0 where it is empty. */
  readonly depth: number;
  /** `undefined` where the database is empty. */
  readonly root: number | undefined;
  readonly transaction: number;
}

/** An open LMDB file: its meta data and its pages. Nothing is ever written, and no lock file is made. */
export class LmdbPageFile {
  readonly file: string;
  readonly size: number;
  readonly meta: LmdbMeta;
  readonly #fd: number;
  readonly #cache = new Map<number, Buffer>();
  #closed = false;

  /** @throws DiagnosticsError where the file is missing or no LMDB environment that can be read here */
  constructor(file: string) {
    this.file = file;
    this.#fd = openForReading(file);
    try {
      const stat = fstatSync(this.#fd);
      if (!stat.isFile()) throw dataError('data-unreadable', file, 'is not a file');
      this.size = stat.size;
      this.meta = this.#readMetas();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** A branch or leaf page, header checked, the bytes between header and `lower` a whole number of offsets. */
  treePage(number: number, kind: typeof BRANCH_PAGE | typeof LEAF_PAGE | undefined): Buffer {
    const cached = this.#cache.get(number);
    const page = cached ?? this.#read(number * this.meta.pageSize, this.meta.pageSize, `page ${number}`);
    if (cached === undefined) this.#checkTreePage(page, number);
    const found = page.readUInt16LE(10) & KIND_MASK;
    if (kind !== undefined && found !== kind) {
      throw this.corrupt(`${this.at(number)} should be a ${kind === LEAF_PAGE ? 'leaf' : 'branch'} page`);
    }
    this.#remember(number, page);
    return page;
  }

  /** The value of `size` bytes that a run of overflow pages holds. */
  overflowValue(number: number, size: number): Buffer {
    const run = this.#read(number * this.meta.pageSize, PAGE_HEADER + size, `overflow page ${number}`);
    if (this.#runLength(run, number) < this.overflowPages(size)) {
      throw this.corrupt(`overflow ${this.at(number)} is shorter than its value`);
    }
    return run.subarray(PAGE_HEADER);
  }

  /** How many pages the run that starts at one says it has. */
  overflowRun(number: number): number {
    return this.#runLength(this.#read(number * this.meta.pageSize, PAGE_HEADER, `overflow page ${number}`), number);
  }

  /** How many overflow pages a value takes. */
  overflowPages(size: number): number {
    return Math.ceil((PAGE_HEADER + size) / this.meta.pageSize);
  }

  /** A page, for messages. */
  at(number: number): string {
    return `page ${number} (byte ${number * this.meta.pageSize})`;
  }

  /** Whether `size` bytes at a page's start lie inside the file. */
  contains(number: number, size: number): boolean {
    return number * this.meta.pageSize + size <= this.size;
  }

  corrupt(what: string) {
    return dataError(
      'lmdb-corrupt',
      this.file,
      `the LMDB is corrupt: ${what}`,
      'copy the file again from where it is whole, or make the LMDB again from the images (convert_imageset)',
    );
  }

  unsupported(what: string) {
    return dataError('lmdb-format', this.file, what);
  }

  truncated(what: string) {
    return dataError(
      'lmdb-truncated',
      this.file,
      `the LMDB is truncated: ${what} lies beyond the end of the file (${this.size} bytes)`,
      'copy the file again; it must be copied whole',
    );
  }

  close(): void {
    if (!this.#closed) closeSync(this.#fd);
    this.#closed = true;
    this.#cache.clear();
  }

  #readMetas(): LmdbMeta {
    const head = Buffer.alloc(Math.min(META_END, this.size));
    readFully(this.file, this.#fd, head, 0);
    checkFormat(this.file, head);
    const first = this.#parseMeta(head, 0);
    if (this.size < first.pageSize + META_END) throw this.truncated('the second meta page');
    const second = this.#parseMeta(this.#read(first.pageSize, META_END, 'the second meta page'), 1);
    if (second.pageSize !== first.pageSize) throw this.corrupt('its two meta pages give different page sizes');
    const meta = second.transaction > first.transaction ? second : first;
    // Written in turn, one by each transaction; both are 0, and empty, where there was none.
    const [even, odd] = [first.transaction, second.transaction];
    const inTurn = even % 2 === 0 && odd % 2 === 1 && Math.abs(even - odd) === 1;
    const isNew = even === 0 && odd === 0 && first.root === undefined && second.root === undefined;
    if (!inTurn && !isNew) {
      throw this.corrupt(
        `its two meta pages are of the transactions ${even} and ${odd}, which do not follow each other`,
      );
    }
    if ((meta.root === undefined) !== (meta.entries === 0) || meta.depth > MAX_DEPTH) {
      throw this.corrupt('its meta page contradicts itself');
    }
    return meta;
  }

  #parseMeta(page: Buffer, number: number): LmdbMeta {
    const bad = (page.readUInt16LE(10) & KIND_MASK) !== META_PAGE || pageNumber(page) !== number;
    if (bad || page.readUInt32LE(16) !== MAGIC) throw this.corrupt(`page ${number} is not a meta page`);
    const pageSize = page.readUInt32LE(40);
    if (pageSize < 256 || pageSize > 0x8000 || (pageSize & (pageSize - 1)) !== 0) {
      throw this.corrupt(`its page size is given as ${pageSize} bytes`);
    }
    const flags = page.readUInt16LE(92);
    if ((flags & DUPLICATES_MASK) !== 0) {
      throw this.unsupported('the LMDB keeps several values under one key (DUPSORT); Caffe data sets do not');
    }
    const root = page.readBigUInt64LE(128);
    return {
      pageSize,
      depth: page.readUInt16LE(94),
      entries: Number(page.readBigUInt64LE(120)),
      branchPages: Number(page.readBigUInt64LE(96)),
      leafPages: Number(page.readBigUInt64LE(104)),
      overflowPages: Number(page.readBigUInt64LE(112)),
      lastPage: Number(page.readBigUInt64LE(136)),
      isByBytes: (flags & ORDER_MASK) === 0,
      root: root === NO_PAGE ? undefined : Number(root),
      transaction: Number(page.readBigUInt64LE(144)),
    };
  }

  #checkTreePage(page: Buffer, number: number): void {
    const kind = page.readUInt16LE(10) & KIND_MASK;
    const lower = page.readUInt16LE(12);
    const upper = page.readUInt16LE(14);
    if (pageNumber(page) !== number || (kind !== BRANCH_PAGE && kind !== LEAF_PAGE)) {
      throw this.corrupt(`${this.at(number)} is not a branch or leaf page`);
    }
    if (lower < PAGE_HEADER || lower % 2 !== 0 || upper < lower || upper > page.length) {
      throw this.corrupt(`${this.at(number)} has an impossible header`);
    }
  }

  #runLength(head: Buffer, number: number): number {
    if (pageNumber(head) !== number || (head.readUInt16LE(10) & KIND_MASK) !== OVERFLOW_PAGE) {
      throw this.corrupt(`${this.at(number)} should be an overflow page`);
    }
    return head.readUInt32LE(12);
  }

  #read(position: number, size: number, what: string): Buffer {
    if (this.#closed) throw new Error(`${this.file} has been closed`);
    if (!(position + size <= this.size)) throw this.truncated(what);
    // Not from Node's shared pool: views of it are handed out and kept.
    const buffer = Buffer.allocUnsafeSlow(size);
    if (readFully(this.file, this.#fd, buffer, position) < size) throw this.truncated(what);
    return buffer;
  }

  #remember(number: number, page: Buffer): void {
    this.#cache.delete(number);
    this.#cache.set(number, page);
    if (this.#cache.size <= CACHED_PAGES) return;
    for (const oldest of this.#cache.keys()) {
      this.#cache.delete(oldest);
      return;
    }
  }
}

/** A page number beyond 2^53 is not a page of a file; it comes back as a number too large to be inside one. */
function pageNumber(page: Buffer): number {
  return Number(page.readBigUInt64LE(0));
}

function openForReading(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function readFully(file: string, fd: number, buffer: Buffer, position: number): number {
  let done = 0;
  try {
    while (done < buffer.length) {
      const count = readSync(fd, buffer, done, buffer.length - done, position + done);
      if (count === 0) break;
      done += count;
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  return done;
}

/** Tells what is not an LMDB environment of this kind, by name where it is a near relation. */
function checkFormat(file: string, head: Buffer): void {
  if (readGitLfsPointer(head) !== undefined) {
    throw dataError('git-lfs-pointer', file, 'is a Git LFS pointer, not the data itself', 'run `git lfs pull`');
  }
  const magicAt = (offset: number, bigEndian = false) =>
    head.length >= offset + 4 && (bigEndian ? head.readUInt32BE(offset) : head.readUInt32LE(offset)) === MAGIC;
  const rewrite =
    'write it again with a 64-bit little-endian LMDB 0.9, or dump it there with mdb_dump and load it with mdb_load';
  if (magicAt(16, true) || magicAt(12, true)) {
    throw dataError('lmdb-format', file, 'the LMDB was written by a big-endian machine', rewrite);
  }
  if (magicAt(12) && !magicAt(16)) {
    throw dataError('lmdb-format', file, 'the LMDB was written by a 32-bit program', rewrite);
  }
  if (!magicAt(16)) throw dataError('lmdb-format', file, 'is not an LMDB data file');
  if (head.length < META_END)
    throw dataError('lmdb-truncated', file, `the LMDB is truncated: it has ${head.length} bytes`);
  const version = head.readUInt32LE(20);
  if (version !== 1) {
    throw dataError(
      'lmdb-format',
      file,
      `the LMDB has data version ${version}; only version 1 (LMDB 0.9) can be read`,
      rewrite,
    );
  }
}
