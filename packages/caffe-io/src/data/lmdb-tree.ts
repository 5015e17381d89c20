import { BRANCH_PAGE, LEAF_PAGE, PAGE_HEADER } from './lmdb-page-file.ts';
import type { LmdbPageFile } from './lmdb-page-file.ts';

/**
 * The tree of an LMDB's main database: nodes in pages, and all that can be checked of them. LMDB has no checksums, but much
 * of what it stores it stores twice, or could not have written otherwise.
 *
 *   node   value size u16 low, u16 high (leaf) or child page, 48 bit (branch) | flags u16 | key size u16 | key | value
 *
 * A value with flag BIGDATA is the number of the first of a run of overflow pages.
 */
const NODE_HEADER = 8;
const BIG_DATA = 0x01;
const SUB_DATA = 0x02;
const DUPLICATES = 0x04;

/** The leaves, from left to right. */
export interface LmdbLeaves {
  readonly leaves: readonly number[];
  /** Of each leaf, the number of records in the leaves before it. */
  readonly before: readonly number[];
  readonly records: number;
}

/** A record's place in its leaf. */
export interface LeafNode {
  /** Offsets in the page; the key ends where the value starts. */
  readonly key: number;
  readonly value: number;
  /** Bytes of the value, wherever it is kept. */
  readonly size: number;
  readonly overflowPage: number | undefined;
}

/** A page that waits to be visited. */
interface Waiting {
  readonly number: number;
  /** Levels that it has, itself among them: 1 for a leaf. */
  readonly levels: number;
  /** Its keys are not before this one, by the branch over it. */
  readonly from?: Uint8Array | undefined;
  /** And before this one. */
  readonly to?: Uint8Array | undefined;
}

/**
 * Visits all leaves and checks, beside each page and node: that no page has two uses; that the keys ascend, and are those
 * that the branches promise; that there are as many pages of each kind, and records, as the meta page says. No file, however
 * broken, makes it visit more pages than the file has.
 *
 * @throws DiagnosticsError with the page
 */
export function walkLeaves(pages: LmdbPageFile): LmdbLeaves {
  const { root, depth, entries, branchPages, leafPages } = pages.meta;
  const use = new PageUse(pages);
  const leaves: number[] = [];
  const before: number[] = [];
  let records = 0;
  let branches = 0;
  let last: Uint8Array | undefined;
  const waiting: Waiting[] = root === undefined ? [] : [{ number: root, levels: depth }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.levels < 1) throw pages.corrupt('its tree is deeper than its meta page says');
    use.take(next.number, 1);
    const page = pages.treePage(next.number, next.levels === 1 ? LEAF_PAGE : BRANCH_PAGE);
    const count = nodeCount(page);
    if (count === 0) throw pages.corrupt(`${pages.at(next.number)} is empty`);
    if (next.levels > 1) {
      branches++;
      waiting.push(...childrenOf(pages, page, count, next).reverse());
      continue;
    }
    const nodes = Array.from({ length: count }, (_, i) => readNode(pages, page, i));
    checkFilled(pages, page, nodes.map(leafNodeSize));
    for (const node of nodes) {
      const key = page.subarray(node.key, node.value);
      const isInside = (!next.from || !isBefore(key, next.from)) && (!next.to || isBefore(key, next.to));
      if (key.length === 0 || (pages.meta.isByBytes && !(isInside && (!last || isBefore(last, key))))) {
        throw pages.corrupt(`the keys of ${pages.at(next.number)} are not in order`);
      }
      last = key;
      if (node.overflowPage !== undefined) use.takeValue(node.overflowPage, node.size);
    }
    leaves.push(next.number);
    before.push(records);
    records += count;
  }
  if (records !== entries) throw pages.corrupt(`it has ${records} records, but its meta page says ${entries}`);
  if (branches !== branchPages || leaves.length !== leafPages) {
    const said = `${branchPages} and ${leafPages}`;
    throw pages.corrupt(
      `its tree has ${branches} branch and ${leaves.length} leaf pages, but its meta page says ${said}`,
    );
  }
  use.checkValues();
  return { leaves, before, records };
}

/** Which pages of the file the tree uses: each at most once. */
class PageUse {
  readonly #pages: LmdbPageFile;
  readonly #taken: Uint8Array;
  /** The values outside of leaves: their pages, and how many their sizes ask for. */
  readonly #values: { readonly page: number; readonly needed: number }[] = [];

  constructor(pages: LmdbPageFile) {
    this.#pages = pages;
    this.#taken = new Uint8Array(Math.ceil(pages.size / pages.meta.pageSize / 8));
  }

  take(first: number, count: number): void {
    const { meta } = this.#pages;
    if (first < 2 || first + count - 1 > meta.lastPage) {
      throw this.#pages.corrupt(`page ${first} of its tree lies outside of the pages 2 to ${meta.lastPage}`);
    }
    for (let page = first; page < first + count; page++) {
      const bit = 1 << (page & 7);
      if (this.#taken[page >> 3]! & bit) throw this.#pages.corrupt(`${this.#pages.at(page)} has two uses in its tree`);
      this.#taken[page >> 3]! |= bit;
    }
  }

  takeValue(page: number, size: number): void {
    const pages = this.#pages;
    if (!pages.contains(page, PAGE_HEADER + size)) throw pages.truncated(`overflow page ${page}`);
    const needed = pages.overflowPages(size);
    this.take(page, needed);
    this.#values.push({ page, needed });
  }

  /**
   * The meta page counts overflow pages too. A run is longer than its value where a shorter one was written over it; then
   * alone the runs themselves are looked at, all over the file.
   */
  checkValues(): void {
    const pages = this.#pages;
    const said = pages.meta.overflowPages;
    let found = this.#values.reduce((sum, { needed }) => sum + needed, 0);
    if (found < said) {
      for (const { page, needed } of this.#values) {
        const length = pages.overflowRun(page);
        this.take(page + needed, Math.max(0, length - needed));
        found += length - needed;
      }
    }
    if (found !== said) throw pages.corrupt(`its values have ${found} overflow pages, but its meta page says ${said}`);
  }
}

const isBefore = (key: Uint8Array, other: Uint8Array): boolean => Buffer.compare(key, other) < 0;

/** Nodes start at even offsets. */
const even = (size: number): number => size + (size & 1);

const leafNodeSize = ({ key, value, size, overflowPage }: LeafNode): number =>
  even(NODE_HEADER + value - key + (overflowPage === undefined ? size : 8));

/** LMDB leaves no gaps between nodes. */
function checkFilled(pages: LmdbPageFile, page: Buffer, sizes: readonly number[]): void {
  const used = page.length - page.readUInt16LE(14);
  if (sizes.reduce((sum, size) => sum + size, 0) === used) return;
  throw pages.corrupt(
    `the nodes of ${pages.at(Number(page.readBigUInt64LE(0)))} do not fill its ${used} bytes of nodes`,
  );
}

function childrenOf(pages: LmdbPageFile, page: Buffer, count: number, { levels, from, to }: Waiting): Waiting[] {
  const nodes = Array.from({ length: count }, (_, i) => {
    const offset = nodeOffset(pages, page, i);
    const start = offset + NODE_HEADER;
    const key = page.subarray(start, start + page.readUInt16LE(offset + 6));
    return { number: page.readUInt32LE(offset) + page.readUInt16LE(offset + 4) * 0x1_0000_0000, key };
  });
  checkFilled(
    pages,
    page,
    nodes.map(({ key }) => even(NODE_HEADER + key.length)),
  );
  // The first key of a branch page means nothing: it may be any.
  return nodes.map(({ number, key }, i) => ({
    number,
    levels: levels - 1,
    from: i === 0 ? from : key,
    to: nodes[i + 1]?.key ?? to,
  }));
}

export function nodeCount(page: Buffer): number {
  return (page.readUInt16LE(12) - PAGE_HEADER) / 2;
}

/** Offset of a node, whose header and key are known to lie in the page. */
function nodeOffset(pages: LmdbPageFile, page: Buffer, index: number): number {
  const offset = page.readUInt16LE(PAGE_HEADER + 2 * index);
  const inside = offset >= page.readUInt16LE(14) && offset + NODE_HEADER <= page.length;
  if (!inside || offset + NODE_HEADER + page.readUInt16LE(offset + 6) > page.length) {
    throw pages.corrupt(`node ${index} of ${pages.at(Number(page.readBigUInt64LE(0)))} lies outside of the page`);
  }
  return offset;
}

/** @throws DiagnosticsError where it does not lie in the page, or is of a kind that Caffe does not write */
export function readNode(pages: LmdbPageFile, page: Buffer, index: number): LeafNode {
  const offset = nodeOffset(pages, page, index);
  const flags = page.readUInt16LE(offset + 4);
  const key = offset + NODE_HEADER;
  const value = key + page.readUInt16LE(offset + 6);
  const size = page.readUInt16LE(offset) + page.readUInt16LE(offset + 2) * 0x10000;
  const isBig = (flags & BIG_DATA) !== 0;
  const where = () => `node ${index} of ${pages.at(Number(page.readBigUInt64LE(0)))}`;
  if (value + (isBig ? 8 : size) > page.length) throw pages.corrupt(`the value of ${where()} lies outside of the page`);
  if ((flags & (SUB_DATA | DUPLICATES)) !== 0) {
    throw pages.unsupported('the LMDB holds named sub-databases; Caffe data sets do not');
  }
  if (flags > BIG_DATA) throw pages.corrupt(`${where()} has the flags ${flags}`);
  return { key, value, size, overflowPage: isBig ? Number(page.readBigUInt64LE(value)) : undefined };
}
